import { describe, test } from 'vitest';
import { NS, tcp } from './packets.js';
import { check, host } from './story.js';
import type { Line } from './story.js';

const IN = '203.0.113.7:51000 > 10.0.1.20:443';
const OUT = '10.0.1.20:443 > 203.0.113.7:51000';
/** ESTABLISHED lasts 60 s here, so that the times stay readable. */
const VPC = host(['in tcp/443 203.0.113.0/24'], { idleSeconds: { tcpEstablished: 60 } });
const DAY = 86_400;

const OPENED = 'allow rule sg-web:1';
const TRACKED = 'allow tracked sg-web:1';
const INFERRED = 'allow inferred sg-web:1';

/** Established at 0 s; from 60 s on it has expired. */
const ESTABLISHED: readonly Line[] = [
  [tcp(IN, 'S', 0), OPENED],
  [tcp(OUT, 'SA', 0), TRACKED],
  [tcp(IN, 'A', 0), TRACKED],
];

describe('CT-14: midstream=history, a flow that the capture did not see begin', () => {
  test('a rule allows the packet in its direction', () => {
    check(VPC, [
      [tcp(IN, 'A', 0), INFERRED],
      [tcp(OUT, 'A', 59), TRACKED],
    ]);
  });

  test('a rule allows the swapped packet in the other direction', () => {
    check(VPC, [
      [tcp(OUT, 'PA', 0), INFERRED],
      [tcp(IN, 'A', 59), TRACKED],
    ]);
  });

  test('a SYN-ACK is mid-stream too', () => {
    check(VPC, [[tcp(OUT, 'SA', 0), INFERRED]]);
  });

  test('the rule of the packet in its own direction comes first', () => {
    const vpc = host(['in tcp/443 203.0.113.0/24', 'out tcp/51000 203.0.113.7/32']);
    check(vpc, [[tcp(OUT, 'A', 0), 'allow inferred sg-web:2']]);
    check(vpc, [[tcp(IN, 'A', 0), 'allow inferred sg-web:1']]);
  });

  test('no rule either way: dropped, nothing remembered', () => {
    check(VPC, [
      [tcp('203.0.113.7:51000 > 10.0.1.20:22', 'A', 0), 'drop no-rule'],
      [tcp('10.0.1.20:22 > 203.0.113.7:51000', 'A', 1), 'drop no-rule'],
    ]);
  });

  test('the new entry is ESTABLISHED: it lives that long, and then is history', () => {
    check(VPC, [
      [tcp(IN, 'A', 0), INFERRED],
      [tcp(IN, 'A', 60), 'drop no-state'],
    ]);
  });

  test('its first packet counts: FIN makes FIN_WAIT', () => {
    const fin: Line = [tcp(IN, 'FA', 0), INFERRED];
    check(VPC, [fin, [tcp(IN, '', 120 - NS), TRACKED]]);
    check(VPC, [fin, [tcp(IN, '', 120), 'drop no-state']]);
  });

  test('its first packet counts: RST makes CLOSE', () => {
    const reset: Line = [tcp(OUT, 'R', 0), INFERRED];
    check(VPC, [reset, [tcp(IN, '', 10 - NS), TRACKED]]);
    check(VPC, [reset, [tcp(IN, '', 10), 'drop no-state']]);
  });
});

