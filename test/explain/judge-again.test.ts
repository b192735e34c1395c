import { describe, expect, test } from 'vitest';
import { judgeAgain } from '../../src/explain/judge-again.js';
import type { Packet } from '../../src/model/packet.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { describeVpc, eni, group, prefixes } from '../policy/describe-vpc.js';
import { type Asked, again, evidenceOf, remember, stepTexts, worldOf } from './evidence.js';
import { bare, first, frame, icmp, later, tcp, udp, withMacs } from './packets.js';
import { host, subnetWorld } from './story.js';

const SSH_IN = '203.0.113.7:51000 > 10.0.1.20:22';
const SSH_OUT = '10.0.1.20:22 > 203.0.113.7:51000';
const DNS_IN = '203.0.113.7:5353 > 10.0.1.20:53';
const DNS_OUT = '10.0.1.20:53 > 203.0.113.7:5353';
const IN = '203.0.113.7 > 10.0.1.20';

const VPC = host([
  'in tcp/22 203.0.113.0/24',
  'in udp/53 203.0.113.0/24',
  'in icmp/8/-1 0.0.0.0/0',
]);
/** Nothing may come in, everything may go out. */
const DENYING = host(['out all 0.0.0.0/0']);
const OPEN = host(['in tcp/22 0.0.0.0/0', 'out all 0.0.0.0/0']);
const HOLDERS_IN = 'interface next no interface has 203.0.113.7, 10.0.1.20 is eni-web';
const HOLDERS_OUT = 'interface next 10.0.1.20 is eni-web, no interface has 203.0.113.7';
const GROUPS = 'groups next sg-web';
const NOT_ASKED = 'rules skip not asked: a live connection needs no rule';
const NO_ANY_PEER = 'tracking next tracked: no matching ingress rule is from 0.0.0.0/0';

/** What is asked once the interface and its groups are told. */
function check(
  vpc: VpcDescription,
  packet: Packet,
  asked: Asked,
  steps: readonly string[],
  finding?: string,
): void {
  const judged = again(vpc, packet, asked);
  const [direction, code] = asked.answer;
  expect(judged.disagreement).toBeUndefined();
  expect(judged.verdict.code).toBe(code);
  const holders = direction === 'ingress' ? HOLDERS_IN : HOLDERS_OUT;
  expect(stepTexts(judged)).toEqual([holders, GROUPS, ...steps]);
  expect(judged.connection?.result).toBe(finding);
}

const LIVE_SSH = remember('connection', tcp(SSH_IN, 'S', 0), 'ingress', {
  ...{ state: 'ESTABLISHED', wasEstablished: true, rule: 'sg-web:1', idleSeconds: 432_000 },
  lastSeenNs: 39_000_000_000n,
});

