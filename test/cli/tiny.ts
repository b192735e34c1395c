import { captureOf } from './capture.js';

/** One web server that may be asked by 203.0.113.0/24 over HTTPS, and may ask nobody. */
export const TINY_VPC = `vpc: vpc-1
cidrs: [10.0.0.0/16]
subnets: { subnet-a: [10.0.1.0/24] }
groups:
  sg-web:
    ingress: [{ id: sgr-https, rule: tcp/443 from 203.0.113.0/24 }]
    egress: []
interfaces:
  eni-web: { name: web, subnet: subnet-a, addresses: [10.0.1.20], groups: [sg-web] }
`;

/**
 * A handshake that the rule allows, two openings that nothing allows, a question that has no egress rule, and two
 * frames that are no business of the interface. TCP frames are 54 bytes, UDP and ARP 42.
 */
export const TINY_CAPTURE = captureOf(
  [0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S'],
  [100, '10.0.1.20:443 > 203.0.113.7:51000 tcp SA'],
  [200, '203.0.113.7:51000 > 10.0.1.20:443 tcp A'],
  [1000, '203.0.113.7:51001 > 10.0.1.20:22 tcp S'],
  [1500, '198.51.100.9:51001 > 10.0.1.20:22 tcp S'],
  [2000, '10.0.1.20:40000 > 203.0.113.53:53 udp'],
  [3000, 'arp'],
  [4000, '198.51.100.1:1000 > 198.51.100.2:2000 udp'],
);

const ASSUMPTIONS = `
assumptions
  CT-1: each interface tracks its own connections, also within one instance
  CT-4: only rules whose peer is 0.0.0.0/0 or ::/0 itself leave flows untracked
  CT-12: udp becomes a stream with the second request that is answered
  CT-13: tcp timers other than established are those of linux
  CT-14: tcp that begins mid-stream passes when a rule allows either
    direction; after its connection ended it is dropped
  CT-14: an ended connection is remembered for 86400 s
  CT-15: an icmp query and its replies are tracked for 30 s
  CT-16: every icmp error about a tracked connection passes
  CT-18: the verdict of a first fragment covers the later ones, those up to
    4096 frames before it too
  CT-25: packets that answer or follow a denied opening are dropped too
  NF-1: link-local addresses and the first four of a subnet are not filtered
  CT-22: 1 of 1 interfaces set no tcp idle limit: 432000 s (350 s on nitro v6)
`;

const VERDICTS = `
verdicts        packets    share  bytes  flows
  allowed             3   37.5 %    162      1
  dropped             3   37.5 %    150      3
  not filtered        1   12.5 %     42      0
  not judged          1   12.5 %     42      0
  sum                 8  100.0 %    396      4

dropped by cause       packets  flows  bytes
  no-rule                    3      3  150 B  no rule allows it

not filtered by cause  packets  flows  bytes
  not-applicable             1      0   42 B  not IP, or neighbor discovery

not judged by cause    packets  flows  bytes
  no-interface               1      0   42 B  no interface has its addresses
`;

/** The report on TINY_CAPTURE under the name that the user gave it. */
export const tinyReport = (name = 'tiny.pcap'): string => `captures
  ${name}
    pcap, little-endian, microseconds; ethernet
    8 packets, 396 B
    2023-11-14T22:13:20.000Z to 2023-11-14T22:13:24.000Z (4 s)
${VERDICTS}
packets by interface  allowed  dropped  not filtered
  eni-web (web)
    ingress                 2        2             0
    egress                  1        1             0

rules by hits                  packets  flows  bytes
  tcp/443 from 203.0.113.0/24        3      1  162 B
    sgr-https in sg-web, ingress

dropped flows                           packets  flows  bytes
  tcp/22 from 203.0.113.7 (and others)        2      2  108 B
    no-rule at eni-web ingress, frame 4
    2023-11-14T22:13:21.000Z to 2023-11-14T22:13:21.500Z
  udp/53 to 203.0.113.53                      1      1   42 B
    no-rule at eni-web egress, frame 6
    2023-11-14T22:13:22.000Z
${ASSUMPTIONS}`;

export const TINY_REPORT_TOP_0 = `captures
  1 more capture: 8 packets, 396 B
${VERDICTS}
packets by interface  allowed  dropped  not filtered
  1 more interface          3        3             0

rules by hits  packets  flows  bytes
  1 more rule        3      1  162 B

dropped flows    packets  flows  bytes
  2 more groups        3      3  150 B
${ASSUMPTIONS}`;

export const TINY_REPORT_TOP_1 = tinyReport().replace(
  `  udp/53 to 203.0.113.53                      1      1   42 B
    no-rule at eni-web egress, frame 6
    2023-11-14T22:13:22.000Z
`,
  `  1 more group                                1      1   42 B
`,
);

export const EMPTY_REPORT = `captures
  tiny.pcap
    pcap, little-endian, microseconds; ethernet
    0 packets, 0 B

no packets were read: there is nothing to judge
${ASSUMPTIONS}`;

const at = (direction: string, verdict: string, code: string, rule: string | null): string =>
  `[{"eni":"eni-web","direction":"${direction}","verdict":"${verdict}","code":"${code}","rule":${JSON.stringify(rule)}}]`;

const line = (
  frame: number,
  timeNs: string,
  verdict: string,
  code: string,
  where: string,
  packet: string,
) =>
  `{"frame":${frame},"timeNs":"${timeNs}","verdict":"${verdict}","code":"${code}","at":${where},${packet}}\n`;

type Judged = readonly [frame: number, timeNs: string, direction: string, packet: string];

const allowed = (code: string, [frame, timeNs, direction, packet]: Judged): string =>
  line(frame, timeNs, 'allow', code, at(direction, 'allow', code, 'sgr-https'), packet);

const dropped = ([frame, timeNs, direction, packet]: Judged): string =>
  line(frame, timeNs, 'drop', 'no-rule', at(direction, 'drop', 'no-rule', null), packet);

const ends = (length: number, from: string, to: string, protocol: number): string => {
  const [[source, sourcePort], [destination, destinationPort]] = [from, to].map((end) =>
    end.split(':'),
  ) as [[string, string], [string, string]];
  return `"length":${length},"source":"${source}","destination":"${destination}","protocol":${protocol},"sourcePort":${sourcePort},"destinationPort":${destinationPort}`;
};
const tcp = (from: string, to: string, flags: number): string =>
  `${ends(54, from, to, 6)},"tcpFlags":${flags}`;
const udp = (from: string, to: string): string => ends(42, from, to, 17);

const [WEB, USER] = ['10.0.1.20:443', '203.0.113.7:51000'];
export const TINY_VERDICTS = [
  allowed('rule', [1, '1700000000000000000', 'ingress', tcp(USER, WEB, 2)]),
  allowed('tracked', [2, '1700000000100000000', 'egress', tcp(WEB, USER, 18)]),
  allowed('tracked', [3, '1700000000200000000', 'ingress', tcp(USER, WEB, 16)]),
  dropped([4, '1700000001000000000', 'ingress', tcp('203.0.113.7:51001', '10.0.1.20:22', 2)]),
  dropped([5, '1700000001500000000', 'ingress', tcp('198.51.100.9:51001', '10.0.1.20:22', 2)]),
  dropped([6, '1700000002000000000', 'egress', udp('10.0.1.20:40000', '203.0.113.53:53')]),
  line(7, '1700000003000000000', 'not-filtered', 'not-applicable', '[]', '"length":42'),
  line(
    ...([8, '1700000004000000000', 'not-judged', 'no-interface', '[]'] as const),
    udp('198.51.100.1:1000', '198.51.100.2:2000'),
  ),
];
