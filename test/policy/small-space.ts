import fc from 'fast-check';
import { addressWidth, parsePrefix, prefixContains } from '../../src/model/address.js';
import type { Peer, Rule, Traffic } from '../../src/model/security-group.js';
import { type Box, PORT_UNKNOWN } from '../../src/policy/rule-space.js';

// A small space, where everything can be tried: addresses 10.0.0.0 to 10.0.0.15, ports 0 to 9 and all of them.
const CIDRS = [
  '0.0.0.0/0',
  '10.0.0.0/28',
  '10.0.0.0/29',
  '10.0.0.8/29',
  '10.0.0.4/30',
  '10.0.0.5/32',
];
const peers: readonly Peer[] = [
  ...CIDRS.map((text): Peer => ({ kind: 'cidr', prefix: parsePrefix(text)!.prefix })),
  { kind: 'group', groupId: 'sg-b' },
  { kind: 'prefix-list', prefixListId: 'pl-a' },
];
const ports: readonly (readonly [number, number])[] = [
  ...([
    [0, 65_535],
    [0, 4],
    [3, 5],
    [5, 9],
    [2, 2],
    [4, 9],
  ] as const),
];
const traffics: readonly Traffic[] = [
  { kind: 'all' },
  ...ports.flatMap(([from, to]) =>
    ([6, 17] as const).map((protocol): Traffic => ({ kind: 'ports', protocol, from, to })),
  ),
  { kind: 'icmp', protocol: 1, type: -1, code: -1 },
  { kind: 'icmp', protocol: 1, type: 0, code: 4 },
  { kind: 'protocol', protocol: 50 },
];
/** Up to six rules. */
export const ruleList = fc
  .array(fc.tuple(fc.constantFrom(...traffics), fc.constantFrom(...peers)), { maxLength: 6 })
  .map((made) =>
    made.map(([traffic, peer], i): Rule => ({
      ...{
        id: `sg-a:ingress:${i + 1}`,
        groupId: 'sg-a',
        direction: 'ingress',
        traffic,
        peer,
        place: '',
      },
    })),
  );

/** Everything that rules can be asked: a protocol, a port or none, an address or another peer, and whether any peer is meant. */
export function admitted(given: readonly Rule[]): Set<string> {
  const found = new Set<string>();
  for (const { traffic, peer } of given) {
    for (const protocol of [6, 17, 1, 50, 99]) {
      for (const port of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 600, -1]) {
        if (!covers(traffic, protocol, port)) continue;
        if (peer.kind !== 'cidr') {
          // ICMP is a protocol of one family (PR-3).
          const families = traffic.kind === 'icmp' ? [4] : [4, 6];
          for (const family of families) found.add([protocol, port, peer.kind, family].join(' '));
          continue;
        }
        if (peer.prefix.length === 0) found.add([protocol, port, 'any'].join(' '));
        for (let host = 0n; host < 17n; host++) {
          const value = 0x0a00_0000n + host;
          if (prefixContains(peer.prefix, { family: 4, value })) {
            found.add([protocol, port, host].join(' '));
          }
        }
      }
    }
  }
  return found;
}

/** `port` -1: it is not known. */
function covers(traffic: Traffic, protocol: number, port: number): boolean {
  if (traffic.kind === 'all') return true;
  if (traffic.protocol !== protocol) return false;
  if (traffic.kind === 'protocol') return true;
  if (traffic.kind === 'icmp') {
    return traffic.type === -1 || (port >= 0 && port === traffic.type * 256 + traffic.code);
  }
  if (port < 0) return traffic.from === 0 && traffic.to === 65_535;
  return traffic.from <= port && port <= traffic.to;
}

/** Boxes as points of the same small space. */
export function pointsOf(boxes: readonly Box[]): Set<string> {
  const found = new Set<string>();
  for (const { peers: name, low, high } of boxes) {
    const has = (axis: 0 | 1 | 2, value: bigint): boolean =>
      low[axis] <= value && value <= high[axis];
    for (const protocol of [6, 17, 1, 50, 99]) {
      for (const port of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 600, -1]) {
        if (!has(0, BigInt(protocol)) || !has(1, port < 0 ? PORT_UNKNOWN : BigInt(port))) continue;
        if (name.startsWith('group') || name.startsWith('prefix-list')) {
          const [kind, , family] = name.split(' ');
          found.add([protocol, port, kind, family].join(' '));
          continue;
        }
        if (has(2, 1n << BigInt(addressWidth(4)))) found.add([protocol, port, 'any'].join(' '));
        for (let host = 0n; host < 17n; host++) {
          if (has(2, 0x0a00_0000n + host)) found.add([protocol, port, host].join(' '));
        }
      }
    }
  }
  return found;
}
