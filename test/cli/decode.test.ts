import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../src/generate/pcap.js';
import { DECODED_COLUMNS } from '../../src/report/decoded-line.js';
import { captureName, corpusAbsent, readTruth } from '../kernel/truth.js';
import { captureOf, frameOf } from './capture.js';
import { createFolder } from './folder.js';
import { VXLAN_BYTES, vxlanFrame } from './mirrored.js';

if (corpusAbsent) console.warn('../shared is absent: no foreign capture is decoded by the program');

const folder = createFolder();

// TCP frames are 54 bytes, UDP, ICMP and ARP 42; over IPv6 74 and 62.
const CAPTURE = captureOf(
  [0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S'],
  [100, '10.0.1.20:443 > 203.0.113.7:51000 tcp SA'],
  [1000, '[2001:db8::7]:5353 > [2001:db8:1:1::20]:53 udp'],
  [1500, 'arp'],
  [2000, '203.0.113.7 > 10.0.1.20 icmp echo-request id 7'],
  [3000, '203.0.113.7:53 > 10.0.1.20:4000 udp frag id 9 offset 0 more'],
  [3000, '203.0.113.7 > 10.0.1.20 udp frag id 9 offset 1480'],
  [4000, '203.0.113.7 > 10.0.1.20 proto 50'],
);
folder.write('a.pcap', CAPTURE);

const LINES = [
  '1 1700000000000000000 203.0.113.7 10.0.1.20 6 51000 443 0x02 - - 0 54 54',
  '2 1700000000100000000 10.0.1.20 203.0.113.7 6 443 51000 0x12 - - 0 54 54',
  '3 1700000001000000000 2001:db8::7 2001:db8:1:1::20 17 5353 53 - - - 0 62 62',
  '4 1700000001500000000 - - - - - - - - - 42 42',
  '5 1700000002000000000 203.0.113.7 10.0.1.20 1 - - - 8 0 0 42 42',
  '6 1700000003000000000 203.0.113.7 10.0.1.20 17 53 4000 - - - 0 42 42',
  '7 1700000003000000000 203.0.113.7 10.0.1.20 17 - - - - - 1480 34 34',
  '8 1700000004000000000 203.0.113.7 10.0.1.20 50 - - - - - 0 34 34',
];
const COLUMNS =
  'frame epoch_ns src dst proto sport dport tcp_flags icmp_type icmp_code frag_off frame_len cap_len';

/** What is printed of lines with a space between columns and a dash for what is not there. */
const tsv = (...lines: string[]): string =>
  [COLUMNS, ...lines].map((line) => `${line.replaceAll('-', '').replaceAll(' ', '\t')}\n`).join('');
const some = (...frames: number[]): string => tsv(...frames.map((frame) => LINES[frame - 1]!));
const json = (...objects: object[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join('');

const decode = (...args: string[]): string[] => ['decode', ...args];

describe('sgsim decode', () => {
  it('prints a line for each frame', () =>
    folder.check(decode('-r', 'a.pcap'), { stdout: tsv(...LINES) }));

  it('reads standard input as it comes', () => {
    const pieces = Array.from({ length: Math.ceil(CAPTURE.length / 31) }, (_, i) =>
      CAPTURE.subarray(i * 31, (i + 1) * 31),
    );
    return folder.check(decode('-r', '-'), { stdout: tsv(...LINES) }, { stdin: pieces });
  });

  it('--json: an object for each frame', () => {
    const from = { source: '203.0.113.7', destination: '10.0.1.20' };
    const frame = (number: number, timeNs: string, length: number): object => ({
      ...{ frame: number, timeNs, linkType: 'ethernet', length, captured: length },
    });
    return folder.check(decode('-r', 'a.pcap', '--json'), {
      stdout: json(
        {
          ...frame(1, '1700000000000000000', 54),
          ...{ ...from, protocol: 6, sourcePort: 51000, destinationPort: 443, tcpFlags: 2 },
        },
        {
          ...frame(2, '1700000000100000000', 54),
          ...{ source: '10.0.1.20', destination: '203.0.113.7', protocol: 6 },
          ...{ sourcePort: 443, destinationPort: 51000, tcpFlags: 18 },
        },
        {
          ...frame(3, '1700000001000000000', 62),
          ...{ source: '2001:db8::7', destination: '2001:db8:1:1::20', protocol: 17 },
          ...{ sourcePort: 5353, destinationPort: 53 },
        },
        { ...frame(4, '1700000001500000000', 42), unjudged: 'not-applicable' },
        {
          ...frame(5, '1700000002000000000', 42),
          ...{ ...from, protocol: 1, icmpType: 8, icmpCode: 0 },
        },
        {
          ...frame(6, '1700000003000000000', 42),
          ...{ ...from, protocol: 17, sourcePort: 53, destinationPort: 4000 },
          ...{ fragmentOffset: 0, moreFragments: true },
        },
        {
          ...frame(7, '1700000003000000000', 34),
          ...{ ...from, protocol: 17, fragmentOffset: 1480, moreFragments: false },
        },
        { ...frame(8, '1700000004000000000', 34), ...{ ...from, protocol: 50 } },
      ),
    });
  });

  it.skipIf(corpusAbsent)('prints of a foreign capture what tshark says', () => {
    const name = 'zeek__mixed-vlan-mpls.pcap';
    const columns = COLUMNS.split(' ') as (keyof ReturnType<typeof readTruth>[number])[];
    const lines = readTruth(name).map((row) => columns.map((column) => row[column]).join('\t'));
    return folder.check(decode('-r', captureName(name)), {
      stdout: [DECODED_COLUMNS, ...lines, ''].join('\n'),
    });
  });
});

describe('sgsim decode of some frames', () => {
  it.each<[string[], number[]]>([
    [
      ['-c', '2'],
      [1, 2],
    ],
    [
      ['-c', '100'],
      [1, 2, 3, 4, 5, 6, 7, 8],
    ],
    [
      ['--start', '+1s'],
      [3, 4, 5, 6, 7, 8],
    ],
    [
      ['--end', '+1s'],
      [1, 2],
    ],
    [
      ['--start', '2023-11-14T22:13:21Z', '--end', '1700000003.000'],
      [3, 4, 5],
    ],
    [['--start', '+1s', '-c', '1'], [3]],
    [['--start', '+1h'], []],
    [['udp'], [3, 6, 7]],
    [['src host 203.0.113.7 and not tcp'], [5, 6, 7, 8]],
    [['tcp', 'port', '443', 'and', 'tcp[tcpflags]', '==', 'tcp-syn'], [1]],
    [['-c', '1', 'icmp', 'or', 'arp'], [4]],
    [
      ['--start', '+3s', 'udp'],
      [6, 7],
    ],
  ])('%j', (args, frames) =>
    folder.check(decode('-r', 'a.pcap', ...args), { stdout: some(...frames) }),
  );

  it('of several captures merged by time, numbered through', () => {
    folder.write('b.pcap', captureOf([50, 'arp'], [2500, '10.0.1.20:1 > 10.0.1.21:2 udp']));
    const numbered = (line: string, frame: number): string => line.replace(/^\d+/, String(frame));
    return folder.check(decode('-r', 'b.pcap', '-r', 'a.pcap', '--end', '+2600ms'), {
      stdout: tsv(
        LINES[0]!,
        '2 1700000000050000000 - - - - - - - - - 42 42',
        numbered(LINES[1]!, 3),
        numbered(LINES[2]!, 4),
        numbered(LINES[3]!, 5),
        numbered(LINES[4]!, 6),
        '7 1700000002500000000 10.0.1.20 10.0.1.21 17 1 2 - - - 0 42 42',
      ),
    });
  });
});

describe('sgsim decode --decap', () => {
  const { timeNs, bytes } = frameOf(0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S');
  const outer = '10.0.1.20:50000 > 10.0.9.9:4789 udp';
  folder.write('vxlan.pcap', encodePcap([{ timeNs, bytes: vxlanFrame(outer, 42, bytes) }]));
  const size = VXLAN_BYTES + 54;
  const outside = `1 ${timeNs} 10.0.1.20 10.0.9.9 17 50000 4789 - - - 0 ${size} ${size}`;
  const inside = `1 ${timeNs} 203.0.113.7 10.0.1.20 6 51000 443 0x02 - - 0 ${size} ${size}`;

  it.each([
    ['none', outside],
    ['gre,ipip', outside],
    ['vxlan', inside],
    ['geneve,vxlan', inside],
    ['auto', inside],
  ])('%s', (decap, line) =>
    folder.check(decode('-r', 'vxlan.pcap', '--decap', decap), { stdout: tsv(line) }),
  );

  it('none, unless told', () => folder.check(decode('-r', 'vxlan.pcap'), { stdout: tsv(outside) }));

  it('told in JSON', async () => {
    const { stdout } = await folder.run(decode('-r', 'vxlan.pcap', '--decap', 'vxlan', '--json'));
    expect(JSON.parse(stdout)).toMatchObject({ peeled: true, source: '203.0.113.7' });
  });

  it('of a kind that nobody peels', () =>
    folder.check(decode('-r', 'vxlan.pcap', '--decap', 'l2tp'), {
      stderr:
        'error[usage] --decap: "l2tp" is not peeled; name some of vxlan,geneve,gre,ipip, or auto, or none\n',
      status: 2,
    }));
});

describe('sgsim decode that fails', () => {
  it('a damaged capture: what came before, and exit code 3', () => {
    folder.write('cut.pcap', CAPTURE.subarray(0, CAPTURE.length - 5));
    return folder.check(decode('-r', 'cut.pcap'), {
      stdout: some(1, 2, 3, 4, 5, 6, 7),
      stderr:
        'error[capture-cut] cut.pcap: frame 8: the record is cut off after 45 bytes; the output covers the frames before it\n',
      status: 3,
    });
  });

  it('a filter that says nothing: the word is shown, and no header', async () => {
    const { stdout, stderr, status } = await folder.run(decode('-r', 'a.pcap', 'tcp prot 443'));
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    const [fault, expression, caret] = stderr.split('\n');
    expect(fault).toMatch(/^error\[filter\] /);
    expect(expression!.slice(caret!.indexOf('^'))).toBe('prot 443');
  });

  it.each([
    [['-r', 'none.pcap'], 'capture-file'],
    [['-r', 'a.pcap', '-c', '0'], 'usage'],
    [['-r', 'a.pcap', '--start', 'noon'], 'usage'],
    [['-r', '-', '-r', '-'], 'usage'],
  ])('%j', async (args, code) => {
    const { stdout, stderr, status } = await folder.run(decode(...args));
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toMatch(new RegExp(`^error\\[${code}\\] .*\\n$`));
  });
});
