import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocuments } from '../../src/documents/files.js';
import { loadVpc } from '../../src/documents/load.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { parseAddress } from '../../src/model/address.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import { type ReplayOptions, replay } from '../../src/replay/replay.js';
import { renderJson } from '../../src/report/json.js';
import { verdictLine } from './verdict-line.js';
import { trace } from '../differential/trace.js';
import { changes, momentsOf } from '../differential/changes.js';
import { world } from '../differential/world.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

// Invariant 3: the same input gives the same report, byte for byte, for any number of workers and any chunk size.

const SIZES = { small: 1 << 16, odd: 100_003, large: 1 << 20 };

/** One thread and the chunk size of its choice: what the others are held against. */
const ALONE = { workers: 1 };
const EVERY_WAY = [1, 2, 3, 8].flatMap((workers) =>
  Object.values(SIZES).map((chunkBytes) => ({ workers, chunkBytes })),
);

const policyOf = (text: string): Timeline =>
  resolveTimeline(loadVpc([{ name: 'vpc.yaml', text }]).description);

interface Told {
  readonly outcome: Outcome;
  readonly report: string;
  readonly verdicts: string;
}

async function tell(
  policy: Timeline,
  capture: Uint8Array,
  options: Pick<ReplayOptions, 'workers' | 'chunkBytes'>,
): Promise<Told> {
  let verdicts = '';
  const outcome = await replay(() => policy, [inMemory(capture)], {
    tracking: DEFAULT_TRACKING,
    ...options,
    onVerdicts: (frames) => {
      for (const frame of frames) verdicts += `${verdictLine(frame)}\n`;
    },
  });
  return { outcome, report: renderJson(outcome, { top: Infinity }), verdicts };
}

/** Replays every way and returns what all of them told. */
async function checkEveryWay(
  policy: Timeline,
  capture: Uint8Array,
  ways: readonly { workers: number; chunkBytes: number }[] = EVERY_WAY,
): Promise<Told> {
  const alone = await tell(policy, capture, ALONE);
  for (const way of ways) {
    const told = await tell(policy, capture, way);
    const name = JSON.stringify(way);
    expect(firstDifference(told.verdicts, alone.verdicts), `verdicts, ${name}`).toBeUndefined();
    expect(firstDifference(told.report, alone.report), `report, ${name}`).toBeUndefined();
  }
  return alone;
}

/** Lines only, because a diff of megabytes helps nobody. */
function firstDifference(actual: string, expected: string): object | undefined {
  if (actual === expected) return undefined;
  const lines = actual.split('\n');
  const wanted = expected.split('\n');
  const line = wanted.findIndex((text, index) => text !== lines[index]);
  return { line, actual: lines[line], expected: wanted[line] };
}

const codesOf = ({ outcome }: Told): string[] => outcome.byCode.map(({ code }) => code);

const FIXTURES = new URL('../../fixtures/', import.meta.url);

describe('recorded captures', () => {
  const documents = readDocuments([fileURLToPath(new URL('vpc/recorded', FIXTURES))]);
  const policy = resolveTimeline(loadVpc(documents).description);
  const captures = readdirSync(new URL('captures', FIXTURES)).filter((name) =>
    name.endsWith('.pcap'),
  );

  it.each(captures)('%s', async (name) => {
    const told = await checkEveryWay(
      policy,
      readFileSync(new URL(`captures/${name}`, FIXTURES)),
      // These are smaller than a chunk: one size for all, and one that cuts them.
      [1, 2, 3, 8].flatMap((workers) => [
        { workers, chunkBytes: SIZES.odd },
        { workers, chunkBytes: 500 },
      ]),
    );
    expect(told.outcome.totals.packets).toBeGreaterThan(5);
  });
});

