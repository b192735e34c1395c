// A table of flows is held against flows that plain objects make of the verdicts, and its sums against the report.
import { describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { viewAt } from '../../src/engine/memory.js';
import { readPacket } from '../../src/engine/row-packet.js';
import { readVerdicts } from '../../src/engine/verdicts.js';
import { ROW_SIZE, VERDICT_BEGINS, VERDICT_SIZE } from '../../src/kernel/layout.js';
import { formatAddress } from '../../src/model/address.js';
import type { Flow, UnlistedFlows } from '../../src/model/flow.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { IpPacket, Packet } from '../../src/model/packet.js';
import { ICMP_QUERIES } from '../../src/model/protocol.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { FrameVerdict, Verdict } from '../../src/model/verdict.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { createFlowTable } from '../../src/replay/flow-table.js';
import type { Observer } from '../../src/replay/observer.js';
import { replay } from '../../src/replay/replay.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

const TIMELINE = resolveTimeline(
  loadVpc([{ name: 'vpc.yaml', text: RANDOM_TRAFFIC_VPC }]).description,
);
const VERDICTS = ['allow', 'drop', 'not-filtered', 'not-judged'] as const;

interface Seen {
  readonly packet: Packet;
  readonly verdict: FrameVerdict;
  readonly begins: boolean;
}

const seeAll = (seen: Seen[]): Observer => ({
  onSettled: ({ memory, names, count, table, rows, verdicts }) => {
    const packets = viewAt(memory, rows, count * ROW_SIZE);
    const bytes = viewAt(memory, verdicts, count * VERDICT_SIZE);
    let i = 0;
    for (const verdict of readVerdicts(memory, { table, verdicts }, count, names)) {
      const begins = bytes.getUint8(i * VERDICT_SIZE + VERDICT_BEGINS) === 1;
      seen.push({ packet: readPacket(packets, i++ * ROW_SIZE), verdict, begins });
    }
  },
});

/** One text for a packet and its mirror. */
function keyOf({ source, destination, protocol, transport }: IpPacket): string {
  const ends = [source, destination].map(formatAddress);
  if (transport === undefined) return [protocol, 'portless', ...ends.sort()].join(' ');
  if (transport.kind !== 'icmp') {
    const { sourcePort, destinationPort } = transport;
    return [
      protocol,
      ...[`${ends[0]} ${sourcePort}`, `${ends[1]} ${destinationPort}`].sort(),
    ].join();
  }
  const { type, code, id } = transport;
  const query = ICMP_QUERIES.find(
    (one) => one.family === source.family && (one.request === type || one.reply === type),
  );
  if (query === undefined) return [protocol, 'error', type, code, ...ends].join(' ');
  const fromRequester = query.request === type ? ends : ends.toReversed();
  return [protocol, 'query', query.request, id, ...fromRequester].join(' ');
}

/** Flows as plain objects make them: first frame, whether counted, packets and bytes by verdict. */
function naiveFlows(seen: readonly Seen[]): string[] {
  const flows: { line: unknown[]; sums: number[] }[] = [];
  const newest = new Map<string, number>();
  for (const { packet, verdict, begins } of seen) {
    if (packet.content.kind !== 'ip') continue;
    const key = keyOf(packet.content.ip);
    let place = newest.get(key);
    if (place === undefined || begins) {
      const { frame, code } = verdict;
      place = flows.push({ line: [frame, code, begins], sums: [0, 0, 0, 0, 0, 0, 0, 0] }) - 1;
      newest.set(key, place);
    }
    const at = VERDICTS.indexOf(verdict.verdict) * 2;
    flows[place]!.sums[at]! += 1;
    flows[place]!.sums[at + 1]! += packet.length;
  }
  return flows.map((flow) => JSON.stringify(flow));
}

const lineOf = ({ firstFrame, code, counted, byVerdict }: Flow): string =>
  JSON.stringify({
    line: [firstFrame, code, counted],
    sums: VERDICTS.flatMap((verdict) => [byVerdict[verdict].packets, byVerdict[verdict].bytes]),
  });

/** Flows, packets and bytes of each verdict, over everything that a table tells. */
function sumsOf(flows: readonly Flow[], { nameless, beyond }: UnlistedFlows) {
  const sums: Record<Verdict, { packets: number; bytes: number }> = {
    allow: { packets: 0, bytes: 0 },
    drop: { packets: 0, bytes: 0 },
    'not-filtered': { packets: 0, bytes: 0 },
    'not-judged': { packets: 0, bytes: 0 },
  };
  const add = (verdict: Verdict, { packets, bytes }: { packets: number; bytes: number }): void => {
    sums[verdict].packets += packets;
    sums[verdict].bytes += bytes;
  };
  for (const verdict of VERDICTS) {
    for (const { byVerdict } of [...flows, beyond]) add(verdict, byVerdict[verdict]);
  }
  for (const [code, tally] of nameless) {
    add(code === 'not-applicable' ? 'not-filtered' : 'not-judged', tally);
  }
  return { flows: flows.filter(({ counted }) => counted).length + beyond.flows, ...sums };
}

const reported = ({ totals, byVerdict }: Outcome) => ({
  flows: totals.flows,
  ...Object.fromEntries(
    VERDICTS.map((verdict) => {
      const { packets, bytes } = byVerdict[verdict];
      return [verdict, { packets, bytes }];
    }),
  ),
});

async function flowsOf(
  capture: Uint8Array,
  {
    flowsMax = 1e6,
    retires = false,
    ...way
  }: { flowsMax?: number; retires?: boolean; workers?: number; chunkBytes?: number } = {},
) {
  const retired: Flow[] = [];
  const seen: Seen[] = [];
  const table = createFlowTable({
    flowsMax,
    ...(retires && { onRetired: (flows: Iterable<Flow>) => retired.push(...flows) }),
  });
  const outcome = await replay(() => TIMELINE, [inMemory(capture)], {
    ...{ tracking: DEFAULT_TRACKING, workers: 1, observers: [table, seeAll(seen)] },
    ...way,
  });
  return { flows: [...retired, ...table.flows()], unlisted: table.unlisted(), outcome, seen };
}

describe('a table of flows', () => {
  it.each([1, 2, 3])('tells the flows that plain objects tell, seed %i', async (seed) => {
    const { flows, unlisted, outcome, seen } = await flowsOf(randomCapture(seed, 20_000));
    expect(flows.length).toBeGreaterThan(400);
    expect(flows.map(lineOf)).toEqual(naiveFlows(seen));
    expect(sumsOf(flows, unlisted)).toEqual(reported(outcome));
  });

  it('names the first packet, its answers, directions, times and flags', async () => {
    const { flows, seen } = await flowsOf(randomCapture(4, 5000));
    const byFrame = new Map(seen.map((each) => [each.verdict.frame, each]));
    for (const flow of flows) {
      const { packet, verdict } = byFrame.get(flow.firstFrame)!;
      if (packet.content.kind !== 'ip') throw new Error('no IP packet');
      const { source, destination, protocol, transport } = packet.content.ip;
      expect(flow).toMatchObject({ source, destination, protocol, firstTimeNs: verdict.timeNs });
      expect(flow).toMatchObject({ verdict: verdict.verdict, code: verdict.code, at: verdict.at });
      if (transport?.kind === 'icmp') {
        const { type, code, id } = transport;
        expect(flow.icmp).toEqual({ type, code, id });
      } else if (transport !== undefined) {
        const { sourcePort, destinationPort } = transport;
        expect(flow).toMatchObject({ sourcePort, destinationPort });
      }
      const all = VERDICTS.map((each) => flow.byVerdict[each].packets);
      expect(flow.original.packets).toBeGreaterThan(0);
      expect(flow.original.packets + flow.reply.packets).toBe(all.reduce((a, b) => a + b));
      expect(flow.lastTimeNs >= flow.firstTimeNs).toBe(true);
    }
    expect(flows.some(({ reply }) => reply.packets > 0)).toBe(true);
    expect(flows.some(({ tcpFlags }) => (tcpFlags & 0x12) === 0x12)).toBe(true);
  });

  it('is the same for any workers and chunks, also while flows retire', async () => {
    const capture = randomCapture(5, 20_000);
    const alone = await flowsOf(capture, { flowsMax: 100, retires: true });
    const lines = alone.flows.map(lineOf);
    for (const way of [{ workers: 3, chunkBytes: 1 << 16 }, { chunkBytes: 100_003 }]) {
      const { flows } = await flowsOf(capture, { flowsMax: 100, retires: true, ...way });
      expect(flows.map(lineOf)).toEqual(lines);
    }
    expect(sumsOf(alone.flows, alone.unlisted)).toEqual(reported(alone.outcome));
  });

  it('sums what is beyond its room', async () => {
    const { flows, unlisted, outcome } = await flowsOf(randomCapture(6, 20_000), { flowsMax: 50 });
    expect(flows).toHaveLength(50);
    expect(unlisted.beyond.flows).toBeGreaterThan(0);
    expect(sumsOf(flows, unlisted)).toEqual(reported(outcome));
  });
});
