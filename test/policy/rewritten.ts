import { addressWidth } from '../../src/model/address.js';
import type { Rule } from '../../src/model/security-group.js';

/** The same rules told in another way: ports and blocks cut in two, some twice, in another order. `dice`: a number below its argument. */
export function rewritten(rules: readonly Rule[], dice: (most: number) => number): Rule[] {
  return rules
    .flatMap((rule) => cut(rule, dice))
    .flatMap((rule) => (dice(5) === 0 ? [rule, rule] : [rule]))
    .map((rule, i) => ({ rule: { ...rule, id: `${rule.groupId}:again:${i}` }, at: dice(1000) }))
    .sort((one, other) => one.at - other.at)
    .map(({ rule }) => rule);
}

/** In two parts, where neither tracking (CT-4) nor a lone fragment (CT-18) sees the cut. */
function cut(rule: Rule, dice: (most: number) => number): Rule[] {
  const { traffic, peer } = rule;
  const isWhole = traffic.kind === 'ports' && traffic.from === 0 && traffic.to === 65_535;
  if (traffic.kind === 'ports' && !isWhole && traffic.from < traffic.to && dice(2) === 0) {
    const middle = traffic.from + dice(traffic.to - traffic.from);
    return [
      { ...rule, traffic: { ...traffic, to: middle } },
      // Sometimes they overlap.
      { ...rule, traffic: { ...traffic, from: middle + dice(2) } },
    ];
  }
  if (peer.kind !== 'cidr' || dice(2) === 0) return [rule];
  const { family, value, length } = peer.prefix;
  if (length === 0 || length === addressWidth(family)) return [rule];
  const size = 1n << BigInt(addressWidth(family) - length - 1);
  return [value, value + size].map((start) => ({
    ...rule,
    peer: { kind: 'cidr', prefix: { family, value: start, length: length + 1 } },
  }));
}
