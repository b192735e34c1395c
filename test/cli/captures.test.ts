import { describe, expect, it } from 'vitest';
import { captureOf } from './capture.js';
import { createFolder } from './folder.js';
import { TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('vpc.yaml', TINY_VPC);
folder.write(
  'in.pcap',
  captureOf(
    [0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S'],
    [200, '203.0.113.7:51000 > 10.0.1.20:443 tcp A'],
  ),
);
folder.write('out.pcap', captureOf([100, '10.0.1.20:443 > 203.0.113.7:51000 tcp SA']));
folder.write('odd@eni-web', captureOf([300, '203.0.113.7:51000 > 10.0.1.20:443 tcp A']));
const replay = (...captures: string[]): string[] => [
  ...['replay', ...captures.flatMap((name) => ['-r', name])],
  ...['--vpc', 'vpc.yaml'],
];

describe('-r', () => {
  it('CP-7: several captures are merged by time, and each is told', async () => {
    const args = replay('in.pcap', 'out.pcap@eni-web', 'odd@eni-web');
    const { stdout, status } = await folder.run([...args, '--verdicts', 'v.jsonl']);
    expect(status).toBe(0);
    expect(stdout.slice(stdout.indexOf('captures'), stdout.indexOf('\n\nverdicts'))).toBe(
      `captures
  in.pcap
    pcap, little-endian, microseconds; ethernet
    2 packets, 108 B
    2023-11-14T22:13:20.000Z to 2023-11-14T22:13:20.200Z (200 ms)
  out.pcap, taken at eni-web
    pcap, little-endian, microseconds; ethernet
    1 packet, 54 B
    2023-11-14T22:13:20.100Z
  odd@eni-web
    pcap, little-endian, microseconds; ethernet
    1 packet, 54 B
    2023-11-14T22:13:20.300Z`,
    );
    const places = folder
      .read('v.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .map(({ frame, capture, captureFrame, code }) => [frame, capture, captureFrame, code]);
    expect(places).toEqual([
      [1, 'in.pcap', 1, 'rule'],
      [2, 'out.pcap', 1, 'tracked'],
      [3, 'in.pcap', 2, 'tracked'],
      [4, 'odd@eni-web', 1, 'tracked'],
    ]);
  });

  it('a capture at an interface that nobody described is refused', () =>
    folder.check(replay('in.pcap@eni-x'), {
      stderr:
        'error[capture-interface] in.pcap: no interface eni-x is in the VPC; name the interface that it was captured at\n',
      status: 2,
    }));

  it('one unreadable capture among several is named', () =>
    folder.check(replay('in.pcap', 'vpc.yaml'), {
      stderr:
        'error[capture-format] vpc.yaml: text is not a capture; record a capture with `tcpdump -w FILE`\n',
      status: 2,
    }));
});