describe('CT-2, CT-13: a connection is remembered', () => {
  test('hit: no rule is asked', () => {
    const text = 'opened at frame 7 by sg-web:1, 41 s ago, ESTABLISHED, last packet 2 s ago';
    const answer = ['egress', 'tracked', 'sg-web:1'] as const;
    check(
      VPC,
      tcp(SSH_OUT, 'PA', 41),
      { answer, memory: LIVE_SSH },
      [`connection pass ${text}`, NOT_ASKED],
      'hit',
    );
    const judged = again(VPC, tcp(SSH_OUT, 'PA', 41), { answer, memory: LIVE_SSH });
    expect(judged.at).toEqual({ eni: 'eni-web', direction: 'egress', filter: 1, filters: 1 });
    expect(judged.steps.at(-2)!.rule).toMatchObject({ id: 'sg-web:1', groupId: 'sg-web' });
    expect(judged.connection).toMatchObject({ result: 'hit', text, rule: { id: 'sg-web:1' } });
    expect(judged.connection!.remembered).toBe(LIVE_SSH);
  });

  test('miss', () => {
    const answer = ['ingress', 'rule', 'sg-web:1'] as const;
    check(
      VPC,
      tcp(SSH_IN, 'S', 1),
      { answer },
      [
        'connection next none',
        NO_ANY_PEER,
        'rules pass sg-web:1 tcp/22 from 203.0.113.0/24 in sg-web',
      ],
      'miss',
    );
  });

  test('expired', () => {
    const memory = remember('connection', udp(DNS_IN, 0), 'ingress', {
      ...{ state: 'UDP', rule: 'sg-web:2', idleSeconds: 30 },
    });
    const text =
      'expired 12 s before: silent for 42 s, UDP limit 30 s; opened at frame 7 by sg-web:2, 42 s ago';
    const answer = ['egress', 'no-rule'] as const;
    const steps = [`connection next ${text}`, 'rules drop sg-web has no egress rules'];
    check(VPC, udp(DNS_OUT, 42), { answer, memory }, steps, 'expired');
  });

  test('closed, and forgotten by now: dropped by what is remembered of it (CT-14)', () => {
    const memory = { ...LIVE_SSH, state: 'TIME_WAIT' as const, idleSeconds: 120, lastSeenNs: 0n };
    const steps = [
      'connection next closed: last packet 130 s ago, TIME_WAIT limit 120 s; opened at frame 7 by sg-web:1, 130 s ago',
      NO_ANY_PEER,
      'mid-stream drop no SYN, and its connection is over, which is remembered for 1 d',
    ];
    const answer = ['ingress', 'no-state'] as const;
    check(VPC, tcp(SSH_IN, 'PA', 130), { answer, memory }, steps, 'closed');
  });

  test('closed just now: a SYN opens another', () => {
    const memory = { ...LIVE_SSH, state: 'CLOSE' as const, idleSeconds: 10, lastSeenNs: 0n };
    const answer = ['ingress', 'rule', 'sg-web:1'] as const;
    const steps = [
      'connection next closed: CLOSE since 5 s, and a SYN opens another; opened at frame 7 by sg-web:1, 5 s ago',
      NO_ANY_PEER,
      'rules pass sg-web:1 tcp/22 from 203.0.113.0/24 in sg-web',
    ];
    check(VPC, tcp(SSH_IN, 'S', 5), { answer, memory }, steps, 'closed');
  });

  test('CT-10: rules have become so open that it is tracked no more', () => {
    const answer = ['ingress', 'untracked', 'sg-web:1'] as const;
    const judged = again(OPEN, tcp(SSH_IN, 'PA', 41), { answer, memory: LIVE_SSH });
    expect(judged.disagreement).toBeUndefined();
    expect(judged.connection!.result).toBe('untracked');
    expect(judged.connection!.text).toMatch(/which rules no longer ask for$/);
  });

  test('CT-12: a stream, by its turns', () => {
    const memory = remember('connection', udp(DNS_IN, 0), 'ingress', {
      ...{ state: 'UDP_STREAM', rule: 'sg-web:2', idleSeconds: 180, turns: 2 },
    });
    const answer = ['egress', 'tracked', 'sg-web:2'] as const;
    const text = 'opened at frame 7 by sg-web:2, 179 s ago, UDP stream, last packet 179 s ago';
    check(
      VPC,
      udp(DNS_OUT, 179),
      { answer, memory },
      [`connection pass ${text}`, NOT_ASKED],
      'hit',
    );
  });
});

describe('CT-16: an ICMP error', () => {
  const quoted = tcp(SSH_OUT, 'PA', 41);
  const error = icmp(IN, [3, 1], 41, { quote: quoted });

  test('about a live connection', () => {
    const answer = ['ingress', 'related', 'sg-web:1'] as const;
    const steps = [
      'related pass an ICMP error about a connection: opened at frame 7 by sg-web:1, 41 s ago, ESTABLISHED, last packet 2 s ago',
      'rules skip not asked: errors about a live connection need no rule',
    ];
    check(VPC, error, { answer, memory: LIVE_SSH }, steps, 'hit');
  });

  test('about none', () => {
    const steps = [
      'related next an ICMP error about no live connection: none',
      'rules drop 0 of 3 ingress rules of sg-web match',
    ];
    check(VPC, error, { answer: ['ingress', 'no-rule'] }, steps, 'miss');
  });

  test('that the options let not pass, that quotes nothing, that goes to somebody else', () => {
    const related = (packet: Packet, options: Asked['options'] = {}) =>
      stepTexts(
        again(VPC, packet, { answer: ['ingress', 'no-rule'], memory: LIVE_SSH, options }),
      )[2];
    expect(related(error, { related: 'pmtud' })).toBe(
      'related next an ICMP error that needs a rule (--related pmtud)',
    );
    expect(related(icmp(IN, [3, 1], 41))).toBe('related next quotes no packet that can be read');
    const stray = icmp(IN, [3, 1], 41, { quote: tcp('10.0.1.21:22 > 203.0.113.7:51000', 'A', 41) });
    expect(related(stray)).toBe('related next quotes a packet that 10.0.1.20 did not send');
  });
});

