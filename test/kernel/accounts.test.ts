// What an interface remembered before each packet, and the account of it, written by hand.
import { describe, expect, it } from 'vitest';
import type { Packet } from '../../src/model/packet.js';
import type { Remembered } from '../../src/model/remembered.js';
import { DEFAULT_TRACKING, type TrackingOptions } from '../../src/model/tracking.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { createTracingJudge } from '../differential/judge-with-kernel.js';
import { bare, first, icmp, later, tcp, udp } from '../explain/packets.js';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';

const judge = createTracingJudge();

/** `eni-web` with 10.0.1.20 and 2001:db8::20, whose group `sg-web` has the rules. */
const host = (...rules: readonly string[]): VpcDescription =>
  describeVpc({
    groups: [group('sg-web', rules)],
    interfaces: [eni('eni-web', ['10.0.1.20', '2001:db8::20'], ['sg-web'])],
  });

/** A packet, its code and what its only interface remembered before it: see `text`. */
type Line = readonly [packet: Packet, code: string, memory: string];

function check(
  vpc: VpcDescription,
  lines: readonly Line[],
  records: readonly string[],
  options: Partial<TrackingOptions> = {},
): void {
  const packets = lines.map(([packet]) => packet);
  const tracking = { ...DEFAULT_TRACKING, ...options };
  const told = judge(resolveTimeline(vpc), tracking, packets);
  const answers = told.verdicts.map(({ code }, i) => [code, text(told.memories[i]![0])]);
  expect(answers).toEqual(lines.map(([, code, memory]) => [code, memory]));
  expect(told.records.map(text)).toEqual(records);
}

/**
 * `connection SYN_SENT ingress sg-web:1, seen 0 s, over after 120 s; frame 1 at 0 s, 1/60, 0/0`: the rule is the one that is
 * told; packets and bytes of the original direction, then of the replies. `-` for nothing.
 */
function text(memory: Remembered | undefined): string {
  if (memory === undefined) return '-';
  const { kind, state, original, rule, code, lastSeenNs, idleSeconds, account } = memory;
  const what = [kind, state, code, original, rule].filter((word) => word !== undefined).join(' ');
  const { createdNs, createdFrame, original: asked, reply } = account;
  const counts = `${asked.packets}/${asked.bytes}, ${reply.packets}/${reply.bytes}`;
  const begun = `frame ${createdFrame} at ${seconds(createdNs)} s`;
  return `${what}, seen ${seconds(lastSeenNs)} s, over after ${idleSeconds} s; ${begun}, ${counts}`;
}

const seconds = (timeNs: bigint): number => Number(timeNs) / 1e9;

const IN = '203.0.113.7:40000 > 10.0.1.20:443';
const OUT = '10.0.1.20:443 > 203.0.113.7:40000';

