import fc from 'fast-check';
import type { Packet } from '../../src/model/packet.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import type { Moment } from '../../src/policy/timeline.js';
import { world } from './world.js';

/** Another world that the first one turns into at some packet; it lends its rules, memberships or addresses. */
const change = fc.record({
  at: fc.nat(400),
  late: fc.constantFrom(0n, 0n, 1n),
  other: world,
  rules: fc.boolean(),
  groups: fc.boolean(),
  addresses: fc.constantFrom(false, false, true),
});

/** Mostly none: a replay without events is the usual one. */
export const changes = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }) },
);

type Change = typeof changes extends fc.Arbitrary<infer Value> ? Value : never;

/** The changes in order of time, each made to what the one before it left. Interfaces stay the same ones. */
export function momentsOf(
  first: VpcDescription,
  changed: Change,
  packets: readonly Pick<Packet, 'timeNs'>[],
): Moment[] {
  if (packets.length === 0) return [];
  let clock = 0n;
  const clocks = packets.map(({ timeNs }) => (clock = timeNs > clock ? timeNs : clock));
  let description = first;
  return [...changed]
    .map((each) => ({ ...each, fromNs: clocks[each.at % clocks.length]! + each.late }))
    .sort((one, other) => Number(one.fromNs - other.fromNs))
    .map(({ fromNs, other, rules, groups, addresses }) => {
      description = {
        ...description,
        groups: rules ? other.groups : description.groups,
        interfaces: description.interfaces.map((eni, i) => ({
          ...eni,
          ...(groups && eni.groupIds.length > 0
            ? { groupIds: other.interfaces[i % other.interfaces.length]!.groupIds }
            : {}),
          ...(addresses ? { addresses: description.interfaces.at(i - 1)!.addresses } : {}),
        })),
      };
      return { fromNs, text: 'change', description };
    });
}