describe('CT-25: a denied opening', () => {
  const memory = remember('denied', tcp(SSH_IN, 'S', 1), 'ingress', { idleSeconds: 120 });

  test('is answered', () => {
    const steps = [
      'connection next none',
      'denied-opening drop answers what never passed: its opening was denied at frame 7, 3 s ago',
    ];
    const answer = ['egress', 'not-opened'] as const;
    check(DENYING, tcp(SSH_OUT, 'SA', 4), { answer, memory }, steps, 'denied');
  });

  test('is followed', () => {
    const answer = ['ingress', 'not-opened'] as const;
    const judged = again(DENYING, tcp(SSH_IN, 'A', 4), { answer, memory });
    expect(judged.disagreement).toBeUndefined();
    expect(stepTexts(judged).at(-1)).toMatch(/^denied-opening drop follows what never passed/);
  });

  test('is tried again, and told when last', () => {
    const again2 = { ...memory, lastSeenNs: 3_000_000_000n };
    const answer = ['ingress', 'no-rule'] as const;
    const steps = [
      'connection next none',
      'denied-opening next its opening was denied at frame 7, 3 s ago, again 1 s ago; a SYN is judged afresh',
      'rules drop sg-web has no ingress rules',
    ];
    check(DENYING, tcp(SSH_IN, 'S', 4), { answer, memory: again2 }, steps, 'denied');
  });

  test('is forgotten, or was not to be remembered', () => {
    const inferred = [
      'tracking next tracked: no ingress rule opens every tcp port from 0.0.0.0/0',
      'mid-stream pass its opening was not seen (--midstream history): sg-web:1 all to 0.0.0.0/0 in sg-web allows it',
    ];
    const answer = ['egress', 'inferred', 'sg-web:1'] as const;
    const forgotten =
      'denied-opening next its opening was denied at frame 7, 120 s ago, which is forgotten by now';
    check(
      DENYING,
      tcp(SSH_OUT, 'SA', 121),
      { answer, memory },
      ['connection next none', forgotten, ...inferred],
      'miss',
    );
    const options = { denied: 'forget' } as const;
    check(
      DENYING,
      tcp(SSH_OUT, 'SA', 4),
      { answer, memory, options },
      ['connection next none', ...inferred],
      'miss',
    );
  });
});

describe('CT-4 to CT-11: tracking', () => {
  const untracked = remember('untracked', tcp(SSH_IN, 'S', 1), 'ingress');

  test('none because of two rules', () => {
    const answer = ['ingress', 'untracked', 'sg-web:1'] as const;
    const steps = [
      'connection next none: the flow is not tracked since frame 7',
      'tracking pass not tracked: sg-web:1 tcp/22 from 0.0.0.0/0 in sg-web, and sg-web:2 all to 0.0.0.0/0 in sg-web',
    ];
    check(OPEN, tcp(SSH_IN, 'PA', 4), { answer, memory: untracked }, steps, 'untracked');
  });

  test('of a path that is always tracked (CT-7)', () => {
    const via = { prefix: prefixes('203.0.113.0/24')[0]!, via: 'nat-gateway', place: '' } as const;
    const answer = ['ingress', 'rule', 'sg-web:1'] as const;
    const judged = again({ ...OPEN, paths: [via] }, tcp(SSH_IN, 'S', 4), { answer });
    expect(judged.disagreement).toBeUndefined();
    expect(stepTexts(judged)[3]).toBe('tracking next tracked, as every flow through nat-gateway');
  });

  test('CT-11: from here on, since rules have become narrower', () => {
    const answer = ['ingress', 'inferred', 'sg-web:1'] as const;
    const steps = [
      'connection next none: the flow is not tracked since frame 7',
      'tracking pass untracked since frame 7, but rules have become narrower: tracked from here by sg-web:1 tcp/22 from 203.0.113.0/24 in sg-web',
    ];
    check(VPC, tcp(SSH_IN, 'PA', 4), { answer, memory: untracked }, steps, 'untracked');
  });

  test('CT-9: rules allow it no more', () => {
    const answer = ['ingress', 'no-rule'] as const;
    const judged = again(host([]), tcp(SSH_IN, 'PA', 4), { answer, memory: untracked });
    expect(judged.disagreement).toBeUndefined();
    expect(stepTexts(judged).at(-1)).toBe(
      'tracking drop untracked since frame 7, but rules have become narrower: none allows either direction',
    );
  });
});

