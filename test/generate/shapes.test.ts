import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SHAPE_NAMES, writeShape } from '../../bench/shapes.js';
import { openCapture } from '../../src/capture/source.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { replay } from '../../src/replay/replay.js';
import { flowsOf, packetsOf, timelineOfYaml } from './generated-packets.js';

const folder = mkdtempSync(join(tmpdir(), 'sgsim-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A hundredth of each shape. */
const PACKETS = 50_000;
const FLOWS = { a: 1000, b: 10_000, c: 10 } as const;

describe.each(SHAPE_NAMES)('shape %s', (name) => {
  const { capture, vpc, expected } = writeShape(name, folder, PACKETS);
  const packets = packetsOf(readFileSync(capture));

  it('has as many packets and flows as it should, and the share of drops', () => {
    expect(Math.abs(packets.length - PACKETS)).toBeLessThan(10);
    expect(expected).toMatchObject({ packets: packets.length, flows: FLOWS[name] });
    expect(flowsOf(packets)).toHaveLength(FLOWS[name]);
    // Of ten flows in all, one may be a fifth.
    const off = Math.abs(expected.dropped.packets / packets.length - 0.38);
    expect(off).toBeLessThan(name === 'c' ? 0.2 : 0.005);
  });

  it('is judged as it must be', async () => {
    const timeline = timelineOfYaml(readFileSync(vpc, 'utf8'));
    expect(timeline.rules).toHaveLength(100);
    const { policy } = timeline.phases[0]!;
    expect([policy.interfaces.length, policy.sets.length]).toEqual([256, 8]);
    const { byVerdict, totals } = await replay(() => timeline, [openCapture(capture)], {
      tracking: DEFAULT_TRACKING,
      workers: 1,
    });
    expect(byVerdict.allow).toMatchObject(expected.allowed);
    expect(byVerdict.drop).toMatchObject(expected.dropped);
    expect(totals.bytes).toBe(expected.bytes);
  });
});

describe('the shapes differ in what makes them slow', () => {
  const lengths = (name: 'a' | 'b'): number[] => {
    const { capture } = writeShape(name, folder, PACKETS);
    const flows = flowsOf(packetsOf(readFileSync(capture)));
    return flows.map(({ length }) => length).sort((one, other) => one - other);
  };

  it('a: most flows are short, and a few are much longer', () => {
    const all = lengths('a');
    expect(all[500]).toBeLessThan(40);
    expect(all.at(-1)).toBeGreaterThan(400);
  });

  it('b: flows of 2 and 3 packets, 7 and 8', () => {
    const all = lengths('b');
    const usual = all.filter((length) => [2, 3, 7, 8].includes(length));
    expect(usual.length / all.length).toBeGreaterThan(0.99);
  });
});
