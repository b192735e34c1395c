// The packets that a question asks about: who stands at its ends, of which family, and how many.
import { describe, expect, test } from 'vitest';
import { parseFlowQuestion } from '../../src/documents/flow-question.js';
import { nearNames } from '../../src/explain/near-names.js';
import { packetsOf, type QuestionPackets } from '../../src/explain/question-packets.js';
import { formatAddress } from '../../src/model/address.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { describeVpc, errorsOf, yaml } from '../documents/loading.js';

const VPC = describeVpc(
  yaml(
    'vpc.yaml',
    'vpc: vpc-1',
    'cidrs: [10.0.0.0/16, 2001:db8::/56]',
    'groups:',
    '  sg-web: { name: web tier, egress: [] }',
    '  sg-db: { name: db, egress: [] }',
    '  sg-six: { egress: [] }',
    '  sg-none: { egress: [] }',
    '  sg-one: { name: one, egress: [] }',
    '  sg-two: { name: one, vpc: vpc-2, egress: [] }',
    'interfaces:',
    '  eni-a: { addresses: [10.0.1.1, 10.0.1.11, 2001:db8::1], name: web-1, groups: [sg-web] }',
    '  eni-b: { addresses: [10.0.1.2], name: web-2, groups: [sg-web, sg-one], instance: i-b, deviceIndex: 0 }',
    '  eni-b2: { addresses: [10.0.1.3], name: web-2, groups: [sg-db], instance: i-b, deviceIndex: 1 }',
    '  eni-c: { addresses: [10.0.2.1], groups: [sg-db], instance: i-c, deviceIndex: 1 }',
    '  eni-d: { addresses: [2001:db8::d], groups: [sg-six], name: db }',
  ),
);

const ask = (text: string, vpc: VpcDescription = VPC): QuestionPackets =>
  packetsOf(parseFlowQuestion(text), vpc);

/** Subject and addresses of each packet. */
const linesOf = ({ packets }: QuestionPackets): readonly string[] =>
  packets.map(({ packet: { content }, subject }) => {
    if (content.kind !== 'ip') throw new Error('not IP');
    const { source, destination } = content.ip;
    return `${subject}: ${formatAddress(source)} ${formatAddress(destination)}`;
  });

describe('packets', () => {
  test('of addresses: what was written, at time 0, of 60 bytes', () => {
    expect(ask('tcp 10.0.1.1:5000 > 10.0.2.1:443 [A]')).toEqual({
      packets: [
        {
          subject: '10.0.1.1 > 10.0.2.1',
          packet: {
            timeNs: 0n,
            length: 60,
            content: {
              kind: 'ip',
              ip: {
                source: { family: 4, value: 0x0a000101n },
                destination: { family: 4, value: 0x0a000201n },
                protocol: 6,
                transport: { kind: 'tcp', sourcePort: 5000, destinationPort: 443, flags: 0x10 },
              },
            },
          },
        },
      ],
      omitted: 0,
      notes: [],
    });
  });

  test.each([
    ['udp', { kind: 'udp', sourcePort: 49_152, destinationPort: 53 }, 17, 'udp eni-b > eni-c:53'],
    ['icmp', { kind: 'icmp', type: 3, code: 4, id: 0 }, 1, 'icmp 3/4 eni-b > eni-c'],
    ['gre', undefined, 47, 'gre eni-b > eni-c'],
  ])('of %s', (_, transport, protocol, text) => {
    const { content } = ask(text).packets[0]!.packet;
    if (content.kind !== 'ip') throw new Error('not IP');
    expect(content.ip.protocol).toBe(protocol);
    expect(content.ip.transport).toEqual(transport);
  });

  test('a source port that nobody named is assumed, and said to matter to no rule (SG-3)', () => {
    const { packets, notes } = ask('tcp eni-a > eni-b:1');
    expect(packets[0]!.packet.content).toMatchObject({
      ip: { transport: { sourcePort: 49_152, flags: 0x02 } },
    });
    expect(notes).toEqual(['source port 49152 is assumed: rules never ask for it (SG-3)']);
    expect(ask('icmp eni-a > eni-b').notes).toEqual([]);
  });
});

