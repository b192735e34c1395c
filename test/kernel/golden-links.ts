/** IPv4, 10.0.0.1:1000 to 10.0.0.2:2000 over UDP, four bytes of payload; all of 32 bytes. */
export const UDP_PACKET = '4500002000010000401166ca0a0000010a000002 03e807d0000cdfe9 00000000';
export const UDP_PACKET_LENGTH = 32;
/** Bytes of it from which on ports are there. */
export const PORTS_END = 24;

const ETHERNET = '020000000002020000000001';

export interface GoldenLink {
  readonly name: string;
  /** LINKTYPE number of pcap files. */
  readonly linkType: number;
  /** All before the packet, in hex. */
  readonly header: string;
  /** Source and destination MAC addresses, when the link tells some. */
  readonly macs?: readonly [string, string];
}

/** One literal frame of every way that the decoder finds IP by, checked with tshark. Lengths in headers count the packet's 32 bytes. */
export const GOLDEN_LINKS: readonly GoldenLink[] = [
  ethernet('802.1Q', '8100 0001 0800'),
  ethernet('802.1ad over 802.1Q', '88a8 0001 8100 0002 0800'),
  ethernet('the outer tag of old', '9100 0001 0800'),
  ethernet('llc and snap', '0028 aaaa03 000000 0800'),
  ethernet('llc with numbers', '0024 0606 0000'),
  ethernet('osi network layer', '0024 fefe03 cc'),
  ethernet('mpls with two labels', '8847 00010040 00020140 '),
  {
    name: 'mpls pseudowire with control word',
    linkType: 1,
    header: `${ETHERNET} 8847 00010140 00000000 001122334455 00112233445f 0800`,
    macs: ['00112233445f', '001122334455'],
  },
  ethernet('mpls associated channel', '8848 00010140 10000021'),
  ethernet('pppoe', '8864 1100 0001 0022 0021'),
  ethernet('provider backbone bridging', `88e7 00000001 ${ETHERNET} 0800`),
  ethernet('network service header', '894f 0fc20201 00000102'),
  ethernet('trill', `22f3 0000 0001 0002 ${ETHERNET} 0800`),
  ethernet('fabricpath', `8903 0040 ${ETHERNET} 0800`),
  ethernet('vn-tag', '8926 00000000 0800'),
  ethernet('e-tag', '893f 000000000000 0800'),
  ethernet('cisco metadata', '8909 0101 0001 0001 0800'),
  ethernet('macsec in the clear', '88e5 0000 00000001 0800'),
  ethernet('redundancy tag', 'f1c1 0000 0001 0800'),
  ethernet('bridged over snap', `0036 aaaa03 0080c2 0007 0000 ${ETHERNET} 0800`),
  { name: 'bsd null, little-endian', linkType: 0, header: '02000000' },
  { name: 'bsd null, big-endian', linkType: 0, header: '00000002' },
  { name: 'openbsd loopback', linkType: 108, header: '00000002' },
  ...[12, 14, 101, 228].map((linkType) => ({ name: `raw ip ${linkType}`, linkType, header: '' })),
  { name: 'linux cooked', linkType: 113, header: '0000 0001 0006 0200000000010000 0800' },
  {
    name: 'linux cooked 2',
    linkType: 276,
    header: '0800 0000 00000001 0001 00 06 0200000000010000',
  },
  { name: 'ppp', linkType: 9, header: 'ff03 0021' },
  { name: 'ppp, all compressed', linkType: 9, header: '21' },
  { name: 'ppp in hdlc', linkType: 50, header: 'ff03 0021' },
  { name: 'pppoe without ethernet', linkType: 51, header: '1100 0001 0022 0021' },
  { name: 'ppp with direction', linkType: 204, header: '01 ff03 0021' },
  { name: 'cisco hdlc', linkType: 104, header: '0f00 0800' },
  { name: 'frame relay', linkType: 107, header: '1841 03 cc' },
  { name: 'frame relay with snap', linkType: 107, header: '1841 03 00 80 000000 0800' },
  { name: 'frame relay, cisco', linkType: 107, header: '1841 0800' },
  {
    name: '802.11',
    linkType: 105,
    header: `08010000 ${ETHERNET} 020000000003 1000 aaaa03 000000 0800`,
  },
  {
    name: '802.11, four addresses, qos, radiotap',
    linkType: 127,
    header: `0000 0900 02000000 20 88030000 ${ETHERNET} 020000000003 1000 020000000004 0000 aaaa03 000000 0800`,
  },
  {
    name: '802.11 aggregate, radiotap with time',
    linkType: 127,
    header: `0000 1100 03000000 0000000000000000 00 88010000 ${ETHERNET} 020000000003 1000 8000 ${ETHERNET} 0028 aaaa03 000000 0800`,
  },
  {
    name: '802.11, prism',
    linkType: 119,
    header: `00000044 00000090 ${'00'.repeat(136)} 08010000 ${ETHERNET} 020000000003 1000 aaaa03 000000 0800`,
  },
  {
    name: '802.11, avs',
    linkType: 163,
    header: `80211001 00000040 ${'00'.repeat(56)} 08010000 ${ETHERNET} 020000000003 1000 aaaa03 000000 0800`,
  },
  {
    name: '802.11, per-packet information',
    linkType: 192,
    header: `0000 0800 69000000 08010000 ${ETHERNET} 020000000003 1000 aaaa03 000000 0800`,
  },
  ...[149, 258].map((linkType) => ({
    name: `apple tap ${linkType}`,
    linkType,
    header: `6c000000 01000000 0c000000 ${'00'.repeat(96)}`,
  })),
  { name: 'nflog', linkType: 239, header: '0200 0000 0800 0100 08000000 2400 0900' },
  { name: 'pflog', linkType: 117, header: `3d02 ${'00'.repeat(62)}` },
  { name: 'enc', linkType: 109, header: '02000000 00000000 00000000' },
  { name: 'ip over infiniband', linkType: 242, header: `${'00'.repeat(40)} 0800 0000` },
  { name: 'ip over fibre channel', linkType: 122, header: `${'00'.repeat(16)} aaaa03 000000 0800` },
  { name: 'ip over firewire', linkType: 138, header: `${'00'.repeat(16)} 0800` },
  { name: 'fddi', linkType: 10, header: `50 ${ETHERNET} aaaa03 000000 0800` },
  { name: 'token ring', linkType: 6, header: `1040 ${ETHERNET} aaaa03 000000 0800` },
  {
    name: 'token ring with a route',
    linkType: 6,
    header: '1040 020000000002 820000000001 0630 0010 0020 aaaa03 000000 0800',
  },
  { name: 'atm, rfc 1483', linkType: 100, header: 'aaaa03 000000 0800' },
  { name: 'sunatm', linkType: 123, header: '02000020 aaaa03 000000 0800' },
  { name: 'classical ip over atm', linkType: 106, header: '' },
  { name: 'solaris ip', linkType: 226, header: `0102 0000 00000020 ${'00'.repeat(16)}` },
  { name: 'juniper ethernet', linkType: 178, header: `4d474300 ${ETHERNET} 0800`, macs: macs() },
  {
    name: 'juniper atm with snap',
    linkType: 135,
    header: '4d474301 0000000000000000 aaaa03 000000 0800',
  },
  { name: 'juniper atm, plain', linkType: 137, header: '4d474301 00000000' },
  { name: 'juniper ppp', linkType: 179, header: '4d474300 ff03 0021' },
  { name: 'juniper bundle', linkType: 130, header: '4d474300 ff03 0021' },
  { name: 'juniper frame relay', linkType: 180, header: '4d474300 1841 03 cc' },
  { name: 'juniper cisco hdlc', linkType: 181, header: '4d474300 0f00 0800' },
  { name: 'juniper services', linkType: 136, header: '4d474300 000000000000000000000000' },
  { name: 'juniper voice', linkType: 183, header: `4d474300 ${'00'.repeat(18)}` },
  { name: 'juniper mobile gateway', linkType: 133, header: '4d474300 02000000' },
  { name: 'juniper without link', linkType: 178, header: '4d474302 02000000' },
  { name: 'mpls', linkType: 219, header: '00010140' },
];

function ethernet(name: string, header: string): GoldenLink {
  return { name, linkType: 1, header: `${ETHERNET} ${header}`, macs: macs() };
}

function macs(): readonly [string, string] {
  return ['020000000001', '020000000002'];
}
