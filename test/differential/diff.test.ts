// What two VPCs do differently to random traffic: nothing with themselves, the mirror when swapped, and the counts of two replays.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import type { Packet } from '../../src/model/packet.js';
import { ICMP_QUERIES } from '../../src/model/protocol.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { Difference } from '../../src/model/verdict-change.js';
import { VERDICT_CHANGES, verdictChange } from '../../src/model/verdict-change.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import { replay } from '../../src/replay/replay.js';
import { rewritten } from '../policy/rewritten.js';
import { diffOf, mirrored } from '../replay/differ.js';
import { inMemory } from '../replay/in-memory.js';
import { changes, momentsOf } from './changes.js';
import { trace } from './trace.js';
import { tracking, world } from './world.js';

const WORLDS = Number(process.env.WORLDS ?? 120);
const SEED = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) };

/** What a change takes from another world. */
const taken = fc.record({
  other: world,
  group: fc.constantFrom('sg-0', 'sg-1', 'sg-2', 'all', 'none'),
  memberships: fc.constantFrom(false, false, true),
  settings: fc.constantFrom(false, false, true),
  lists: fc.constantFrom(false, false, false, true),
  without: fc.constantFrom(0, 0, 0, 1),
});

type Taken = typeof taken extends fc.Arbitrary<infer Value> ? Value : never;

function changed(first: VpcDescription, change: Taken): VpcDescription {
  const { other, group, memberships, settings, lists, without } = change;
  const interfaces = first.interfaces.map((eni, i) => {
    const from = other.interfaces[i] ?? eni;
    return {
      ...eni,
      ...(memberships ? { groupIds: from.groupIds } : {}),
      ...(settings
        ? {
            ...{ sourceDestCheck: from.sourceDestCheck, delegated: from.delegated },
            idleSeconds: from.idleSeconds,
          }
        : {}),
    };
  });
  return {
    ...first,
    groups: first.groups.map((each, i) =>
      group === 'all' || each.id === group ? other.groups[i]! : each,
    ),
    interfaces: interfaces.length > without ? interfaces.slice(without) : interfaces,
    prefixLists: lists
      ? first.prefixLists.map((list) => ({ ...list, entries: list.entries?.slice(0, 1) ?? [] }))
      : first.prefixLists,
  };
}

/** The same groups in other words. */
function retold(first: VpcDescription, dice: (most: number) => number): VpcDescription {
  return {
    ...first,
    groups: first.groups
      .map((each) => ({ ...each, rules: rewritten(each.rules, dice) }))
      .toReversed(),
  };
}

function captureOf(packets: readonly Packet[]): Uint8Array {
  const frames = packets.map((packet) => ({
    timeNs: packet.timeNs,
    bytes: encodeFrame(packet),
  }));
  return encodePcap(frames, { nanoseconds: true });
}

async function verdictsOf(timeline: Timeline, capture: Uint8Array, options: TrackingOptions) {
  const verdicts: FrameVerdict[] = [];
  await replay(() => timeline, [inMemory(capture)], {
    ...{ tracking: options, workers: 1 },
    onVerdicts: (frames) => void verdicts.push(...frames),
  });
  return verdicts;
}

/** As text with sorted keys. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === 'bigint') return String(each);
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(
      Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)),
    );
  });
}

/** Where order is that of documents, it is that of the first one. */
const unordered = (difference: Difference) => ({
  totals: difference.totals,
  unlisted: difference.unlisted,
  changes: difference.changes.map(textOf).sort(),
  groups: difference.groups
    .map(({ behind, change, way, share, services, before, after }) =>
      textOf({
        ...{ change, way, share, services: services.map(textOf).sort() },
        behind: behind === undefined ? null : difference.changes[behind],
        ...{ before: before.reason, after: after.reason },
      }),
    )
    .sort(),
});

