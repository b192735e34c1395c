// CP-4: Traffic Mirroring sends VXLAN to UDP port 4789, from the primary address of the mirrored interface.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../src/generate/pcap.js';
import { framesOf } from '../capture/frames-of.js';
import { writtenPackets } from '../capture/written-packets.js';
import { frameOf } from './capture.js';
import { createFolder } from './folder.js';
import { VXLAN_BYTES, vxlanFrame } from './mirrored.js';

const folder = createFolder();
folder.write(
  'vpc.yaml',
  `vpc: vpc-1
cidrs: [10.0.0.0/16]
groups:
  sg-a: { ingress: [tcp/443 from 203.0.113.0/24], egress: [tcp/5432 to sg-b] }
  sg-b: { ingress: [tcp/5432 from sg-a, tcp/8443 from 203.0.113.0/24], egress: [] }
  sg-node: { ingress: [udp/4789 from sg-node], egress: [udp/4789 to sg-node] }
  sg-target: { ingress: [], egress: [] }
interfaces:
  eni-a: { addresses: [10.0.1.20, 10.0.1.21], groups: [sg-a] }
  eni-b: { addresses: [10.0.1.30], groups: [sg-b] }
  eni-node1: { addresses: [10.0.2.1], groups: [sg-node] }
  eni-node2: { addresses: [10.0.2.2], groups: [sg-node] }
  eni-target: { addresses: [10.0.1.50], groups: [sg-target] }
`,
);

type Text = readonly [ms: number, packet: string];
interface Session {
  /** Ends of the tunnel. */
  readonly outer: string;
  readonly vni: number;
}
interface Frame {
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
}

const FROM_A: Session = { outer: '10.0.1.20:65000 > 10.0.9.9:4789 udp', vni: 42 };
const FROM_B: Session = { outer: '10.0.1.30:65000 > 10.0.9.9:4789 udp', vni: 43 };
const plain = (packets: readonly Text[]): Frame[] => packets.map(([ms, text]) => frameOf(ms, text));
const mirrored = ({ outer, vni }: Session, packets: readonly Text[]): Frame[] =>
  plain(packets).map(({ timeNs, bytes }) => ({ timeNs, bytes: vxlanFrame(outer, vni, bytes) }));

interface Told {
  readonly frame: number;
  readonly verdict: string;
  readonly code: string;
  readonly at: readonly { readonly eni: string; readonly direction: string }[];
}

/** Without the length, which is that of the whole frame. */
const told = (line: string): Told =>
  JSON.parse(line, (key, value: unknown) => (key === 'length' ? undefined : value)) as Told;

/** The verdicts of a capture, and the report; over a pipe, so that more workers have a share of it. */
async function replay(
  frames: Iterable<Frame>,
  ...args: string[]
): Promise<{ told: Told[]; report: string; codes: string[] }> {
  const command = ['replay', '-r', '-', '--vpc', 'vpc.yaml', '--verdicts', 'v.jsonl', ...args];
  const { stdout, stderr, status } = await folder.run(command, { stdin: encodePcap(frames) });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const lines = folder.read('v.jsonl').split('\n').slice(0, -1).map(told);
  return { told: lines, report: stdout, codes: lines.map(codeAt) };
}

const codeAt = ({ code, at }: Told): string =>
  [code, ...at.map(({ eni, direction }) => `${eni}/${direction}`)].join(' ');

