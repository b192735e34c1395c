// What a recorder sees hangs on the captures alone, and nobody pays for it who does not ask.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { readMemories } from '../../src/engine/memories.js';
import { createMemory, viewAt } from '../../src/engine/memory.js';
import { readPacket } from '../../src/engine/row-packet.js';
import { readVerdicts } from '../../src/engine/verdicts.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import {
  FRAME_NUMBER,
  FRAME_SIZE,
  ROW_CLOCK,
  ROW_SIZE,
  TRACE_SIZE,
  VERDICT_BEGINS,
  VERDICT_SIZE,
} from '../../src/kernel/layout.js';
import type { Packet } from '../../src/model/packet.js';
import type { Remembered } from '../../src/model/remembered.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import type { Recorder } from '../../src/replay/recorder.js';
import { type ReplayOptions, replay } from '../../src/replay/replay.js';
import { allocateSlot } from '../../src/replay/slot.js';
import { renderJson } from '../../src/report/json.js';
import { verdictLine } from './verdict-line.js';
import { changes, momentsOf } from '../differential/changes.js';
import { trace } from '../differential/trace.js';
import { world } from '../differential/world.js';
import { first, frame, later, udp } from '../explain/packets.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

const POLICY = resolveTimeline(
  loadVpc([{ name: 'vpc.yaml', text: RANDOM_TRAFFIC_VPC }]).description,
);

type Way = Partial<Pick<ReplayOptions, 'workers' | 'chunkBytes' | 'filter' | 'to'>>;

interface Recorded {
  /** A line for each frame: all that was told of it when it was judged. */
  readonly judged: readonly string[];
  readonly marks: readonly number[];
  /** Verdicts as they settled. */
  readonly settled: readonly string[];
  readonly records: readonly Remembered[];
  readonly clockNs: bigint | undefined;
  readonly report: string;
}

async function record(
  timeline: Timeline,
  capture: Uint8Array,
  way: Way = {},
  mark?: string,
): Promise<Recorded> {
  const judged: string[] = [];
  const marks: number[] = [];
  const settled: string[] = [];
  let memoryOf: WebAssembly.Memory | undefined;
  let namesOf: Parameters<Recorder['onJudged']>[0]['names'] | undefined;
  const recorder: Recorder = {
    ...(mark !== undefined && { mark }),
    onJudged: ({ memory, names, count, ...at }) => {
      memoryOf = memory;
      namesOf = names;
      const frames = viewAt(memory, at.table, count * FRAME_SIZE);
      const rows = viewAt(memory, at.rows, count * ROW_SIZE);
      const verdicts = viewAt(memory, at.verdicts, count * VERDICT_SIZE);
      const traces = viewAt(memory, at.traces, count * TRACE_SIZE);
      for (let i = 0; i < count; i++) {
        judged.push(
          inWords({
            frame: Number(frames.getBigUint64(i * FRAME_SIZE + FRAME_NUMBER, true)),
            packet: readPacket(rows, i * ROW_SIZE),
            clockNs: rows.getBigInt64(i * ROW_SIZE + ROW_CLOCK, true),
            begins: verdicts.getUint8(i * VERDICT_SIZE + VERDICT_BEGINS),
            memories: readMemories(traces, i, names),
          }),
        );
      }
      if (at.marks !== 0) marks.push(...new Uint8Array(memory.buffer, at.marks, count));
    },
    onSettled: ({ batch, count }) => {
      for (const verdict of readVerdicts(memoryOf!, batch, count, namesOf!)) {
        settled.push(verdictLine(verdict));
      }
    },
  };
  let records: readonly Remembered[] = [];
  let clockNs: bigint | undefined;
  const outcome = await replay(() => timeline, [inMemory(capture)], {
    ...{ tracking: DEFAULT_TRACKING, workers: 1, recorder, ...way },
    onRecords: (all, now) => {
      records = all;
      clockNs = now;
    },
  });
  const report = renderJson(outcome, { top: Infinity });
  return { judged, marks, settled, records, clockNs, report };
}

const inWords = (value: object): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));

