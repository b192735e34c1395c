import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/model/diagnostic.js';
import { formatAnswer, parseStories } from './story.js';

const BEFORE = 'vpc:\n  vpc: vpc-1\n  cidrs: [10.0.0.0/16]\n\nstory one\n';

function parsePackets(...lines: readonly string[]) {
  const text = BEFORE + lines.map((line) => `  ${line}\n`).join('');
  return parseStories('a.story', text)[0]!.steps;
}

const parseOne = (packet: string) =>
  parsePackets(`1.5 ${packet} => not-judged no-interface`)[0]!.packet;

describe('parseStories', () => {
  it('reads the VPC, the options and the steps of each story', () => {
    const stories = parseStories(
      'a.story',
      [
        '# prose',
        'vpc:',
        '  vpc: vpc-1 # kept',
        '',
        'story one: a name',
        '  options midstream=strict denied=forget history=10',
        '  0.2 arp => not-filtered not-applicable # prose',
        'vpc:',
        '  vpc: vpc-2',
        'story two',
        '  1.000000001 arp => not-filtered not-applicable',
        '',
      ].join('\n'),
    );
    expect(stories).toMatchObject([
      {
        name: 'one: a name',
        line: 5,
        vpc: '  vpc: vpc-1 # kept\n',
        options: { midstream: 'strict', denied: 'forget', historySeconds: 10 },
        steps: [{ line: 7, text: '0.2 arp', packet: { timeNs: 200_000_000n } }],
      },
      {
        name: 'two',
        vpc: '  vpc: vpc-2',
        options: { midstream: 'history', denied: 'remember', historySeconds: 86_400 },
        steps: [{ packet: { timeNs: 1_000_000_001n } }],
      },
    ]);
  });

  it('reads packets of every kind', () => {
    const source = { family: 4, value: 0x0a000001n };
    const destination = { family: 4, value: 0x0a000002n };
    expect(parseOne('10.0.0.1:1 > 10.0.0.2:2 tcp SA')).toEqual({
      timeNs: 1_500_000_000n,
      length: 54,
      content: {
        kind: 'ip',
        ip: {
          source,
          destination,
          protocol: 6,
          transport: { kind: 'tcp', sourcePort: 1, destinationPort: 2, flags: 0x12 },
        },
      },
    });
    expect(
      parseOne('[2001:db8::1]:1 > [2001:db8::2]:2 udp frag id 9 offset 0 more').content,
    ).toMatchObject({
      ip: {
        source: { family: 6, value: 0x20010db8000000000000000000000001n },
        protocol: 17,
        fragment: { id: 9, offset: 0, more: true },
        transport: { kind: 'udp', sourcePort: 1, destinationPort: 2 },
      },
    });
    expect(parseOne('10.0.0.1 > 10.0.0.2 tcp frag id 9 offset 1480').content).toEqual({
      kind: 'ip',
      ip: { source, destination, protocol: 6, fragment: { id: 9, offset: 1480, more: false } },
    });
    expect(parseOne('10.0.0.1 > 10.0.0.2 icmp echo-request id 7').content).toMatchObject({
      ip: { protocol: 1, transport: { kind: 'icmp', type: 8, code: 0, id: 7 } },
    });
    expect(parseOne('2001:db8::1 > 2001:db8::2 icmpv6 echo-reply id 7').content).toMatchObject({
      ip: { protocol: 58, transport: { kind: 'icmp', type: 129, code: 0, id: 7 } },
    });
    expect(
      parseOne('10.0.0.1 > 10.0.0.2 icmp 3/4 about (10.0.0.2:5 > 10.0.0.1:6 tcp)').content,
    ).toMatchObject({
      ip: {
        transport: {
          type: 3,
          code: 4,
          quote: {
            source: destination,
            destination: source,
            transport: { sourcePort: 5, destinationPort: 6, flags: 0 },
          },
        },
      },
    });
    expect(
      parseOne('10.0.0.1 > 10.0.0.2 proto 50 mac 02:00:00:00:00:0a > 02:00:00:00:00:0b'),
    ).toMatchObject({
      sourceMac: '02000000000a',
      destinationMac: '02000000000b',
      content: { ip: { protocol: 50 } },
    });
    expect(parseOne('arp').content).toEqual({ kind: 'non-ip' });
    expect(parseOne('unread cut').content).toEqual({ kind: 'unread', code: 'cut' });
  });

  it('CT-20: takes the answer for the frame from the interfaces asked', () => {
    const answers = parsePackets(
      '0 arp => eni-a egress allow rule sgr-1; eni-b ingress drop no-rule',
      '0 arp => eni-a egress allow rule sgr-1; eni-b ingress not-filtered no-groups',
      '0 arp => eni-a egress allow rule sgr-1; eni-b ingress allow tracked sgr-2',
      '0 arp => eni-a egress not-filtered exempt',
      '0 arp => eni-a egress drop no-rule',
    );
    expect(answers.map(({ expected }) => formatAnswer(expected))).toEqual([
      'drop no-rule; eni-a egress allow rule sgr-1; eni-b ingress drop no-rule',
      'allow rule; eni-a egress allow rule sgr-1; eni-b ingress not-filtered no-groups',
      'allow tracked; eni-a egress allow rule sgr-1; eni-b ingress allow tracked sgr-2',
      'not-filtered exempt; eni-a egress not-filtered exempt',
      'drop no-rule; eni-a egress drop no-rule',
    ]);
  });

  it.each([
    ['story x\n  0 arp => not-judged cut\n', 1],
    ['vpc:\n  a: 1\nstory x\nstory y\n  0 arp => not-judged cut\n', 3],
    ['vpc:\n  a: 1\nstory x\n  0 arp => not-judged cut\nstory x\n', 5],
    ['nonsense\n', 1],
    [`${BEFORE}  options loose=yes\n`, 6],
    [`${BEFORE}  0 arp => not-judged cut\n  options history=1\n`, 7],
    [`${BEFORE}  0 arp not-judged cut\n`, 6],
    [`${BEFORE}  now arp => not-judged cut\n`, 6],
    [`${BEFORE}  0 arp => allow cut\n`, 6],
    [`${BEFORE}  0 arp => eni-a sideways allow rule sgr-1\n`, 6],
    [`${BEFORE}  0 arp => eni-a ingress allow rule\n`, 6],
    [`${BEFORE}  0 arp => eni-a ingress drop no-rule sgr-1\n`, 6],
    [`${BEFORE}  0 10.0.0.1:1 > 10.0.0.2:2 tcp X => not-judged cut\n`, 6],
    [`${BEFORE}  0 10.0.0.1:1 > 10.0.0.2 tcp S => not-judged cut\n`, 6],
    [`${BEFORE}  0 10.0.0.1 > 10.0.0.2 tcp => not-judged cut\n`, 6],
    [`${BEFORE}  0 10.0.0.1 > 2001:db8::1 proto 50 => not-judged cut\n`, 6],
    [`${BEFORE}  0 10.0.0.1 > 10.0.0.2 icmpv6 echo-reply => not-judged cut\n`, 6],
    [`${BEFORE}  0 10.0.0.1:1 > 10.0.0.2:2 udp frag id 1 offset 8 => not-judged cut\n`, 6],
    [`${BEFORE}  0 10.0.0.1 > 10.0.0.2 proto 256 => not-judged cut\n`, 6],
    [`${BEFORE}  0 arp mac 02:00 > 03 => not-judged cut\n`, 6],
    [`${BEFORE}  0 arp quickly => not-judged cut\n`, 6],
  ])('says in which line the fault is: %j', (text, line) => {
    const parse = () => parseStories('a.story', text);
    expect(parse).toThrow(InputError);
    expect(parse).toThrow(`a.story:${line}:`);
  });
});