describe('ends', () => {
  test.each([
    [
      'an interface: its first address',
      'icmp eni-a > 10.9.9.9',
      ['eni-a (web-1) > 10.9.9.9: 10.0.1.1 10.9.9.9'],
    ],
    [
      'the family of the other end',
      'tcp eni-a > [2001:db8::9]:1',
      ['eni-a (web-1) > 2001:db8::9: 2001:db8::1 2001:db8::9'],
    ],
    [
      'the same the other way round',
      'tcp eni-d > eni-a:1',
      ['eni-d (db) > eni-a (web-1): 2001:db8::d 2001:db8::1'],
    ],
    [
      'the family of the protocol (PR-3)',
      'icmpv6 eni-a > eni-d',
      ['eni-a (web-1) > eni-d (db): 2001:db8::1 2001:db8::d'],
    ],
    [
      'an instance: its primary interface (NI-1)',
      'esp i-b > eni-c',
      ['eni-b (web-2) > eni-c: 10.0.1.2 10.0.2.1'],
    ],
    ['a name', 'esp web-1 > eni-c', ['eni-a (web-1) > eni-c: 10.0.1.1 10.0.2.1']],
    [
      'a name of two interfaces: both',
      'esp eni-c > web-2',
      ['eni-c > eni-b (web-2): 10.0.2.1 10.0.1.2', 'eni-c > eni-b2 (web-2): 10.0.2.1 10.0.1.3'],
    ],
    [
      'the name of a group',
      'esp web tier > eni-c',
      ['eni-a (web-1) > eni-c: 10.0.1.1 10.0.2.1', 'eni-b (web-2) > eni-c: 10.0.1.2 10.0.2.1'],
    ],
    ['one interface at both ends (SG-20)', 'esp eni-c > i-c', undefined],
    [
      'itself, when just that is asked (SG-20)',
      'esp eni-c > eni-c',
      ['eni-c > eni-c: 10.0.2.1 10.0.2.1'],
    ],
  ])('%s', (_, text, lines) => {
    if (lines === undefined) {
      expect(errorsOf(() => ask(text))[0]).toContain(
        'which interface of i-c is the primary one is not known; name the interface',
      );
    } else expect(linesOf(ask(text))).toEqual(lines);
  });

  test('a group on both sides: every pair but an interface with itself', () => {
    expect(linesOf(ask('esp sg-web > sg-web'))).toEqual([
      'eni-a (web-1) > eni-b (web-2): 10.0.1.1 10.0.1.2',
      'eni-b (web-2) > eni-a (web-1): 10.0.1.2 10.0.1.1',
    ]);
    expect(linesOf(ask('esp eni-a > sg-web'))).toEqual([
      'eni-a (web-1) > eni-b (web-2): 10.0.1.1 10.0.1.2',
    ]);
  });

  test('pairs without a family in common are left out, and counted', () => {
    const asked = ask('esp sg-web > sg-six');
    expect(linesOf(asked)).toEqual(['eni-a (web-1) > eni-d (db): 2001:db8::1 2001:db8::d']);
    expect(asked.notes).toEqual(['pairs without an address family in common are left out: 1']);
  });
});

describe('the internet', () => {
  const vpc = (...lines: string[]): VpcDescription => {
    const eni = '  eni-a: { addresses: [10.0.1.1, 2600::1], groups: [sg-a] }';
    return describeVpc(yaml('v.yaml', ...lines, 'interfaces:', eni));
  };
  const group = (...rules: string[]): string => `groups: { sg-a: { ingress: [${rules.join()}] } }`;

  test('is an address for documentation, and is said to be one', () => {
    const asked = ask('icmp internet > eni-a', vpc(group()));
    expect(linesOf(asked)).toEqual(['internet > eni-a: 203.0.113.1 10.0.1.1']);
    expect(asked.notes).toEqual(['203.0.113.1 stands for the internet']);
    expect(linesOf(ask('esp internet > 2600::1', vpc(group())))).toEqual([
      'internet > 2600::1: 2001:db8::1 2600::1',
    ]);
  });

  test.each([
    ['outside blocks that rules name', group('tcp/22 from 203.0.113.0/24'), '198.51.100.1'],
    ['but any is no such block', group('tcp/22 from 0.0.0.0/1, tcp/22 from any'), '203.0.113.1'],
    ['outside the VPC', `cidrs: [203.0.113.0/24]\n${group()}`, '198.51.100.1'],
    [
      'outside prefix lists',
      `prefix-lists: { pl-a: [203.0.113.0/24, 198.51.100.0/24] }\n${group()}`,
      '192.0.2.1',
    ],
  ])('%s', (_, lines, address) => {
    expect(linesOf(ask('icmp internet > eni-a', vpc(lines)))).toEqual([
      `internet > eni-a: ${address} 10.0.1.1`,
    ]);
  });
});