describe('CT-14: mid-stream', () => {
  test('a noted flow means nothing', () => {
    const memory = remember('noted', tcp(SSH_OUT, 'PA', 1), 'egress');
    const steps = [
      'connection next none',
      'mid-stream pass its opening was not seen (--midstream history): sg-web:1 tcp/22 from 203.0.113.0/24 in sg-web allows what it answers',
    ];
    const answer = ['egress', 'inferred', 'sg-web:1'] as const;
    check(VPC, tcp(SSH_OUT, 'PA', 4), { answer, memory }, steps, 'miss');
  });

  test('no rule, or strict', () => {
    const last = (
      vpc: VpcDescription,
      code: 'no-rule' | 'no-state',
      options: NonNullable<Asked['options']>,
    ) => {
      const judged = again(vpc, tcp(SSH_IN, 'PA', 4), { answer: ['ingress', code], options });
      expect(judged.disagreement).toBeUndefined();
      return stepTexts(judged).at(-1);
    };
    expect(last(host([]), 'no-rule', { midstream: 'pickup' })).toBe(
      'mid-stream drop its opening was not seen (--midstream pickup), and no rule allows either direction',
    );
    expect(last(VPC, 'no-state', { midstream: 'strict' })).toBe(
      'mid-stream drop no SYN, and no connection: dropped by --midstream strict',
    );
  });
});

describe('CT-18: fragments', () => {
  const piece = later(udp(DNS_IN, 2), 5);
  const flow = { ...remember('untracked', udp(DNS_IN, 1), 'ingress').flow, datagram: 5 };
  const noted = (code: 'rule' | 'no-rule') =>
    remember('first-fragment', udp(DNS_IN, 1), 'ingress', {
      ...{ flow, code, idleSeconds: 30 },
      ...(code === 'rule' && { rule: 'sg-web:2' }),
    });

  test('share the answer of the first', () => {
    const shares = 'shares the answer of the first fragment of datagram 5, 1 s ago at frame 7';
    const rule = 'sg-web:2 udp/53 from 203.0.113.0/24 in sg-web';
    const allowed = { answer: ['ingress', 'rule', 'sg-web:2'], memory: noted('rule') } as const;
    check(VPC, piece, allowed, [`fragment pass ${shares}: rule, by ${rule}`]);
    const denied = { answer: ['ingress', 'no-rule'], memory: noted('no-rule') } as const;
    check(VPC, piece, denied, [`fragment drop ${shares}: no-rule`]);
  });

  test('have no port without the first', () => {
    const steps = [
      'fragment next the first fragment of datagram 5 did not come before; without it, only rules for every port can match',
      'rules drop 0 of 3 ingress rules of sg-web match',
    ];
    check(VPC, piece, { answer: ['ingress', 'no-rule'] }, steps);
    const late = { answer: ['ingress', 'no-rule'], memory: noted('rule') } as const;
    const judged = again(VPC, later(udp(DNS_IN, 31), 5), late);
    expect(judged.disagreement).toBeUndefined();
    expect(stepTexts(judged)[2]).toMatch(/came 30 s ago, too long before/);
  });

  test('get the answer of a first one that comes later', () => {
    const rule = 'sg-web:2 udp/53 from 203.0.113.0/24 in sg-web';
    check(VPC, piece, { answer: ['ingress', 'rule', 'sg-web:2'] }, [
      `fragment pass the first fragment of datagram 5, which came later, decided: rule, by ${rule}`,
    ]);
  });

  test('the first one is judged like a whole packet', () => {
    const judged = again(VPC, first(udp(DNS_IN, 1), 5), {
      answer: ['ingress', 'rule', 'sg-web:2'],
    });
    expect(judged.disagreement).toBeUndefined();
    expect(stepTexts(judged)[2]).toBe(
      'fragment next the first one of datagram 5: its answer holds for the others',
    );
  });
});

