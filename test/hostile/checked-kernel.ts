import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtFile } from '../../src/engine/built-file.js';
import type { KernelExports } from '../../src/engine/kernel-module.js';
import {
  ADMISSION_CAPTURES,
  ADMISSION_LINKS,
  ADMISSION_PROGRAMS,
  ADMISSION_PROGRAM_COUNT,
  ADMISSION_SIZE,
  BATCH_BYTES,
  BATCH_CLOCK,
  BATCH_FRAMES,
  BATCH_SIZE,
  BATCH_TABLE,
  CAPTURE_SIZE,
  CARD_SIZE,
  FILTER_INSTRUCTION_SIZE,
  FILTER_SCRATCH_SIZE,
  FRAME_AT,
  FRAME_CAPTURED,
  FRAME_LINK_TYPE,
  FRAME_SIZE,
  FRAME_TIME,
  FRAME_WIRE,
  LINK_TALLY_SIZE,
  LINK_TYPES,
  LINK_UNTIMED,
  PHASE_IMAGE,
  PHASE_SIZE,
  PRIVATE_SIZE,
  PROGRAM_AT,
  PROGRAM_INSTRUCTIONS,
  PROGRAM_LINK_TYPE,
  PROGRAM_SIZE,
  RECORD_HEADER,
  ROW_SIZE,
  SETTINGS_CAPTURES,
  SETTINGS_CAPTURE_COUNT,
  SETTINGS_PHASES,
  SETTINGS_PHASE_COUNT,
  SETTINGS_SIZE,
  SETTINGS_VNIS,
  SETTINGS_VNI_COUNT,
  TRACE_SIZE,
  VERDICT_SIZE,
  VNI_SIZE,
  WALK_INTERFACES,
  WALK_INTERFACE_COUNT,
  WALK_SIZE,
} from '../../src/kernel/layout.js';
import type { Arena } from './arena.js';
import type { Coverage } from './coverage.js';
import { type Permissions, READ, WRITE, createPermissions } from './permissions.js';

/** A kernel that throws at every access to memory that is not its own, and at calls that do too much. */
export interface CheckedKernel {
  readonly kernel: KernelExports;
  /** The same, but for its calls nothing is granted. */
  readonly bare: KernelExports;
  readonly permissions: Permissions;
  /** Of a rule image or counters at an address: nothing in them tells it. */
  tellSize(at: number, size: number): void;
  /** Room that frames may be moved to, beside the batch at an address. */
  readonly tellRoom: (batch: number, room: MoveRoom) => void;
  /** Begins anew, with an arena that was reset. */
  reset(captures: number): void;
}

export interface MoveRoom {
  readonly records: number;
  readonly recordsSize: number;
  readonly framesMax: number;
}

/** Accesses that any call may take, and those for each byte or frame it is about; judging may rebuild its tables. */
const STEPS = 50_000;
const STEPS_PER_BYTE = 16;
const STEPS_PER_FRAME = 1000;
const STEPS_TO_JUDGE = 4_000_000;

