/** What a protocol word alone asks of a frame. */
export type ProtocolTest =
  | { readonly kind: 'ether-type'; readonly value: number }
  | { readonly kind: 'ip-protocol'; readonly layer: IpLayer; readonly number: number };

/** Which IP headers may name the protocol. */
export type IpLayer = 'ip' | 'ip6' | 'both';

const etherType = (value: number): ProtocolTest => ({ kind: 'ether-type', value });
const ipProtocol = (layer: IpLayer, number: number): ProtocolTest => ({
  kind: 'ip-protocol',
  layer,
  number,
});

/** Words that name a protocol layer; `link` and its synonyms stand beside. */
export const PROTOCOL_WORDS: ReadonlyMap<string, ProtocolTest> = new Map([
  ['ip', etherType(0x0800)],
  ['ip6', etherType(0x86dd)],
  ['arp', etherType(0x0806)],
  ['rarp', etherType(0x8035)],
  ['atalk', etherType(0x809b)],
  ['aarp', etherType(0x80f3)],
  ['decnet', etherType(0x6003)],
  ['lat', etherType(0x6004)],
  ['sca', etherType(0x6007)],
  ['mopdl', etherType(0x6001)],
  ['moprc', etherType(0x6002)],
  ['stp', etherType(0x42)],
  ['ipx', etherType(0xe0)],
  ['netbeui', etherType(0xf0)],
  ['tcp', ipProtocol('both', 6)],
  ['udp', ipProtocol('both', 17)],
  ['sctp', ipProtocol('both', 132)],
  ['ah', ipProtocol('both', 51)],
  ['esp', ipProtocol('both', 50)],
  ['pim', ipProtocol('both', 103)],
  ['icmp', ipProtocol('ip', 1)],
  ['igmp', ipProtocol('ip', 2)],
  ['igrp', ipProtocol('ip', 9)],
  ['vrrp', ipProtocol('ip', 112)],
  ['carp', ipProtocol('ip', 112)],
  ['icmp6', ipProtocol('ip6', 58)],
]);

/** The layer that a frame begins with, whatever its link type. */
export const LINK_WORDS: ReadonlySet<string> = new Set(['ether', 'link', 'ppp', 'slip']);

/** Names behind `ether proto`. */
export const ETHER_TYPE_NAMES: ReadonlyMap<string, number> = new Map([
  ...[...PROTOCOL_WORDS].flatMap(([word, test]) =>
    test.kind === 'ether-type' ? [[word, test.value] as const] : [],
  ),
  ['loopback', 0x9000],
  ['iso', 0xfe],
]);

/** Names behind `proto`, `ip proto` and `ip6 proto`: https://www.iana.org/assignments/protocol-numbers. */
export const IP_PROTOCOL_NAMES: ReadonlyMap<string, number> = new Map([
  ['ip', 0],
  ['hopopt', 0],
  ['icmp', 1],
  ['igmp', 2],
  ['ipencap', 4],
  ['tcp', 6],
  ['egp', 8],
  ['igp', 9],
  ['udp', 17],
  ['dccp', 33],
  ['ipv6', 41],
  ['ipv6-route', 43],
  ['ipv6-frag', 44],
  ['rsvp', 46],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['ipv6-icmp', 58],
  ['ipv6-nonxt', 59],
  ['ipv6-opts', 60],
  ['eigrp', 88],
  ['ospf', 89],
  ['ipip', 94],
  ['pim', 103],
  ['vrrp', 112],
  ['l2tp', 115],
  ['sctp', 132],
  ['udplite', 136],
]);