describe('rules', () => {
  test('none of them, in both groups', () => {
    const vpc = describeVpc({
      groups: [group('sg-a', ['in tcp/80 0.0.0.0/0']), group('sg-b', ['in 50 0.0.0.0/0'])],
      interfaces: [eni('eni-web', ['10.0.1.20'], ['sg-b', 'sg-a'])],
    });
    const judged = again(vpc, tcp(SSH_IN, 'S'), { answer: ['ingress', 'no-rule'] });
    expect(stepTexts(judged)[1]).toBe('groups next sg-a, sg-b');
    expect(stepTexts(judged).at(-1)).toBe('rules drop 0 of 2 ingress rules of sg-a, sg-b match');
  });

  test('CT-19: one, but the kernel says that other connections left no place', () => {
    const options = { maxTracked: 3 };
    const answer = ['ingress', 'allowance-exceeded'] as const;
    const judged = again(VPC, tcp(SSH_IN, 'S'), { answer, options });
    expect(judged.disagreement).toBeUndefined();
    expect(stepTexts(judged).at(-1)).toBe(
      'rules drop a rule matches, but eni-web tracks as many connections as it may: 3',
    );
    const free = again(VPC, tcp(SSH_IN, 'S'), { answer: ['ingress', 'rule', 'sg-web:1'], options });
    expect(free.disagreement).toBeUndefined();
  });

  test('of other protocols: tracking is no question (CT-7)', () => {
    const answer = ['ingress', 'rule', 'sg-web:1'] as const;
    const judged = again(host(['in 50 0.0.0.0/0']), bare(IN, 50), { answer });
    expect(stepTexts(judged).slice(2)).toEqual([
      'connection next none',
      'rules pass sg-web:1 50 from 0.0.0.0/0 in sg-web',
    ]);
  });
});