// On failure fast-check prints the seed: SEED=... repeats the run.
it(`of ${WORLDS} pairs of random worlds`, { timeout: 600_000 }, async () => {
  const seen = new Map<string, number>();
  const count = (what: string, by = 1): void => void seen.set(what, (seen.get(what) ?? 0) + by);
  await fc.assert(
    fc.asyncProperty(
      ...([world, taken, changes, trace, tracking, fc.infiniteStream(fc.nat(1000))] as const),
      async (description, change, events, packets, options, chance) => {
        const dice = (most: number): number => chance.next().value! % most;
        const capture = captureOf(packets);
        const timelineOf = (first: VpcDescription): Timeline =>
          resolveTimeline(first, momentsOf(first, events, packets));
        const before = timelineOf(description);
        const after = timelineOf(changed(description, change));
        const diff = (one: Timeline, other: Timeline): Promise<Difference> =>
          diffOf({ before: one, after: other }, inMemory(capture), options);

        const [again, otherWords] = [structuredClone(description), retold(description, dice)];
        for (const each of [again, otherWords]) {
          const same = await diff(before, timelineOf(each));
          expect(same.changes).toEqual([]);
          expect(same.groups).toEqual([]);
          expect(sumOf(same.totals)).toBe(0);
        }

        const forth = await diff(before, after);
        const back = await diff(after, before);
        expect(unordered(mirrored(back))).toEqual(unordered(forth));

        if (forth.changes.length === 0) expect(sumOf(forth.totals)).toBe(0);
        const [one, other] = [
          await verdictsOf(before, capture, options),
          await verdictsOf(after, capture, options),
        ];
        const kindAt = (i: number) => verdictChange(one[i]!.verdict, other[i]!.verdict);
        for (const kind of VERDICT_CHANGES) {
          const own = one.filter((_, i) => kindAt(i) === kind);
          expect(forth.totals[kind].packets).toBe(own.length);
          const groups = forth.groups.filter((group) => group.change === kind);
          const told = groups.reduce((sum, { share }) => sum + share.packets, 0);
          expect(told + forth.unlisted[kind].packets).toBe(own.length);
          const flows = groups.reduce((sum, { share }) => sum + share.flows, 0);
          expect(flows).toBe(forth.totals[kind].flows);
          const bounds = flowsOf(packets.filter((_, i) => kindAt(i) === kind));
          expect(flows).toBeGreaterThanOrEqual(bounds.least);
          expect(flows).toBeLessThanOrEqual(bounds.most);
          count(kind, own.length);
        }
        for (const { way, before: left, after: right, share } of forth.groups) {
          count(way, share.packets);
          expect([left.disagreement, right.disagreement]).toEqual([undefined, undefined]);
          expect(left.verdict).not.toBe(right.verdict);
          expect(left.packet.captured!.frame).toBe(share.firstFrame);
        }
      },
    ),
    { numRuns: WORLDS, ...SEED },
  );
  // A property that is never put to the test says nothing.
  for (const often of ['newly-dropped', 'newly-allowed', 'otherwise', 'rule', 'membership']) {
    expect(seen.get(often) ?? 0, often).toBeGreaterThan(WORLDS / 20);
  }
});

/** Five-tuples and their mirrors; errors about flows and later fragments are of other packets' flows, or not. */
function flowsOf(packets: readonly Packet[]): { readonly least: number; readonly most: number } {
  const keys = new Set<string>();
  let doubtful = 0;
  for (const { content } of packets) {
    if (content.kind !== 'ip') continue;
    const { source, destination, protocol, fragment, transport } = content.ip;
    const quote = transport?.kind === 'icmp' ? transport.quote : undefined;
    if ((fragment?.offset ?? 0) > 0 || quote !== undefined) {
      doubtful++;
      continue;
    }
    const [from, to] = [source, destination].map(({ family, value }) => `${family} ${value}`);
    if (transport?.kind === 'icmp') {
      const { type, code, id } = transport;
      const query = ICMP_QUERIES.find(
        (each) => each.family === source.family && (each.request === type || each.reply === type),
      );
      const asks = query?.request === type;
      const ends = query === undefined || asks ? [from, to] : [to, from];
      keys.add(textOf([protocol, ends, query?.request ?? [type, code], id]));
      continue;
    }
    const ports =
      transport === undefined ? ['', ''] : [transport.sourcePort, transport.destinationPort];
    keys.add(textOf([protocol, [`${from} ${ports[0]}`, `${to} ${ports[1]}`].sort()]));
  }
  return { least: keys.size, most: keys.size + doubtful };
}

function sumOf(totals: Difference['totals']): number {
  return VERDICT_CHANGES.reduce((sum, kind) => sum + totals[kind].packets, 0);
}
