import { addressWidth, type Prefix } from '../src/model/address.js';
import type { Traffic } from '../src/model/security-group.js';
import type { ResolvedInterface, ResolvedPolicy, ResolvedRule } from '../src/policy/resolve.js';

/**
 * A resolved policy as lines of numbers, which native/reference.c reads:
 *
 *   sizes INTERFACES SETS RULES RULE-LINES ADDRESSES MACS SUBNETS
 *   interface SET|-1 CHECK RESOLVER ESTABLISHED UDP STREAM      then its subnet FIRST LAST, address A, mac HEX
 *   rule INDEX SET DIRECTION PROTOCOL|-1 FROM TO NETWORK LENGTH ANY-PEER
 *
 * IPv6 is left out, and so are rules for protocols that the reference does not judge. Throws when the policy needs what the
 * reference does not know: paths and delegated prefixes.
 */
export function nativePolicy(policy: ResolvedPolicy): string {
  const { interfaces, paths, sets, rules } = policy;
  if (paths.length > 0) throw new Error('the native reference knows no paths');
  if (interfaces.some(({ eni }) => eni.delegated.some(({ family }) => family === 4))) {
    throw new Error('the native reference knows no delegated prefixes');
  }
  const addresses = firstOwners(interfaces, ({ eni }) =>
    eni.addresses.filter(({ family }) => family === 4).map(({ value }) => String(value)),
  );
  const macs = onlyOwners(interfaces);
  const interfaceLines = interfaces.map((each, i) => [
    interfaceLine(each),
    ...each.subnetPrefixes.filter(isIpv4).map(subnetLine),
    ...[...addresses].filter(([, owner]) => owner === i).map(([address]) => `address ${address}`),
    ...[...macs].filter(([, owner]) => owner === i).map(([mac]) => `mac ${mac}`),
  ]);
  const ruleLines = sets.flatMap(({ egress, ingress }, set) => [
    ...egress.flatMap((rule) => linesOfRule(rule, set, 0)),
    ...ingress.flatMap((rule) => linesOfRule(rule, set, 1)),
  ]);
  const subnets = interfaces.flatMap(({ subnetPrefixes }) => subnetPrefixes.filter(isIpv4));
  const sizes = [
    interfaces.length,
    sets.length,
    Math.max(-1, ...rules.map(({ index }) => index)) + 1,
    ruleLines.length,
    addresses.size,
    macs.size,
    subnets.length,
  ];
  return [`sizes ${sizes.join(' ')}`, ...interfaceLines.flat(), ...ruleLines, ''].join('\n');
}

/** Of two interfaces that claim one address, the first in the documents holds it. */
function firstOwners(
  interfaces: readonly ResolvedInterface[],
  keysOf: (each: ResolvedInterface) => readonly string[],
): Map<string, number> {
  const owners = new Map<string, number>();
  interfaces.forEach((each, i) => {
    for (const key of keysOf(each)) if (!owners.has(key)) owners.set(key, i);
  });
  return owners;
}

/** A MAC address that two interfaces share names neither. */
function onlyOwners(interfaces: readonly ResolvedInterface[]): Map<string, number> {
  const owners = firstOwners(interfaces, ({ eni }) => (eni.mac === undefined ? [] : [eni.mac]));
  interfaces.forEach(({ eni }, i) => {
    if (eni.mac !== undefined && owners.get(eni.mac) !== i) owners.delete(eni.mac);
  });
  return owners;
}

function interfaceLine({ set, eni, idleSeconds, primaryVpcPrefix }: ResolvedInterface): string {
  const resolver = primaryVpcPrefix === undefined ? 0n : primaryVpcPrefix.value + 2n;
  const { tcpEstablished, udp, udpStream } = idleSeconds;
  const check = eni.sourceDestCheck ? 1 : 0;
  return `interface ${set ?? -1} ${check} ${String(resolver)} ${tcpEstablished} ${udp} ${udpStream}`;
}

const isIpv4 = ({ family }: Prefix): boolean => family === 4;

function subnetLine({ value, length }: Prefix): string {
  const size = 2n ** BigInt(addressWidth(4) - length);
  return `subnet ${String(value)} ${String(value + size - 1n)}`;
}

function linesOfRule(
  { rule, index, prefixes, anyPeer }: ResolvedRule,
  set: number,
  direction: 0 | 1,
): string[] {
  const numbers = trafficNumbers(rule.traffic);
  if (numbers === undefined) return [];
  const start = `rule ${index} ${set} ${direction} ${numbers.join(' ')}`;
  return prefixes
    .filter(isIpv4)
    .map(({ value, length }) => `${start} ${String(value)} ${length} ${anyPeer === 4 ? 1 : 0}`);
}

/** Protocol and ports; of ICMP, type * 256 + code (PR-1, PR-2). Undefined for what the reference does not judge. */
function trafficNumbers(
  traffic: Traffic,
): readonly [protocol: number, from: number, to: number] | undefined {
  switch (traffic.kind) {
    case 'all':
      return [-1, 0, 65_535];
    case 'ports':
      return [traffic.protocol, traffic.from, traffic.to];
    case 'protocol':
      return undefined;
    case 'icmp': {
      if (traffic.protocol !== 1) return undefined;
      if (traffic.type < 0) return [1, 0, 65_535];
      const from = traffic.type * 256 + Math.max(traffic.code, 0);
      return [1, from, traffic.code < 0 ? from + 255 : from];
    }
  }
}