export function createCheckedKernel(
  module: WebAssembly.Module,
  { whole, size, growZeroed }: Arena,
  scratch: number,
  coverage: Coverage,
): CheckedKernel {
  const permissions = createPermissions(size);
  const sizes = new Map<number, number>();
  const rooms = new Map<number, MoveRoom>();
  let captures = 0;
  let steps = 0;
  const access = (bits: number) => {
    const { check } = permissions;
    const { visit } = coverage;
    return (place: number, bytes: number, offset: number, address: number): number => {
      if (--steps < 0) throw new Error(`access ${place}: the call does not come to an end`);
      visit(place);
      check((address >>> 0) + (offset >>> 0), bytes, bits, place);
      return address;
    };
  };
  const instance = new WebAssembly.Instance(module, {
    env: {
      memory: whole,
      load_ptr: access(READ),
      store_ptr: access(WRITE),
      check_copy: (to: number, from: number, bytes: number): void => {
        permissions.check(from >>> 0, bytes >>> 0, READ, -1);
        permissions.check(to >>> 0, bytes >>> 0, WRITE, -1);
      },
      check_fill: (to: number, bytes: number): void =>
        permissions.check(to >>> 0, bytes >>> 0, WRITE, -1),
      grow: (pages: number): number => {
        const page = growZeroed(pages);
        permissions.keep(page * 65_536, pages * 65_536, READ | WRITE);
        return page;
      },
      memory_grow_pre: unexpected,
      memory_grow_post: unexpected,
    },
  });
  const raw = instance.exports as unknown as KernelExports;
  const view = new DataView(whole.buffer, 0, size);
  const word = (at: number): number => view.getUint32(at, true);
  const { grant, keep, revoke } = permissions;
  const run = <Result>(most: number, call: () => Result): Result => {
    steps = most;
    const result = call();
    revoke();
    return result;
  };

  const keepDecode = (settings: number): void => {
    keep(settings, SETTINGS_SIZE, READ);
    keep(word(settings + SETTINGS_VNIS), word(settings + SETTINGS_VNI_COUNT) * VNI_SIZE, READ);
  };
  const grantBatch = (batch: number): { table: number; frames: number } => {
    const [table, frames] = [word(batch + BATCH_TABLE), word(batch + BATCH_FRAMES)];
    grant(batch, BATCH_SIZE, READ | WRITE);
    grant(table, frames * FRAME_SIZE, READ | WRITE);
    return { table, frames };
  };
  /** The only frame that may be looked at. */
  const grantFrame = (frame: number): void =>
    grant(word(frame + FRAME_AT), word(frame + FRAME_CAPTURED), READ);

  const kernel: KernelExports = {
    ...raw,
    setup: (settings, counters, table) => {
      keepDecode(settings);
      const phases = word(settings + SETTINGS_PHASES);
      const count = word(settings + SETTINGS_PHASE_COUNT);
      keep(phases, count * PHASE_SIZE, READ);
      for (let i = 0; i < count; i++) {
        const image = word(phases + i * PHASE_SIZE + PHASE_IMAGE);
        keep(image, sizes.get(image)!, READ);
      }
      const merged = word(settings + SETTINGS_CAPTURE_COUNT);
      keep(word(settings + SETTINGS_CAPTURES), merged * CAPTURE_SIZE, READ);
      keep(counters, sizes.get(counters)!, READ | WRITE);
      keep(table, PRIVATE_SIZE, READ | WRITE);
      return run(STEPS, () => raw.setup(settings, counters, table));
    },
    setupDecode: (settings) => {
      keepDecode(settings);
      run(STEPS, () => raw.setupDecode(settings));
    },
    walk: (walk, batch, from, to, framesMax) => {
      grant(walk, WALK_SIZE, READ | WRITE);
      const cards = word(walk + WALK_INTERFACE_COUNT);
      grant(word(walk + WALK_INTERFACES), cards * CARD_SIZE, READ);
      grant(batch, BATCH_SIZE, READ | WRITE);
      const frames = Math.min(framesMax, Math.floor((to - from) / RECORD_HEADER));
      grant(word(batch + BATCH_TABLE), frames * FRAME_SIZE, READ | WRITE);
      grant(from, to - from, READ);
      const most = STEPS + (to - from) * STEPS_PER_BYTE;
      const why = run(most, () => raw.walk(walk, batch, from, to, framesMax));
      checkFrames(batch, from, to);
      return why;
    },
    admit: (admission, batch) => {
      const programs = word(admission + ADMISSION_PROGRAMS);
      const count = word(admission + ADMISSION_PROGRAM_COUNT);
      const { table, frames } = grantBatch(batch);
      revoke();
      for (let i = 0; i < frames; i++) filterAlone(table + i * FRAME_SIZE, programs, count);
      grantBatch(batch);
      for (let i = 0; i < frames; i++) grantFrame(table + i * FRAME_SIZE);
      grant(admission, ADMISSION_SIZE, READ | WRITE);
      grant(word(admission + ADMISSION_CAPTURES), captures * CAPTURE_SIZE, READ | WRITE);
      grant(word(admission + ADMISSION_LINKS), LINK_TYPES * LINK_TALLY_SIZE, READ | WRITE);
      grant(programs, count * PROGRAM_SIZE, READ);
      for (let i = 0; i < count; i++) grantProgram(programs + i * PROGRAM_SIZE);
      run(STEPS + frames * STEPS_PER_FRAME * 10, () => raw.admit(admission, batch));
    },
    moveFrame: (batch, frame, to) => {
      const { records, recordsSize, framesMax } = rooms.get(batch)!;
      grant(batch, BATCH_SIZE, READ | WRITE);
      const moved = word(batch + BATCH_FRAMES);
      if (moved === framesMax) throw new Error('more frames are moved than there is room for');
      grant(word(batch + BATCH_TABLE) + moved * FRAME_SIZE, FRAME_SIZE, READ | WRITE);
      const size = word(frame + FRAME_CAPTURED);
      if (to < records || to + size > records + recordsSize) {
        throw new Error('a frame is moved to where there is no room');
      }
      grant(to, size, WRITE);
      grant(frame, FRAME_SIZE, READ);
      grantFrame(frame);
      return run(STEPS, () => raw.moveFrame(batch, frame, to));
    },
    readsLink: (row, linkType) => {
      grant(row, ROW_SIZE, READ | WRITE);
      return run(STEPS, () => raw.readsLink(row, linkType));
    },
    // One frame at a time, so that it cannot look at its neighbours.
    decode: (batch, rows) => {
      const [table, frames] = [word(batch + BATCH_TABLE), word(batch + BATCH_FRAMES)];
      let clock = view.getBigInt64(batch + BATCH_CLOCK, true);
      for (let i = 0; i < frames; i++) {
        const frame = table + i * FRAME_SIZE;
        view.setUint32(scratch + BATCH_TABLE, frame, true);
        view.setUint32(scratch + BATCH_FRAMES, 1, true);
        view.setBigInt64(scratch + BATCH_CLOCK, clock, true);
        grant(scratch, BATCH_SIZE, READ);
        grant(frame, FRAME_SIZE, READ);
        grantFrame(frame);
        grant(rows + i * ROW_SIZE, ROW_SIZE, READ | WRITE);
        const most = STEPS + word(frame + FRAME_CAPTURED) * STEPS_PER_BYTE;
        run(most, () => raw.decode(scratch, rows + i * ROW_SIZE));
        const time = view.getBigInt64(frame + FRAME_TIME, true);
        if (time > clock) clock = time;
      }
    },
    mark: (admission, frames, count, marks) => {
      const programs = word(admission + ADMISSION_PROGRAMS);
      grant(admission, ADMISSION_SIZE, READ | WRITE);
      grant(frames, count * FRAME_SIZE, READ);
      for (let i = 0; i < count; i++) grantFrame(frames + i * FRAME_SIZE);
      const programCount = word(admission + ADMISSION_PROGRAM_COUNT);
      grant(programs, programCount * PROGRAM_SIZE, READ);
      for (let i = 0; i < programCount; i++) grantProgram(programs + i * PROGRAM_SIZE);
      grant(marks, count, WRITE);
      const most = STEPS + count * STEPS_PER_FRAME * 10;
      run(most, () => raw.mark(admission, frames, count, marks));
    },
    judge: (rows, verdicts, count, frames, order, traces) => {
      grant(rows, count * ROW_SIZE, READ);
      grant(verdicts, count * VERDICT_SIZE, READ | WRITE);
      grant(frames, count * FRAME_SIZE, READ);
      if (traces !== 0) grant(traces, count * TRACE_SIZE, WRITE);
      const most = STEPS_TO_JUDGE + count * STEPS_PER_FRAME;
      return run(most, () => raw.judge(rows, verdicts, count, frames, order, traces));
    },
  };

  /** What lies outside of the bytes that were walked is no frame, whatever the walk says. */
  const checkFrames = (batch: number, from: number, to: number): void => {
    const [table, frames] = [word(batch + BATCH_TABLE), word(batch + BATCH_FRAMES)];
    for (let frame = table; frame < table + frames * FRAME_SIZE; frame += FRAME_SIZE) {
      const [at, captured] = [word(frame + FRAME_AT), word(frame + FRAME_CAPTURED)];
      if (at < from || at + captured > to) throw new Error('a frame reaches out of its bytes');
    }
    if (from + word(batch + BATCH_BYTES) > to) throw new Error('a walk went too far');
  };
  const grantProgram = (program: number): void => {
    const bytes = word(program + PROGRAM_INSTRUCTIONS) * FILTER_INSTRUCTION_SIZE;
    grant(word(program + PROGRAM_AT), bytes, READ);
    if (bytes > 0) grant(word(program + PROGRAM_AT) + bytes, FILTER_SCRATCH_SIZE, READ | WRITE);
  };
  const filterAlone = (frame: number, programs: number, count: number): void => {
    const linkType = view.getUint16(frame + FRAME_LINK_TYPE, true) & ~LINK_UNTIMED;
    for (let program = programs; program < programs + count * PROGRAM_SIZE;) {
      const at = word(program + PROGRAM_AT);
      const instructions = word(program + PROGRAM_INSTRUCTIONS);
      if (word(program + PROGRAM_LINK_TYPE) === linkType && instructions > 0) {
        grantFrame(frame);
        grantProgram(program);
        const [bytes, length] = [word(frame + FRAME_AT), word(frame + FRAME_CAPTURED)];
        const most = STEPS + instructions * 4;
        run(most, () => raw.filter(at, instructions, bytes, length, word(frame + FRAME_WIRE)));
        return;
      }
      program += PROGRAM_SIZE;
    }
  };
  return {
    kernel,
    bare: raw,
    permissions,
    tellSize: (at, bytes) => void sizes.set(at, bytes),
    tellRoom: (batch, room) => void rooms.set(batch, room),
    reset: (count) => {
      captures = count;
      sizes.clear();
      rooms.clear();
      permissions.reset();
    },
  };
}

/** Makes it of the kernel that ships, unless that was done. */
export function compileCheckedKernel(): WebAssembly.Module {
  execFileSync(process.execPath, ['.ci/build.mjs', 'checked'], { stdio: 'inherit' });
  return new WebAssembly.Module(readFileSync(builtFile('kernel.checked.wasm')));
}

function unexpected(): never {
  throw new Error('the checked kernel grows memory by itself');
}