describe('before the groups', () => {
  const texts = (vpc: VpcDescription, packet: Packet): string[] => {
    const { verdict, ...rest } = evidenceOf(packet, ['egress', 'exempt']);
    // Whatever the kernel is said to have answered: here only the steps are looked at.
    return stepTexts(judgeAgain(worldOf(vpc), { ...rest, verdict }));
  };

  test('NF-1: what is exempt', () => {
    const last = (ends: string) => texts(subnetWorld(), udp(ends)).at(-1);
    expect(last('10.0.1.20:40000 > 169.254.169.253:53')).toBe(
      'exempt pass 169.254.169.253 is Amazon DNS, which is not filtered',
    );
    expect(last('10.0.1.20:40000 > 169.254.7.7:53')).toMatch(/169.254.7.7 is link-local/);
    expect(last('10.0.1.20:40000 > 10.0.0.2:53')).toMatch(/10.0.0.2 is the DNS resolver/);
    expect(last('10.0.1.20:40000 > 10.0.1.1:53')).toMatch(/10.0.1.1 is reserved in the subnet/);
    expect(last('10.0.1.20:68 > 10.0.9.9:67')).toBe('exempt pass DHCP is not filtered');
    expect(last('192.0.2.1:53 > 169.254.169.254:80')).toMatch(/is instance metadata/);
  });

  test('NI-3, NF-4, SG-7, SG-20, NF-3', () => {
    const world = subnetWorld();
    expect(texts(world, udp('10.0.1.20:1 > 224.0.0.251:5353'))).toContain(
      'multicast drop 224.0.0.251 is a multicast address, and a VPC carries no multicast',
    );
    const foreign = withMacs(udp('10.9.9.9:1 > 203.0.113.7:1'), '02000000000a', '02ffffffffff');
    expect(texts(world, foreign)).toEqual([
      'interface next 10.9.9.9 is sent by eni-a, by MAC address 02:00:00:00:00:0a, no interface has 203.0.113.7',
      'source-dest-check drop source 10.9.9.9 is not an address of eni-a, and its source/destination check is on',
    ]);
    expect(texts(subnetWorld({ sourceDestCheck: false }), foreign)[1]).toBe(
      'source-dest-check next source 10.9.9.9 is not an address of eni-a, but its source/destination check is off',
    );
    expect(texts(host([], { groupIds: [], type: 'natGateway' }), udp(DNS_OUT)).at(-1)).toBe(
      'groups pass no security groups: not filtered',
    );
    expect(texts(world, udp('10.0.1.20:1 > 10.0.1.20:1'))).toEqual([
      'interface pass 10.0.1.20 and 10.0.1.20 are both eni-a: the packet does not leave it',
    ]);
    expect(texts(world, udp('192.0.2.1:1 > 192.0.2.2:1'))).toEqual([
      'interface skip no interface has 192.0.2.1, no interface has 192.0.2.2',
    ]);
    expect(texts(world, frame({ kind: 'non-ip' }))).toEqual([
      'interface pass not an IP packet, which is not filtered',
    ]);
    expect(texts(world, frame({ kind: 'unread', code: 'cut' }))).toEqual([
      'interface skip captured too short to judge',
    ]);
  });

  test('CT-20: what the sender drops does not come to the receiver', () => {
    const vpc = describeVpc({
      groups: [group('sg-a'), group('sg-b')],
      interfaces: [
        eni('eni-web', ['10.0.1.20'], ['sg-a'], { name: 'web-1' }),
        eni('eni-db', ['10.0.1.30'], ['sg-b']),
      ],
    });
    const packet = tcp('10.0.1.20:4000 > 10.0.1.30:5432', 'S');
    const judged = again(vpc, packet, { answer: ['egress', 'no-rule'] });
    expect(judged.disagreement).toBeUndefined();
    expect(judged.steps[0]!.text).toBe('10.0.1.20 is eni-web (web-1), 10.0.1.30 is eni-db');
    expect(judged.steps.at(-1)).toEqual({
      ...{ question: 'groups', eni: 'eni-db', direction: 'ingress', result: 'skip' },
      text: 'the packet never comes here',
    });
    expect(judged.at).toEqual({
      ...{ eni: 'eni-web', name: 'web-1', direction: 'egress', filter: 1, filters: 2 },
    });
  });
});

describe('kernel and reference', () => {
  test('differ: told in a sentence', () => {
    const { disagreement, verdict } = again(VPC, tcp(SSH_IN, 'S'), {
      answer: ['ingress', 'no-rule'],
    });
    expect(verdict.code).toBe('rule');
    expect(disagreement).toBe(
      'the kernel says drop no-rule (eni-web ingress no-rule), the reference says allow rule (eni-web ingress rule by sg-web:1)',
    );
  });

  test('the reference takes what it cannot know', () => {
    const full = again(VPC, tcp(SSH_IN, 'S'), { answer: ['ingress', 'state-full'] });
    expect(full.disagreement).toBeUndefined();
    expect(full.verdict.code).toBe('state-full');
    expect(stepTexts(full)).toEqual(['connection skip no memory for its connection']);
    expect(full.at!.eni).toBe('eni-web');
    const evidence = evidenceOf(tcp(SSH_IN, 'S'), ['ingress', 'recorded-twice']);
    const twice = judgeAgain(worldOf(VPC), {
      ...evidence,
      verdict: { ...evidence.verdict, at: [] },
    });
    expect(twice.disagreement).toBeUndefined();
    expect(stepTexts(twice)).toEqual(['interface pass judged where its sender was captured']);
  });
});
