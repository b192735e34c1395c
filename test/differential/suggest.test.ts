import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { groupEntryOf } from '../../src/documents/write-group.js';
import { writeShortGroups } from '../../src/documents/write-short.js';
import { type Address, addressWidth, prefixContains } from '../../src/model/address.js';
import type { Outcome } from '../../src/model/outcome.js';
import { ruleIdentity } from '../../src/model/rule-identity.js';
import type { SecurityGroup } from '../../src/model/security-group.js';
import { LAST_PORT, NO_PORT, carries, hasPorts } from '../../src/policy/carries.js';
import { type ResolvedRule, resolvePolicy } from '../../src/policy/resolve.js';
import { changeTimeline, resolveTimeline } from '../../src/policy/timeline.js';
import { suggest } from '../../src/replay/suggestion.js';
import { createKernelJudge, createObservedJudge } from './judge-with-kernel.js';
import { trace } from './trace.js';
import { tracking, world } from './world.js';

const WORLDS = Number(process.env.WORLDS ?? 400);
const PROTOCOLS = [0, 1, 2, 6, 17, 47, 50, 58, 132];

/** Addresses at the edges of every prefix: in between nothing changes. */
function edges(rules: readonly ResolvedRule[]): Address[] {
  return rules.flatMap(({ prefixes }) =>
    prefixes.flatMap(({ family, value, length }) => {
      const width = BigInt(addressWidth(family));
      const end = value + (1n << (width - BigInt(length)));
      return [value, end].filter((at) => at >> width === 0n).map((at) => ({ family, value: at }));
    }),
  );
}

function ports(rules: readonly ResolvedRule[], family: 4 | 6, protocol: number): number[] {
  if (!hasPorts(family, protocol)) return [NO_PORT];
  const found = new Set([0, NO_PORT]);
  for (const { rule } of rules) {
    const { traffic } = rule;
    if (traffic.kind === 'ports') found.add(traffic.from).add(traffic.to + 1);
    if (traffic.kind !== 'icmp') continue;
    const first = (Math.max(0, traffic.type) << 8) | Math.max(0, traffic.code);
    for (const port of [first, first + 1, ((first >> 8) + 1) << 8]) found.add(port);
  }
  return [...found].filter((port) => port <= LAST_PORT);
}

/** A header that the new rules let pass and the old ones do not. */
function beyond(now: readonly ResolvedRule[], old: readonly ResolvedRule[]): string | undefined {
  const passes = (
    rules: readonly ResolvedRule[],
    remote: Address,
    protocol: number,
    port: number,
  ) =>
    rules.some(
      ({ rule, prefixes }) =>
        prefixes.some((prefix) => prefixContains(prefix, remote)) &&
        carries(rule.traffic, { family: remote.family, protocol, port }),
    );
  const all = [...now, ...old];
  for (const remote of edges(all)) {
    for (const protocol of PROTOCOLS) {
      for (const port of ports(all, remote.family, protocol)) {
        if (passes(now, remote, protocol, port) && !passes(old, remote, protocol, port)) {
          return `${remote.value} ${protocol} ${port}`;
        }
      }
    }
  }
  return undefined;
}

/** Documents tell a rule once, worlds may twice. */
const identities = (groups: readonly SecurityGroup[]): string[] =>
  [...new Set(groups.flatMap(({ rules }) => rules.map(ruleIdentity)))].sort();

it(
  'suggested rules let pass all that passed, and nothing that the old ones do not',
  { timeout: 300_000 },
  async () => {
    const observed = createObservedJudge();
    const judge = createKernelJudge();
    const seen = { passed: 0, groups: 0, fewer: 0, narrower: 0 };
    await fc.assert(
      fc.asyncProperty(
        world,
        trace,
        tracking,
        fc.constantFrom(0, 16, 24, 32),
        async (old, packets, options, width) => {
          const timeline = resolveTimeline(old);
          const found = await suggest(
            () => timeline,
            { 4: width, 6: width * 4 },
            async (begin, observer) => {
              await observed(observer, begin(0n), options, packets);
              return {} as Outcome;
            },
          );
          expect(found.newlyDropped).toBe(0);
          const before = judge(timeline, options, packets);
          const after = judge(
            changeTimeline(timeline, () => found.description),
            options,
            packets,
          );
          before.forEach(({ verdict }, i) => {
            if (verdict !== 'allow') return;
            expect(after[i]!.verdict).not.toBe('drop');
            seen.passed++;
          });
          const [was, is] = [old, found.description].map((each) => resolvePolicy(each));
          was!.interfaces.forEach(({ set }, i) => {
            if (set === undefined) return;
            const now = is!.sets[is!.interfaces[i]!.set!]!;
            for (const direction of ['ingress', 'egress'] as const) {
              expect(beyond(now[direction], was!.sets[set]![direction])).toBeUndefined();
            }
          });
          const { before: wide, after: narrow } = found.space;
          expect(narrow[4] <= wide[4] && narrow[6] <= wide[6]).toBe(true);
          if (narrow[4] < wide[4]) seen.narrower++;

          const { groups } = found.description;
          if (identities(groups).length < identities(old.groups).length) seen.fewer++;
          if (
            groups.some(({ rules }, i) =>
              rules.some(
                ({ peer }) =>
                  peer.kind === 'group' &&
                  !identities([old.groups[i]!]).some((text) => text.includes(peer.groupId + '"]')),
              ),
            )
          )
            seen.groups++;
          for (const [name, text] of [
            ['groups.json', JSON.stringify({ SecurityGroups: groups.map(groupEntryOf) })],
            ['groups.yaml', writeShortGroups(groups)],
          ] as const) {
            const { description } = loadVpc([{ name, text }]);
            expect(identities(description.groups)).toEqual(identities(groups));
          }
        },
      ),
      {
        numRuns: WORLDS,
        ...(process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }),
      },
    );
    if (process.env.COUNTS !== undefined) console.log(seen);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(WORLDS / 40);
  },
);