/** Verdicts and report without a recorder. */
async function tellAlone(timeline: Timeline, capture: Uint8Array) {
  const settled: string[] = [];
  const outcome = await replay(() => timeline, [inMemory(capture)], {
    ...{ tracking: DEFAULT_TRACKING, workers: 1 },
    onVerdicts: (verdicts) => {
      for (const verdict of verdicts) settled.push(verdictLine(verdict));
    },
  });
  return { settled, report: renderJson(outcome, { top: Infinity }) };
}

const WAYS: readonly Way[] = [
  { workers: 1, chunkBytes: 3001 },
  { workers: 2, chunkBytes: 3001 },
  { workers: 3, chunkBytes: 1 << 16 },
];

/** Records every way, and returns what each of them saw. */
async function checkEveryWay(timeline: Timeline, capture: Uint8Array): Promise<Recorded> {
  const alone = await record(timeline, capture);
  const bare = await tellAlone(timeline, capture);
  expect(differsAt(alone.settled, bare.settled)).toBe(-1);
  expect(alone.report).toBe(bare.report);
  for (const way of WAYS) {
    const told = await record(timeline, capture, way);
    const name = inWords(way);
    expect(differsAt(told.judged, alone.judged), `judged, ${name}`).toBe(-1);
    expect(differsAt(told.settled, alone.settled), `settled, ${name}`).toBe(-1);
    expect(told.records.map(inWords), name).toEqual(alone.records.map(inWords));
    expect([told.clockNs, told.report], name).toEqual([alone.clockNs, alone.report]);
  }
  return alone;
}

/** Position of the first difference, because a diff of megabytes helps nobody. */
function differsAt(actual: readonly string[], expected: readonly string[]): number {
  if (actual.length !== expected.length) return Math.min(actual.length, expected.length);
  return actual.findIndex((line, i) => line !== expected[i]);
}

describe('the same for any number of workers and any chunk size', () => {
  it.each([1, 2])('many flows at once, seed %i', async (seed) => {
    const { judged, records } = await checkEveryWay(POLICY, randomCapture(seed, 8000));
    expect(judged).toHaveLength(8000);
    const kinds = new Set(records.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      ...['connection', 'denied', 'first-fragment', 'noted', 'untracked'],
    ]);
  });

  // On failure fast-check prints the seed.
  it('worlds, events and traces of the differential test', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        changes,
        fc.array(trace, { minLength: 20, maxLength: 20 }),
        async (description, changed, traces) => {
          const packets = inSequence(traces);
          const timeline = resolveTimeline(description, momentsOf(description, changed, packets));
          await checkEveryWay(timeline, captureOf(packets));
        },
      ),
      { numRuns: 10, endOnFailure: true },
    );
  });
});

/** One trace after the other: each begins where the one before ended. */
function inSequence(traces: readonly (readonly Packet[])[]): Packet[] {
  let shiftNs = 0n;
  return traces.flatMap((packets) => {
    const moved = packets.map((packet) => ({ ...packet, timeNs: packet.timeNs + shiftNs }));
    shiftNs += packets.at(-1)!.timeNs - packets[0]!.timeNs;
    return moved;
  });
}

const captureOf = (packets: readonly Packet[]): Uint8Array =>
  encodePcap(
    packets.map((packet) => ({ timeNs: packet.timeNs, bytes: encodeFrame(packet) })),
    { nanoseconds: true },
  );