describe('random captures', () => {
  const policy = policyOf(RANDOM_TRAFFIC_VPC);

  it.each([1, 2, 3])('many flows at once, seed %i', async (seed) => {
    const capture = randomCapture(seed, 20_000);
    const told = await checkEveryWay(policy, capture);
    // A comparison that never meets a verdict says nothing about it.
    expect(codesOf(told)).toEqual(
      expect.arrayContaining([
        ...['rule', 'tracked', 'related', 'untracked', 'inferred'],
        ...['no-rule', 'no-state', 'not-opened', 'not-applicable', 'no-interface'],
      ]),
    );
    expect(told.outcome.byInterface).toHaveLength(6);
    expect(told.verdicts.match(/\n/g)).toHaveLength(20_000);
  });

  it('a capture that ends in the middle of a record', async () => {
    const capture = randomCapture(4, 5000);
    const told = await checkEveryWay(policy, capture.subarray(0, -20));
    expect(told.outcome.captures[0]!.stopped).toMatchObject({ frame: 5000 });
  });

  // On failure fast-check prints the seed.
  it('worlds, events and traces of the differential test', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        changes,
        fc.array(trace, { minLength: 20, maxLength: 20 }),
        async (description, changed, traces) => {
          const frames = inSequence(traces);
          const capture = encodePcap(frames, { nanoseconds: true });
          const timeline = resolveTimeline(description, momentsOf(description, changed, frames));
          await checkEveryWay(timeline, capture, [
            { workers: 1, chunkBytes: 3001 },
            { workers: 2, chunkBytes: 3001 },
            { workers: 3, chunkBytes: SIZES.small },
          ]);
        },
      ),
      { numRuns: 15, endOnFailure: true },
    );
  });

  /** One trace after the other: each begins where the one before ended. */
  function inSequence(traces: readonly (readonly Packet[])[]) {
    let shiftNs = 0n;
    return traces.flatMap((packets) => {
      const frames = packets.map((packet) => ({
        timeNs: packet.timeNs + shiftNs,
        bytes: encodeFrame(packet),
      }));
      shiftNs += packets.at(-1)!.timeNs - packets[0]!.timeNs;
      return frames;
    });
  }
});

describe('more drop groups than are kept apart (65,536)', () => {
  const policy = policyOf(`
cidrs: [10.0.0.0/16]
subnets: { subnet-a: [10.0.1.0/24] }
groups: { sg-shut: { ingress: [], egress: [] } }
interfaces:
  eni-a: { subnet: subnet-a, addresses: [10.0.1.20], groups: [sg-shut] }
  eni-b: { subnet: subnet-a, addresses: [10.0.1.30], groups: [sg-shut] }
`);
  const WAYS = [2, 3].map((workers) => ({ workers, chunkBytes: SIZES.large }));
  const GOALS = ['10.0.1.20', '10.0.1.30'].flatMap((address) =>
    (['tcp', 'udp'] as const).map((kind) => ({ address, kind })),
  );

  /** One packet to each of the first ports, over both interfaces and both protocols in turn. */
  function scan(packets: number): Uint8Array {
    const source = parseAddress('203.0.113.7')!;
    return encodePcap(
      Array.from({ length: packets }, (_, i) => {
        const { address, kind } = GOALS[i % GOALS.length]!;
        const ports = { sourcePort: 40_000, destinationPort: Math.floor(i / GOALS.length) };
        const timeNs = BigInt(i) * 1_000_000n;
        const packet: Packet = {
          timeNs,
          length: 60,
          content: {
            kind: 'ip',
            ip: {
              source,
              destination: parseAddress(address)!,
              protocol: kind === 'tcp' ? 6 : 17,
              transport: kind === 'tcp' ? { kind, ...ports, flags: 2 } : { kind, ...ports },
            },
          },
        };
        return { timeNs, bytes: encodeFrame(packet) };
      }),
    );
  }

  const sumOf = ({ outcome }: Told, key: 'packets' | 'bytes' | 'flows'): number =>
    outcome.droppedFlows.reduce((sum, group) => sum + group[key], 0);

  it.each([
    [65_536, 65_536, 1],
    [65_537, 257, 256], // 64 ranges for each goal, and the one packet beyond
    [73_728, 288, 256],
  ])('a scan of %i: %i groups of %i ports', { timeout: 60_000 }, async (packets, groups, width) => {
    const told = await checkEveryWay(policy, scan(packets), WAYS);
    expect(told.outcome.droppedFlows).toHaveLength(groups);
    expect(
      told.outcome.droppedFlows.filter(({ ports }) => ports!.to - ports!.from + 1 !== width),
    ).toEqual([]);
    expect(sumOf(told, 'packets')).toBe(packets);
    expect(sumOf(told, 'flows')).toBe(packets);
    expect(sumOf(told, 'bytes')).toBe(packets * 60);
    expect(told.outcome.byVerdict.drop).toEqual({ packets, bytes: packets * 60, flows: packets });
  });
});