const TRAFFIC: readonly Text[] = [
  [0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S'],
  [100, '10.0.1.20:443 > 203.0.113.7:51000 tcp SA'],
  [200, '203.0.113.7:51000 > 10.0.1.20:443 tcp A'],
  [300, '203.0.113.7:51001 > 10.0.1.20:22 tcp S'],
  [400, '10.0.1.20:40000 > 203.0.113.53:53 udp'],
  [500, 'arp'],
];
const ANSWERS = [
  'rule eni-a/ingress',
  'tracked eni-a/egress',
  'tracked eni-a/ingress',
  'no-rule eni-a/ingress',
  'no-rule eni-a/egress',
  'not-applicable',
];

describe('CP-4: mirrored packets get the verdicts of the packets inside', () => {
  it.each([
    ['to a target outside the VPC', '10.0.1.20:65000 > 10.0.9.9:4789 udp'],
    ['to a target in the VPC', '10.0.1.20:65000 > 10.0.1.50:4789 udp'],
    ['between strangers to the VPC', '192.0.2.1:65000 > 192.0.2.2:4789 udp'],
  ])('%s', async (_, outer) => {
    const inside = await replay(plain(TRAFFIC));
    expect(inside.codes).toEqual(ANSWERS);
    expect(inside.report).not.toContain('taken out of tunnels');
    const ip = TRAFFIC.slice(0, 5);
    const { told, report } = await replay(mirrored({ outer, vni: 7 }, ip));
    expect(told).toEqual(inside.told.slice(0, 5));
    expect(report).toContain('\n  5 packets taken out of tunnels\n');
  });

  it('and so do those that are peeled because the user says so', async () => {
    const frames = mirrored(FROM_A, TRAFFIC);
    const { codes, report } = await replay(frames, '--decap', 'vxlan');
    expect(codes).toEqual(ANSWERS);
    expect(report).toContain('\n  6 packets taken out of tunnels\n');
  });

  it('from among others that were not mirrored', async () => {
    const [first, ...rest] = TRAFFIC.slice(0, 5);
    const frames = [...mirrored(FROM_A, [first!]), ...plain(rest)];
    const { codes, report } = await replay(frames);
    expect(codes).toEqual(ANSWERS.slice(0, 5));
    expect(report).toContain('\n  1 packet taken out of tunnels\n');
  });

  it('even of those that were cut before their ports', async () => {
    const [{ timeNs, bytes }] = mirrored(FROM_A, TRAFFIC.slice(0, 1)) as [Frame];
    const cut = { timeNs, bytes: bytes.subarray(0, VXLAN_BYTES + 36), length: bytes.length };
    const { codes, report } = await replay([cut]);
    expect(codes).toEqual(['cut']);
    expect(report).toContain('\n  1 packet taken out of tunnels\n');
  });

  it('--decap none: they are packets of the interface that sends them', async () => {
    const { codes, report } = await replay(mirrored(FROM_A, TRAFFIC), '--decap', 'none');
    expect(codes).toEqual(TRAFFIC.map(() => 'no-rule eni-a/egress'));
    expect(report).not.toContain('taken out of tunnels');
  });

  it('they are written as they were captured', async () => {
    const frames = mirrored(FROM_A, TRAFFIC.slice(0, 5));
    await replay(frames, '-w', 'in.pcapng', '--write-dropped', 'out.pcap');
    const file = (name: string): Buffer => readFileSync(join(folder.path, name));
    const hex = (list: readonly { bytes: Uint8Array }[]): string[] =>
      list.map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    expect(hex(writtenPackets(file('in.pcapng')))).toEqual(hex(frames.slice(0, 3)));
    expect(hex(framesOf(file('out.pcap')).frames)).toEqual(hex(frames.slice(3)));
    expect(frames[0]!.bytes).toHaveLength(VXLAN_BYTES + 54);
  });
});

describe('CP-4: what only looks mirrored stays as it is', () => {
  const PODS: readonly Text[] = [
    [0, '10.244.1.5:40000 > 10.244.2.6:80 tcp S'],
    [1, '203.0.113.7:51000 > 10.0.1.20:22 tcp S'],
  ];

  it('an overlay between two interfaces', async () => {
    const frames = mirrored({ outer: '10.0.2.1:50000 > 10.0.2.2:4789 udp', vni: 1 }, PODS);
    const { codes, report } = await replay(frames);
    expect(codes).toEqual([
      'rule eni-node1/egress eni-node2/ingress',
      'tracked eni-node1/egress eni-node2/ingress',
    ]);
    expect(report).not.toContain('taken out of tunnels');
  });

  it('but is peeled when the user says so', async () => {
    const frames = mirrored({ outer: '10.0.2.1:50000 > 10.0.2.2:4789 udp', vni: 1 }, PODS);
    const { codes } = await replay(frames, '--decap', 'vxlan');
    expect(codes).toEqual(['no-interface', 'no-rule eni-a/ingress']);
  });
});

describe('CP-4: --vni tells at which interface a network was mirrored', () => {
  const BETWEEN: readonly Text[] = [
    [0, '10.0.1.20:40000 > 10.0.1.30:5432 tcp S'],
    [10, '10.0.1.30:5432 > 10.0.1.20:40000 tcp SA'],
    [20, '10.0.1.20:40000 > 10.0.1.30:5432 tcp A'],
  ];
  /** Each packet at its sender's, then at its receiver's, as two sessions mirror it. */
  const atBothEnds = BETWEEN.flatMap((packet, i) => {
    const [sender, receiver] = i % 2 === 0 ? [FROM_A, FROM_B] : [FROM_B, FROM_A];
    return [...mirrored(sender, [packet]), ...mirrored(receiver, [packet])];
  });
  const A_TO_B = 'eni-a/egress eni-b/ingress';
  const B_TO_A = 'eni-b/egress eni-a/ingress';

  it('a packet between two of them counts once, where it left', async () => {
    const vnis = ['--vni', '42=eni-a', '--vni', '43=eni-b'];
    for (const workers of ['1', '3']) {
      const { codes, report } = await replay(atBothEnds, ...vnis, '--workers', workers);
      expect(codes.map((code) => code.split(' ')[0])).toEqual([
        ...['rule', 'recorded-twice', 'tracked', 'recorded-twice', 'tracked', 'recorded-twice'],
      ]);
      expect(codes.filter((code) => !code.startsWith('recorded'))).toEqual([
        ...[`rule ${A_TO_B}`, `tracked ${B_TO_A}`, `tracked ${A_TO_B}`],
      ]);
      expect(report).toMatch(/recorded-twice +3 /);
    }
  });

  it('without it, both copies count', async () => {
    const { codes } = await replay(atBothEnds);
    expect(codes.map((code) => code.split(' ')[0])).toEqual([
      ...['rule', 'tracked', 'tracked', 'tracked', 'tracked', 'tracked'],
    ]);
  });

  it('at one end alone, it changes nothing', async () => {
    const { codes } = await replay(mirrored(FROM_B, BETWEEN), '--vni', '43=eni-b');
    expect(codes).toEqual([`rule ${A_TO_B}`, `tracked ${B_TO_A}`, `tracked ${A_TO_B}`]);
  });

  it.each([
    [
      ['--vni', '42=eni-x'],
      'error[capture-interface] --vni 42: no interface eni-x is in the VPC; name the interface that it was captured at\n',
    ],
    [
      ['--vni', '42'],
      'error[usage] --vni: "42" does not tell an interface; write it like 42=eni-0123\n',
    ],
    [
      ['--vni', '16777216=eni-a'],
      'error[usage] --vni: "16777216=eni-a" does not tell an interface; write it like 42=eni-0123\n',
    ],
    [
      ['--vni', '42=eni-a', '--vni', '42=eni-b'],
      'error[usage] --vni: 42 is told twice; tell one interface for a number\n',
    ],
  ])('%j is refused', async (args, stderr) => {
    folder.write('a.pcap', encodePcap(mirrored(FROM_A, BETWEEN)));
    await folder.check(['replay', '-r', 'a.pcap', '--vpc', 'vpc.yaml', ...args], {
      stderr,
      status: 2,
    });
  });
});

describe('CP-4: an address that moves takes its mirrored packets along', () => {
  /** Connections to 10.0.1.21: sg-a has a rule for port 443, sg-b for 8443. */
  const COUNT = 10_000;
  const opening = (i: number): Text => [
    i,
    `203.0.113.${1 + (i % 200)}:${1024 + i} > 10.0.1.21:${i % 2 === 0 ? 443 : 8443} tcp S`,
  ];
  const EVENT_AT = 5000;
  folder.write(
    'events.yaml',
    `- { at: +${EVENT_AT}ms, detach-address: { eni-a: 10.0.1.21 }, attach-address: { eni-b: 10.0.1.21 } }\n`,
  );
  const openings = Array.from({ length: COUNT }, (_, i) => opening(i));
  const expected = openings.map(([ms], i) => {
    const eni = ms < EVENT_AT ? 'eni-a' : 'eni-b';
    const port = i % 2 === 0 ? 'eni-a' : 'eni-b';
    return `${eni === port ? 'rule' : 'no-rule'} ${eni}/ingress`;
  });

  it.each(['1', '3'])('%s workers', async (workers) => {
    const args = ['--events', 'events.yaml', '--workers', workers];
    const inside = await replay(plain(openings), ...args);
    expect(inside.codes).toEqual(expected);
    const frames = [
      ...mirrored(FROM_A, openings.slice(0, EVENT_AT)),
      ...mirrored(FROM_B, openings.slice(EVENT_AT)),
    ];
    const { told, report } = await replay(frames, ...args);
    expect(told).toEqual(inside.told);
    expect(report).toContain(`\n  ${COUNT.toLocaleString('en-US')} packets taken out of tunnels\n`);
  });
});