describe('a batch is shown before its verdicts settle', () => {
  const FLOW = '203.0.113.7:40000 > 10.0.1.20:53';
  const packets = [later(udp(FLOW, 1), 7), first(udp(FLOW, 2), 7), udp(FLOW, 3)];

  it('CT-18: a fragment that waits is shown again with the verdict of its first one', async () => {
    const codes: string[][] = [];
    const recorder: Recorder = {
      onJudged: ({ memory, names, count, table, verdicts }) => {
        const judged = readVerdicts(memory, { table, verdicts }, count, names);
        codes.push(['judged', ...[...judged].map(({ code }) => code)]);
        memoryOf = { memory, names };
      },
      onSettled: ({ batch, count }) => {
        const settled = readVerdicts(memoryOf!.memory, batch, count, memoryOf!.names);
        codes.push(['settled', ...[...settled].map(({ code }) => code)]);
      },
    };
    let memoryOf: Pick<Parameters<Recorder['onJudged']>[0], 'memory' | 'names'> | undefined;
    const [begin, ...rest] = packets as [Packet, Packet, Packet];
    // A batch each: the first packet, then the others.
    await replay(() => POLICY, [inMemory(captureOf([begin, ...rest]))], {
      ...{ tracking: DEFAULT_TRACKING, workers: 1, chunkBytes: 24 + 16 + 60 + 30, recorder },
    });
    expect(codes[0]).toEqual(['judged', 'no-rule']);
    const flat = (what: string) =>
      codes.filter(([name]) => name === what).flatMap((it) => it.slice(1));
    expect(flat('judged')).toEqual(['no-rule', 'untracked', 'untracked']);
    expect(flat('settled')).toEqual(['untracked', 'untracked', 'untracked']);
    expect(codes[1]![0]).toBe('judged');
  });
});

describe('marks', () => {
  const FILTER = 'udp port 53 or icmp';
  const capture = randomCapture(3, 5000);

  it('are those of the frames that the filter would admit', async () => {
    const admitted: number[] = [];
    await replay(() => POLICY, [inMemory(capture)], {
      ...{ tracking: DEFAULT_TRACKING, workers: 1, filter: FILTER },
      onVerdicts: (verdicts) => {
        for (const each of verdicts) admitted.push(each.frame);
      },
    });
    for (const way of [{ workers: 1 }, { workers: 2, chunkBytes: 10_007 }]) {
      const { marks } = await record(POLICY, capture, way, FILTER);
      expect(marks).toHaveLength(5000);
      expect(marks.flatMap((mark, i) => (mark === 1 ? [i + 1] : []))).toEqual(admitted);
    }
    expect(admitted.length).toBeGreaterThan(500);
    expect(admitted.length).toBeLessThan(4500);
  });

  it('are asked for beside what a filter leaves out', async () => {
    const { marks, judged } = await record(POLICY, capture, { filter: 'ip' }, 'udp');
    expect(marks).toHaveLength(judged.length);
    const udps = judged.map((line) => Number(line.includes('"protocol":17,')));
    expect(new Set(marks)).toEqual(new Set([0, 1]));
    marks.forEach((mark, i) => expect(mark).toBeLessThanOrEqual(udps[i]!));
  });

  it('cannot be told by an expression that the link type does not answer', async () => {
    const raw = encodePcap([{ timeNs: 0n, bytes: new Uint8Array(40) }], { linkType: 101 });
    await expect(record(POLICY, raw, {}, 'ether host 02:00:00:00:00:01')).rejects.toThrow(
      /error\[filter\].*Ethernet frames only/,
    );
  });
});

describe('what is remembered at the end', () => {
  const FLOW = '203.0.113.7:40000 > 10.0.1.30:53';

  it('nothing without packets', async () => {
    const { records, clockNs } = await record(POLICY, captureOf([]));
    expect([records, clockNs]).toEqual([[], 0n]);
  });

  it('is told of at the latest packet time, for an hour after it was over', async () => {
    const arp = frame({ kind: 'non-ip' }, 1 + 30 + 3600);
    const before = { ...arp, timeNs: arp.timeNs - 1n };
    const told = await record(POLICY, captureOf([udp(FLOW, 1), before]));
    expect(told.records.map(({ kind }) => kind)).toEqual(['denied']);
    expect(told.clockNs).toBe(before.timeNs);
    expect((await record(POLICY, captureOf([udp(FLOW, 1), arp]))).records).toEqual([]);
  });
});

it('a slot has room for traces only when it is asked for', () => {
  const memory = createMemory();
  expect(allocateSlot(memory, 1000).traces).toBe(0);
  expect(allocateSlot(memory, 1000, true).traces).toBeGreaterThan(0);
});