describe('CT-13: a TCP connection', () => {
  const vpc = host('in tcp/443 203.0.113.0/24', 'out tcp/443 203.0.113.0/24');
  const OPENING: readonly Line[] = [
    [tcp(IN, 'S', 1), 'rule', '-'],
    [
      tcp(OUT, 'SA', 2),
      'tracked',
      'connection SYN_SENT ingress sg-web:1, seen 1 s, over after 120 s; frame 1 at 1 s, 1/60, 0/0',
    ],
    [
      tcp(IN, 'A', 3),
      'tracked',
      'connection SYN_RECV ingress sg-web:1, seen 2 s, over after 60 s; frame 1 at 1 s, 1/60, 1/60',
    ],
    [
      { ...tcp(OUT, 'PA', 4), length: 1500 },
      'tracked',
      'connection ESTABLISHED ingress sg-web:1, seen 3 s, over after 432000 s; frame 1 at 1 s, 2/120, 1/60',
    ],
  ];
  const OPEN =
    'connection ESTABLISHED ingress sg-web:1, seen 4 s, over after 432000 s; frame 1 at 1 s, 2/120, 2/1560';

  it('counts each side, and is told of as it was before each packet', () => {
    check(vpc, OPENING, [OPEN]);
  });

  it('CT-14: is told of when it is over; what is dropped does not count, and a SYN begins anew', () => {
    const late = 432_004;
    check(
      vpc,
      [
        ...OPENING,
        [tcp(IN, 'A', late), 'no-state', OPEN],
        [tcp(IN, 'A', late + 1), 'no-state', OPEN],
        [tcp(IN, 'S', late + 2), 'rule', OPEN],
        [
          tcp(OUT, 'R', late + 3),
          'tracked',
          `connection SYN_SENT ingress sg-web:1, seen ${late + 2} s, over after 120 s; frame 7 at ${late + 2} s, 1/60, 0/0`,
        ],
      ],
      [
        `connection CLOSE ingress sg-web:1, seen ${late + 3} s, over after 10 s; frame 7 at ${late + 2} s, 1/60, 1/60`,
      ],
    );
  });

  it('CT-14: ended ones are told of for 24 h', () => {
    const end = 4 + 432_000 + 86_400;
    check(vpc, [...OPENING, [tcp(IN, 'A', end - 1), 'no-state', OPEN]], [OPEN]);
    const begun = `connection ESTABLISHED ingress sg-web:1, seen ${end} s, over after 432000 s; frame 5 at ${end} s, 1/60, 0/0`;
    check(vpc, [...OPENING, [tcp(IN, 'A', end), 'inferred', '-']], [begun]);
  });

  it('CT-14: a half-open one is told of for an hour', () => {
    const half =
      'connection SYN_SENT ingress sg-web:1, seen 1 s, over after 120 s; frame 1 at 1 s, 1/60, 0/0';
    const end = 1 + 120 + 3600;
    const anew = (at: number): string =>
      `connection SYN_SENT ingress sg-web:1, seen ${at} s, over after 120 s; frame 2 at ${at} s, 1/60, 0/0`;
    const [syn] = OPENING as [Line];
    check(vpc, [syn, [tcp(IN, 'S', end - 1), 'rule', half]], [anew(end - 1)]);
    check(vpc, [syn, [tcp(IN, 'S', end), 'rule', '-']], [anew(end)]);
    const other = udp('198.51.100.1:1 > 10.0.1.20:1', end - 1);
    const denied = `denied ingress, seen ${end - 1} s, over after 30 s; frame 2 at ${end - 1} s, 0/0, 0/0`;
    check(vpc, [syn, [other, 'no-rule', '-']], [half, denied]);
    const later = { ...other, timeNs: other.timeNs + 1_000_000_000n };
    const deniedLater = `denied ingress, seen ${end} s, over after 30 s; frame 2 at ${end} s, 0/0, 0/0`;
    check(vpc, [syn, [later, 'no-rule', '-']], [deniedLater]);
  });

  it('CT-14: one begun by an inferred reply counts it as a reply', () => {
    const incoming = host('in tcp/443 203.0.113.0/24');
    check(
      incoming,
      [
        [tcp(OUT, 'PA', 1), 'inferred', '-'],
        [
          tcp(IN, 'A', 2),
          'tracked',
          'connection ESTABLISHED ingress sg-web:1, seen 1 s, over after 432000 s; frame 1 at 1 s, 0/0, 1/60',
        ],
      ],
      [
        'connection ESTABLISHED ingress sg-web:1, seen 2 s, over after 432000 s; frame 1 at 1 s, 1/60, 1/60',
      ],
    );
  });

  it('CT-14: mid-stream packets that no rule allows are noted', () => {
    const noted = (seen: number): string =>
      `noted ingress, seen ${seen} s, over after 60 s; frame 1 at 1 s, 0/0, 0/0`;
    const lines: Line[] = [
      [tcp(IN, 'A', 1), 'no-rule', '-'],
      [tcp(IN, 'A', 2), 'no-rule', noted(1)],
    ];
    check(host('in tcp/80 203.0.113.0/24'), lines, [noted(2)]);
  });
});