describe('what means nobody is refused, with a caret under it', () => {
  test.each([
    [
      'esp wbe-1 > eni-c',
      "'wbe-1' names no interface, instance or group of the VPC",
      'did you mean web-1?',
      'wbe-1',
    ],
    [
      'esp eni-c > sg-wbe',
      "'sg-wbe' names no interface, instance or group of the VPC",
      'did you mean sg-web?',
      'sg-wbe',
    ],
    [
      'esp Internet > eni-c',
      "'Internet' names no interface, instance or group of the VPC",
      'did you mean internet?',
      'Internet',
    ],
    [
      'esp somebody else > eni-c',
      "'somebody else' names no interface, instance or group of the VPC",
      'write an address, or an id or name that the documents have',
      'somebody else',
    ],
    ['esp eni-c > sg-none', 'no interface carries sg-none', 'write an address instead', 'sg-none'],
    ['esp eni-c > db', 'db is the name of eni-d and sg-db', 'write the id of one', 'db'],
    ['esp one > eni-c', 'one is the name of sg-one and sg-two', 'write the id of one', 'one'],
    [
      'esp sg-one > sg-one',
      'only eni-b (web-2) stands at both ends',
      'write another destination',
      'sg-one',
    ],
    [
      'esp eni-c > 2001:db8::1',
      'eni-c and 2001:db8::1 have no address family in common',
      'write two IPv4 or two IPv6 addresses',
      '2001:db8::1',
    ],
    [
      'icmp eni-c > 2001:db8::1',
      'icmp is of IPv4, and 2001:db8::1 has no such address',
      'write icmpv6 or an IPv4 address',
      '2001:db8::1',
    ],
    [
      'icmpv6 eni-c > 2001:db8::1',
      'icmpv6 is of IPv6, and eni-c has no such address',
      'write icmp or an IPv6 address',
      'eni-c',
    ],
  ])('%s', (text, fact, fix, meant) => {
    const [first = '', , caret = ''] = errorsOf(() => ask(text))[0]?.split('\n') ?? [];
    expect(first).toBe(`error[flow] flow question: ${fact}; ${fix}`);
    const column = caret.indexOf('^') - 2;
    expect(text.slice(column, column + caret.trim().length)).toBe(meant);
  });
});

describe('bounds', () => {
  /** Groups of `many` interfaces each, every second one with IPv6 alone in the second. */
  const crowd = (many: number): VpcDescription => {
    const enis = Array.from({ length: many }, (_, i) => {
      const low = `${Math.floor(i / 250)}.${(i % 250) + 1}`;
      const address = i % 2 === 0 ? `10.2.${low}` : `2001:db8::${i.toString(16)}`;
      return [
        `  eni-a${i}: { addresses: [10.1.${low}], groups: [sg-a] }`,
        `  eni-b${i}: { addresses: ["${address}"], groups: [sg-b] }`,
      ];
    });
    const groups = 'groups: { sg-a: {}, sg-b: {} }';
    return describeVpc(yaml('crowd.yaml', groups, 'interfaces:', ...enis.flat()));
  };

  test('at most 1,000 pairs, the rest is counted', () => {
    const asked = ask('esp sg-a > sg-a', crowd(100));
    expect(asked.packets).toHaveLength(1000);
    expect(asked.omitted).toBe(100 * 99 - 1000);
    const other = ask('esp sg-a > sg-b', crowd(100));
    expect(other.omitted).toBe(100 * 50 - 1000);
    expect(other.notes).toEqual(['pairs without an address family in common are left out: 5000']);
  });

  test('two large groups that have nothing in common', () => {
    const vpc = crowd(3000);
    const six = vpc.interfaces.filter(
      ({ id, addresses }) => id.startsWith('eni-a') || addresses[0]?.family === 6,
    );
    expect(errorsOf(() => ask('esp sg-a > sg-b', { ...vpc, interfaces: six }))[0]).toContain(
      'eni-a0 and eni-b1 have no address family in common',
    );
  });
});

test('near names: the nearest; swapped neighbours count once, beginnings are as near as can be', () => {
  const names = ['web-1', 'db', 'payments-worker', 'web-2', 'eni-0123456789abcdef0'];
  expect(nearNames('wbe-1', names, 3)).toEqual(['web-1']);
  expect(nearNames('WEB-2', names, 3)).toEqual(['web-2']);
  expect(nearNames('paymnets-wrker', names, 3)).toEqual(['payments-worker']);
  expect(nearNames('eni-0123', names, 3)).toEqual(['eni-0123456789abcdef0']);
  expect(nearNames('web', names, 3)).toEqual(['web-1', 'web-2']);
  expect(nearNames('web-3', names, 1)).toEqual(['web-1']);
  expect(nearNames('cache', names, 3)).toEqual([]);
});