describe('CT-14: midstream=history, a connection that has ended', () => {
  test('expired: dropped although a rule would allow it', () => {
    check(VPC, [...ESTABLISHED, [tcp(IN, 'A', 60), 'drop no-state']]);
    check(VPC, [...ESTABLISHED, [tcp(OUT, 'A', 60), 'drop no-state']]);
  });

  test('closed by a reset: dropped once CLOSE is over', () => {
    check(VPC, [...ESTABLISHED, [tcp(OUT, 'R', 1), TRACKED], [tcp(IN, 'A', 11), 'drop no-state']]);
  });

  test('remembered for 24 h after it expired', () => {
    check(VPC, [...ESTABLISHED, [tcp(IN, 'A', 60 + DAY - NS), 'drop no-state']]);
    check(VPC, [...ESTABLISHED, [tcp(IN, 'A', 60 + DAY), INFERRED]]);
  });

  test('dropped packets do not prolong the memory', () => {
    check(VPC, [
      ...ESTABLISHED,
      [tcp(IN, 'A', DAY), 'drop no-state'],
      [tcp(IN, 'A', 60 + DAY), INFERRED],
    ]);
  });

  test('historySeconds sets how long', () => {
    check(VPC, [...ESTABLISHED, [tcp(IN, 'A', 60), INFERRED]], { historySeconds: 0 });
    check(VPC, [...ESTABLISHED, [tcp(IN, 'A', 70 - NS), 'drop no-state']], { historySeconds: 10 });
    check(VPC, [...ESTABLISHED, [tcp(IN, 'A', 70), INFERRED]], { historySeconds: 10 });
  });

  test('half-open connections leave no memory', () => {
    check(VPC, [
      [tcp(IN, 'S', 0), OPENED],
      [tcp(IN, 'A', 120), INFERRED],
    ]);
    check(VPC, [
      [tcp(IN, 'S', 0), OPENED],
      [tcp(OUT, 'SA', 0), TRACKED],
      [tcp(IN, 'A', 60), INFERRED],
    ]);
    check(VPC, [
      [tcp(IN, 'S', 0), OPENED],
      [tcp(OUT, 'RA', 0), TRACKED],
      [tcp(IN, 'A', 10), INFERRED],
    ]);
  });

  test('a bare SYN of the same ports starts afresh and clears it', () => {
    check(VPC, [
      ...ESTABLISHED,
      [tcp(IN, 'A', 60), 'drop no-state'],
      [tcp(IN, 'S', 61), OPENED],
      [tcp(IN, 'A', 181), INFERRED], // half-open since: no history any more
    ]);
  });

  test('a bare SYN on a closed connection clears it as well', () => {
    check(VPC, [
      ...ESTABLISHED,
      [tcp(IN, 'R', 1), TRACKED],
      [tcp(IN, 'S', 2), OPENED],
      [tcp(IN, 'A', 122), INFERRED],
    ]);
  });

  test('even a bare SYN that is denied clears it', () => {
    check(
      VPC,
      [...ESTABLISHED, [tcp(OUT, 'S', 60), 'drop no-rule'], [tcp(IN, 'A', 61), INFERRED]],
      { denied: 'forget' },
    );
    check(VPC, [
      ...ESTABLISHED,
      [tcp(OUT, 'S', 60), 'drop no-rule'],
      [tcp(IN, 'A', 61), 'drop not-opened'],
      [tcp(IN, 'A', 180), INFERRED],
    ]);
  });

  test('memory survives any number of other frames', () => {
    const others = Array.from({ length: 9000 }, (_, at): Line => {
      const seconds = 100 + at;
      return [tcp('203.0.113.8:4000 > 10.0.1.20:443', 'S', seconds), at === 0 ? OPENED : TRACKED];
    });
    check(VPC, [...ESTABLISHED, ...others, [tcp(IN, 'A', 10_000), 'drop no-state']]);
  });
});

describe('CT-14: the other policies', () => {
  test('strict: only a bare SYN opens', () => {
    check(
      VPC,
      [
        [tcp(IN, 'A', 0), 'drop no-state'],
        [tcp(OUT, 'SA', 0), 'drop no-state'],
        [tcp('203.0.113.7:1 > 10.0.1.20:22', 'A', 0), 'drop no-state'],
        [tcp(IN, 'S', 1), OPENED],
        [tcp(OUT, 'SA', 1), TRACKED],
      ],
      { midstream: 'strict' },
    );
  });

  test('pickup: an ended connection is picked up again where the rules allow it', () => {
    check(
      VPC,
      [
        ...ESTABLISHED,
        [tcp(OUT, 'A', 60), INFERRED],
        [tcp(IN, 'A', 61), TRACKED],
        [tcp('203.0.113.7:1 > 10.0.1.20:22', 'A', 62), 'drop no-rule'],
      ],
      { midstream: 'pickup' },
    );
  });

  test('untracked flows need no state under any policy', () => {
    const vpc = host(['in tcp/443 0.0.0.0/0', 'out all 0.0.0.0/0']);
    for (const midstream of ['history', 'strict', 'pickup'] as const) {
      check(
        vpc,
        [
          [tcp(IN, 'A', 0), 'allow untracked sg-web:1'],
          [tcp(OUT, 'A', 0), 'allow untracked sg-web:2'],
        ],
        { midstream },
      );
    }
  });
});