it('CT-25: a denied opening counts nothing', () => {
  const denied = (seen: number): string =>
    `denied ingress, seen ${seen} s, over after 120 s; frame 1 at 1 s, 0/0, 0/0`;
  check(
    host('out all 203.0.113.0/24'),
    [
      [tcp(IN, 'S', 1), 'no-rule', '-'],
      [tcp(IN, 'S', 2), 'no-rule', denied(1)],
      [tcp(OUT, 'SA', 3), 'not-opened', denied(2)],
    ],
    [denied(2)],
  );
});

it('CT-6: what is not tracked counts what passes either way', () => {
  const untracked = (seen: number, counts: string): string =>
    `untracked ingress, seen ${seen} s, over after 60 s; frame 1 at 1 s, ${counts}`;
  check(
    host('in udp/443 0.0.0.0/0', 'out all 0.0.0.0/0'),
    [
      [udp(IN, 1), 'untracked', '-'],
      [udp(OUT, 2), 'untracked', untracked(1, '1/60, 0/0')],
      [udp(IN, 3), 'untracked', untracked(2, '1/60, 1/60')],
    ],
    [untracked(3, '2/120, 1/60')],
  );
});

describe('CT-16: an ICMP error tells of the flow that it quotes', () => {
  const error = icmp('203.0.113.9 > 10.0.1.20', [3, 1], 2, { quote: udp(OUT) });
  const flow =
    'connection UDP ingress sg-web:1, seen 1 s, over after 30 s; frame 1 at 1 s, 1/60, 0/0';
  const vpc = host('in udp/443 203.0.113.0/24');

  it('which it neither refreshes nor counts for', () => {
    const lines: Line[] = [
      [udp(IN, 1), 'rule', '-'],
      [error, 'related', flow],
    ];
    check(vpc, lines, [flow]);
  });

  it('also where no error passes for that', () => {
    const lines: Line[] = [
      [udp(IN, 1), 'rule', '-'],
      [error, 'no-rule', flow],
    ];
    check(vpc, lines, [flow], { related: 'none' });
  });
});

describe('CT-18: fragments', () => {
  const vpc = host('in udp/443 203.0.113.0/24', 'in 50 203.0.113.0/24');
  const flow = (seen: number, counts: string): string =>
    `connection UDP ingress sg-web:1, seen ${seen} s, over after 30 s; frame 1 at 1 s, ${counts}`;
  const note =
    'first-fragment tracked ingress sg-web:1, seen 2 s, over after 30 s; frame 2 at 2 s, 0/0, 0/0';

  it('the first tells of its flow, later ones of its verdict', () => {
    check(
      vpc,
      [
        [udp(IN, 1), 'rule', '-'],
        [first(udp(IN, 2), 7), 'tracked', flow(1, '1/60, 0/0')],
        [later(udp(IN, 3), 7), 'tracked', note],
        [udp(IN, 4), 'tracked', flow(2, '2/120, 0/0')],
      ],
      [flow(4, '3/180, 0/0'), note],
    );
  });

  it('one before the first tells of nothing, and begins no flow with it', () => {
    const told = judge(resolveTimeline(vpc), DEFAULT_TRACKING, [
      later(udp(IN, 1), 7),
      first(udp(IN, 2), 7),
      udp(IN, 3),
    ]);
    expect(told.verdicts.map(({ code }) => code)).toEqual(['rule', 'rule', 'tracked']);
    expect(told.begins).toEqual([false, true, false]);
    expect(told.memories.map(([memory]) => memory?.kind)).toEqual([
      undefined,
      undefined,
      'connection',
    ]);
  });

  it('without ports and first fragment, one tells of its flow', () => {
    const esp = '203.0.113.7 > 10.0.1.20';
    check(
      vpc,
      [
        [bare(esp, 50, 1), 'rule', '-'],
        [
          later(bare(esp, 50, 2), 7),
          'tracked',
          'connection OTHER ingress sg-web:2, seen 1 s, over after 600 s; frame 1 at 1 s, 1/60, 0/0',
        ],
      ],
      ['connection OTHER ingress sg-web:2, seen 2 s, over after 600 s; frame 1 at 1 s, 2/120, 0/0'],
    );
  });
});
