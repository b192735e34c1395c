import { describe, expect, test } from 'vitest';
import { createReference } from '../../src/explain/reference.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { NS, tcp } from './packets.js';
import { answerText, check, host } from './story.js';
import type { Line } from './story.js';

const IN = '203.0.113.7:51000 > 10.0.1.20:443';
const OUT = '10.0.1.20:443 > 203.0.113.7:51000';
const VPC = host(['in tcp/443 203.0.113.0/24']);

/**
 * Plays a trace such as `>S <SA >A`, `>` towards the interface, one packet a second, then asks with a packet
 * without flags whether the connection lives. The first packet opens it.
 */
function livesFor(seconds: number, trace: string, vpc = VPC): void {
  const packets = packetsOf(trace);
  const end = packets.length - 1 + seconds;
  expect(answersTo([...packets, tcp(OUT, '', end - NS)], vpc)).toEqual([
    'allow rule sg-web:1',
    ...packets.map(() => 'allow tracked sg-web:1'), // the rest of them, and the question
  ]);
  expect(answersTo([...packets, tcp(OUT, '', end)], vpc).at(-1)).toBe('drop no-state');
}

function packetsOf(trace: string) {
  return trace
    .split(' ')
    .map((step, at) => tcp(step.startsWith('>') ? IN : OUT, step.slice(1), at));
}

/** Mid-stream policy `strict`: what meets no live connection is dropped, so that liveness shows. */
function answersTo(packets: ReturnType<typeof packetsOf>, vpc = VPC): string[] {
  const reference = createReference(resolvePolicy(vpc), {
    ...DEFAULT_TRACKING,
    midstream: 'strict',
  });
  return packets.map((packet) => answerText(reference.judge(packet)));
}

describe('CT-13: how long each state lasts', () => {
  test.each([
    ['SYN_SENT', 120, '>S'],
    ['SYN_SENT, SYN again', 120, '>S >S'],
    ['SYN_SENT, a lone ACK of the opener changes nothing', 120, '>S >A'],
    ['SYN_RECEIVED', 60, '>S <SA'],
    ['SYN_RECEIVED, its own ACK changes nothing', 60, '>S <SA <A'],
    ['ESTABLISHED', 432_000, '>S <SA >A'],
    ['ESTABLISHED, data both ways', 432_000, '>S <SA >A >PA <PA'],
    ['ESTABLISHED, SYN again is permitted and changes nothing', 432_000, '>S <SA >A >S'],
    ['ESTABLISHED, SYN of the other side', 432_000, '>S <SA >A <S'],
    ['ESTABLISHED, SYN-ACK again', 432_000, '>S <SA >A <SA'],
    ['FIN_WAIT by the opener', 120, '>S <SA >A >FA'],
    ['FIN_WAIT by the other side', 120, '>S <SA >A <FA'],
    ['FIN_WAIT before the handshake is over', 120, '>S <SA >FA'],
    ['CLOSE_WAIT', 60, '>S <SA >A >FA <A'],
    ['CLOSE_WAIT, more data', 60, '>S <SA >A >FA <A <PA >A'],
    ['LAST_ACK', 30, '>S <SA >A >FA <A <FA'],
    ['LAST_ACK by FIN answering FIN', 30, '>S <SA >A >FA <FA'],
    ['LAST_ACK, FIN again', 30, '>S <SA >A >FA <FA <FA'],
    ['TIME_WAIT', 120, '>S <SA >A >FA <A <FA >A'],
    ['TIME_WAIT, ACK again', 120, '>S <SA >A >FA <A <FA >A >A'],
    ['TIME_WAIT, FIN again', 120, '>S <SA >A >FA <A <FA >A <FA'],
    ['CLOSE by reset of the opener', 10, '>S <SA >A >R'],
    ['CLOSE by reset of the other side', 10, '>S <RA'],
    ['CLOSE, packets after it keep it', 10, '>S <SA >A >R <A >FA'],
    ['CLOSE, SYN-ACK leaves it closed', 10, '>S <SA >A >R <SA'],
    ['SYN_SENT2, both sides open', 120, '>S <S'],
    ['SYN_SENT2, then SYN-ACK of the opener', 60, '>S <S >SA'],
    ['SYN_SENT2, then SYN-ACK of the other side', 60, '>S <S <SA'],
    ['ESTABLISHED after simultaneous open', 432_000, '>S <S <SA >A'],
    ['FIN before any answer changes nothing', 120, '>S >FA'],
    ['a packet without SYN, FIN, ACK and RST changes nothing', 60, '>S <SA >P'],
    ['SYN with FIN counts as SYN', 432_000, '>S <SA >A >SF'],
    ['reset counts before SYN', 10, '>S <SA >A >SR'],
  ])('%s: %i s', (_state, seconds, trace) => {
    livesFor(seconds, trace);
  });

  test('CT-21: the interface sets the limit of ESTABLISHED, and no other', () => {
    const vpc = host(['in tcp/443 203.0.113.0/24'], {
      idleSeconds: { tcpEstablished: 350 },
    });
    livesFor(350, '>S <SA >A', vpc);
    livesFor(120, '>S <SA >A >FA', vpc);
  });

  test('any permitted packet resets the timer, also a keep-alive without data', () => {
    const vpc = host(['in tcp/443 203.0.113.0/24'], {
      idleSeconds: { tcpEstablished: 60 },
    });
    const alive = 'allow tracked sg-web:1';
    const lines: Line[] = [
      [tcp(IN, 'S', 0), 'allow rule sg-web:1'],
      [tcp(OUT, 'SA', 1), alive],
      [tcp(IN, 'A', 2), alive],
      [tcp(IN, 'A', 61), alive],
      [tcp(OUT, 'A', 120), alive],
    ];
    check(vpc, [...lines, [tcp(IN, 'A', 180 - NS), alive]], { midstream: 'strict' });
    check(vpc, [...lines, [tcp(IN, 'A', 180), 'drop no-state']], { midstream: 'strict' });
  });
});

