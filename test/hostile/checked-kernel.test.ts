import { describe, expect, it } from 'vitest';
import { bytesAt, viewAt } from '../../src/engine/memory.js';
import {
  BATCH_FRAMES,
  BATCH_SIZE,
  BATCH_TABLE,
  FRAME_AT,
  FRAME_CAPTURED,
  FRAME_LINK_TYPE,
  FRAME_SIZE,
  FRAME_WIRE,
  ROW_CONTENT,
  ROW_SIZE,
  ROW_SOURCE_PORT,
} from '../../src/kernel/layout.js';
import { createArena } from './arena.js';
import { compileCheckedKernel, createCheckedKernel } from './checked-kernel.js';
import { createCoverage } from './coverage.js';
import { READ, WRITE } from './permissions.js';

// Ethernet, IPv4 and UDP up to the ports, which are the last bytes that are asked for: 38 in all.
const FRAME = Buffer.from(
  '0200000000020200000000010800' + '4500002000000000401100000a0000010a000002' + '1f900035',
  'hex',
);

const arena = createArena(16, 1);
const scratch = arena.size - 16 * 65_536;
const { kernel, bare, permissions, tellRoom } = createCheckedKernel(
  compileCheckedKernel(),
  arena,
  scratch,
  createCoverage(),
);
const { memory } = arena;
const page = memory.grow(1) * 65_536;
const batch = page;
const table = page + 1000;
const rows = page + 2000;
const bytes = page + 4000;

/** One frame in a batch, of which the kernel believes `captured` bytes to be there. */
function placeFrame(captured: number): void {
  permissions.reset();
  bytesAt(memory, bytes, FRAME.length).set(FRAME);
  const [ofBatch, ofFrame] = [viewAt(memory, batch, BATCH_SIZE), viewAt(memory, table, FRAME_SIZE)];
  ofBatch.setUint32(BATCH_TABLE, table, true);
  ofBatch.setUint32(BATCH_FRAMES, 1, true);
  ofFrame.setUint32(FRAME_AT, bytes, true);
  ofFrame.setUint32(FRAME_CAPTURED, captured, true);
  ofFrame.setUint32(FRAME_WIRE, 60, true);
  ofFrame.setUint16(FRAME_LINK_TYPE, 1, true);
}

function grantAllBut(missing: number): void {
  permissions.grant(batch, BATCH_SIZE, READ);
  permissions.grant(table, FRAME_SIZE, READ);
  permissions.grant(rows, ROW_SIZE, READ | WRITE);
  permissions.grant(bytes, FRAME.length - missing, READ);
}

describe('the kernel with checks', () => {
  it('decodes as ever where it stays inside', () => {
    placeFrame(FRAME.length);
    kernel.decode(batch, rows);
    const row = viewAt(memory, rows, ROW_SIZE);
    expect(row.getUint8(ROW_CONTENT)).toBe(0);
    expect(row.getUint16(ROW_SOURCE_PORT, true)).toBe(8080);
  });

  it('throws at one byte that is read behind a frame', () => {
    placeFrame(FRAME.length);
    grantAllBut(0);
    expect(() => bare.decode(batch, rows)).not.toThrow();
    placeFrame(FRAME.length);
    grantAllBut(1);
    expect(() => bare.decode(batch, rows)).toThrow(/are read, and byte 1 of them may not be/);
  });

  it('throws at what is written where nothing may be', () => {
    placeFrame(FRAME.length);
    grantAllBut(0);
    permissions.grant(rows, ROW_SIZE, READ);
    expect(() => bare.decode(batch, rows)).toThrow(/are written, and byte 0 of them may not be/);
  });

  it('throws at copies that begin or end outside', () => {
    for (const [room, words] of [
      [FRAME.length - 1, 'are written, and byte 37'],
      [FRAME.length, undefined],
    ] as const) {
      placeFrame(FRAME.length);
      viewAt(memory, batch, BATCH_SIZE).setUint32(BATCH_FRAMES, 0, true);
      grantAllBut(0);
      permissions.grant(batch, BATCH_SIZE, READ | WRITE);
      permissions.grant(table, FRAME_SIZE, READ | WRITE);
      permissions.grant(bytes + 500, room, READ | WRITE);
      const move = (): number => bare.moveFrame(batch, table, bytes + 500);
      if (words === undefined) expect(move()).toBe(bytes + 500 + FRAME.length);
      else expect(move).toThrow(words);
    }
  });

  it('throws where a frame is moved to a room that is full', () => {
    placeFrame(FRAME.length);
    tellRoom(batch, { records: bytes + 500, recordsSize: 1000, framesMax: 1 });
    expect(() => kernel.moveFrame(batch, table, bytes + 500)).toThrow('more frames');
  });

  it('throws when a call goes on and on', () => {
    placeFrame(FRAME.length);
    grantAllBut(0);
    // What a call may take is set by checked calls alone: these use it up together.
    expect(() => {
      for (;;) bare.decode(batch, rows);
    }).toThrow('does not come to an end');
  });
});