describe('CT-13: SYN on a connection that is over', () => {
  test.each([
    ['CLOSE', '>S <SA >A >R'],
    ['TIME_WAIT', '>S <SA >A >FA <A <FA >A'],
  ])('%s: a new flow, which the rules judge', (_state, trace) => {
    const packets = packetsOf(trace);
    const after = packets.length;
    const anew = answersTo([...packets, tcp(IN, 'S', after), tcp(OUT, 'SA', after + 119)]);
    expect(anew.slice(-2)).toEqual(['allow rule sg-web:1', 'allow tracked sg-web:1']);
    const reversed = answersTo([...packets, tcp(OUT, 'S', after), tcp(OUT, 'A', after + 1)]);
    expect(reversed.slice(-2)).toEqual(['drop no-rule', 'drop not-opened']);
  });

  test.each([
    ['FIN_WAIT', '>S <SA >A >FA'],
    ['CLOSE_WAIT', '>S <SA >A >FA <A'],
    ['LAST_ACK', '>S <SA >A >FA <FA'],
  ])('%s: the same flow', (_state, trace) => {
    const packets = packetsOf(trace);
    const answers = answersTo([...packets, tcp(IN, 'S', packets.length)]);
    expect(answers.at(-1)).toBe('allow tracked sg-web:1');
  });

  test('SYN with FIN, ACK or RST opens nothing', () => {
    for (const flags of ['SF', 'SA', 'SR', 'SFA']) {
      expect(answersTo([tcp(IN, flags)])).toEqual(['drop no-state']);
    }
  });

  test('flags besides SYN, ACK, RST and FIN do not matter to an opening', () => {
    expect(answersTo([tcp(IN, 'SP')])).toEqual(['allow rule sg-web:1']);
  });

  test('SYN with FIN does not begin another flow on CLOSE', () => {
    const answers = answersTo([...packetsOf('>S >R'), tcp(IN, 'SF', 2)]);
    expect(answers.at(-1)).toBe('allow tracked sg-web:1');
  });
});
