// Which change of a VPC is found to be behind a changed verdict, and what is said of it.
import { expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import type { Difference } from '../../src/model/verdict-change.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import { changeSubject, changeText } from '../../src/report/change-text.js';
import { captureOf } from '../cli/capture.js';
import { diffOf } from '../replay/differ.js';
import { inMemory } from '../replay/in-memory.js';

/** A web server, a database that only it may ask, and a host that is in no group of theirs. */
const VPC = `
vpc: vpc-1
cidrs: [10.0.0.0/16]
groups:
  sg-web: { ingress: [tcp/80 from any, { id: sgr-office, rule: tcp/22 from pl-office }], egress: [all to any] }
  sg-db: { ingress: [{ id: sgr-db, rule: tcp/5432 from sg-web }, { id: sgr-far, rule: tcp/5432 from sg-far }], egress: [] }
  sg-old: { ingress: [], egress: [all to any] }
  sg-far: { vpc: vpc-2, ingress: [], egress: [all to any] }
interfaces:
  eni-web: { addresses: [10.0.1.20], groups: [sg-web] }
  eni-db: { addresses: [10.0.1.30], groups: [sg-db], idleSeconds: { tcpEstablished: 350 } }
  eni-old: { addresses: [10.0.1.40], groups: [sg-old] }
  eni-far: { vpc: vpc-2, addresses: [10.9.0.9], groups: [sg-far] }
prefix-lists: { pl-office: [198.51.100.0/24] }
peerings: { pcx-1: { between: [vpc-1, vpc-2], status: active } }
`;

const timelineOf = (text: string): Timeline =>
  resolveTimeline(loadVpc([{ name: 'vpc.yaml', text }]).description);

/** The VPC with pieces of its text replaced. */
const changed = (...pieces: (readonly [string, string])[]): string =>
  pieces.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, VPC);

type Line = readonly [number, string];

const QUESTION: Line[] = [
  [0, '10.0.1.20:40000 > 10.0.1.30:5432 tcp S'],
  [1, '10.0.1.30:5432 > 10.0.1.20:40000 tcp SA'],
];
const FAR: Line[] = [
  [0, '10.9.0.9:40000 > 10.0.1.30:5432 tcp S'],
  [1, '10.0.1.30:5432 > 10.9.0.9:40000 tcp SA'],
];
const SSH: Line[] = [
  [0, '198.51.100.7:50000 > 10.0.1.20:22 tcp S'],
  [1, '10.0.1.20:22 > 198.51.100.7:50000 tcp SA'],
];
const LATE: Line[] = [
  ...QUESTION,
  [2, '10.0.1.20:40000 > 10.0.1.30:5432 tcp A'],
  [200_000, '10.0.1.20:40000 > 10.0.1.30:5432 tcp A'],
];

/** Each group in a line: how it changed, by what, in which way, flows and packets; and the reason. */
function told({ groups, changes }: Difference): string[] {
  return groups.map(({ change, behind, way, share, reason }) => {
    const by = behind === undefined ? undefined : changes[behind]!.change;
    const what = by === undefined ? 'nothing' : `${changeSubject(by)} ${changeText(by)}`.trim();
    return `${change} by ${what} (${way}): ${share.flows}, ${share.packets}: ${reason}`;
  });
}

const cases: readonly (readonly [
  name: string,
  after: string,
  packets: Line[],
  groups: string[],
])[] = [
  [
    'a rule is gone',
    changed(['{ id: sgr-db, rule: tcp/5432 from sg-web }, ', '']),
    QUESTION,
    [
      'newly-dropped by sg-db ingress tcp/5432 from sg-web (rule): 1, 2: tcp/5432 from sg-web (sgr-db in sg-db) allowed it, and is gone',
    ],
  ],
  [
    'a rule is narrower',
    changed(['rule: tcp/22 from pl-office', 'rule: tcp/22 from 198.51.100.128/25']),
    SSH,
    [
      'newly-dropped by sg-web ingress tcp/22 from pl-office -> tcp/22 from 198.51.100.128/25 (rule): 1, 2: tcp/22 from pl-office (sgr-office in sg-web) allowed it; what took its place does not',
    ],
  ],
  [
    'the interface is in the group no more',
    changed([
      'addresses: [10.0.1.20], groups: [sg-web]',
      'addresses: [10.0.1.20], groups: [sg-old]',
    ]),
    SSH,
    [
      'newly-dropped by eni-web groups sg-web -> sg-old (membership): 1, 2: eni-web is no more in sg-web, whose rule tcp/22 from pl-office (sgr-office in sg-web) allowed it',
    ],
  ],
  [
    'who asks is in the group no more',
    changed([
      'addresses: [10.0.1.20], groups: [sg-web]',
      'addresses: [10.0.1.20], groups: [sg-old]',
    ]),
    QUESTION,
    [
      'newly-dropped by eni-web groups sg-web -> sg-old (peer): 1, 2: tcp/5432 from sg-web (sgr-db in sg-db) allowed it, but 10.0.1.20 (eni-web) is no more in sg-web',
    ],
  ],
  [
    'a prefix list holds the address no more',
    changed(['pl-office: [198.51.100.0/24]', 'pl-office: [198.51.100.8/29]']),
    SSH,
    [
      'newly-dropped by prefix list pl-office 198.51.100.0/24 -> 198.51.100.8/29 (peer): 1, 2: tcp/22 from pl-office (sgr-office in sg-web) allowed it, but pl-office holds 198.51.100.7 no more',
    ],
  ],
  [
    'a peering is deleted',
    changed(['status: active', 'status: deleted']),
    FAR,
    [
      'newly-dropped by peering pcx-1 active, vpc-1 and vpc-2 -> deleted, vpc-1 and vpc-2 (peer): 1, 2: tcp/5432 from sg-far (sgr-far in sg-db) allowed it, but reaches sg-far no more',
    ],
  ],
  [
    'an idle limit is shorter',
    changed(['tcpEstablished: 350', 'tcpEstablished: 60']),
    LATE,
    [
      'newly-dropped by eni-db idle limits tcp 350 s, udp 30 s, udp stream 180 s -> tcp 60 s, udp 30 s, udp stream 180 s (memory): 1, 1: eni-db remembers flows for another time',
    ],
  ],
  [
    'an address is another interface’s',
    changed(
      ['addresses: [10.0.1.30], groups', 'addresses: [10.0.1.31], groups'],
      ['addresses: [10.0.1.40]', 'addresses: [10.0.1.40, 10.0.1.30]'],
    ),
    QUESTION,
    [
      'newly-dropped by eni-old addresses 10.0.1.40 -> 10.0.1.30, 10.0.1.40 (interface): 1, 2: the interface that drops it, eni-old, is another one, or filters on one side alone',
    ],
  ],
  [
    'an interface is not there any more',
    changed(['  eni-old: { addresses: [10.0.1.40], groups: [sg-old] }\n', '']),
    [[0, '10.0.1.40:4000 > 198.51.100.7:443 tcp S']],
    [
      'otherwise by interface eni-old (interface): 1, 1: eni-old is asked on one side alone, or is another one',
    ],
  ],
];

it.each(cases)('%s', async (_, after, packets, groups) => {
  const capture = captureOf(...packets);
  const timelines = { before: timelineOf(VPC), after: timelineOf(after) };
  expect(told(await diffOf(timelines, inMemory(capture)))).toEqual(groups);
});

it('a flow that is tracked now, so that an error about it passes', async () => {
  const after = changed(['egress: [all to any] }\n  sg-db', 'egress: [tcp/443 to any] }\n  sg-db']);
  const capture = captureOf(
    [0, '203.0.113.7:50000 > 10.0.1.20:80 tcp S'],
    [1, '10.0.1.20:80 > 203.0.113.7:50000 tcp SA'],
    [2, '203.0.113.1 > 10.0.1.20 icmp 3/4 about (10.0.1.20:80 > 203.0.113.7:50000 tcp)'],
    [3, '10.0.1.20:41000 > 203.0.113.7:25 tcp S'],
    [4, '203.0.113.1 > 10.0.1.20 icmp 3/1 about (10.0.1.20:41000 > 203.0.113.7:25 tcp)'],
  );
  const timelines = { before: timelineOf(VPC), after: timelineOf(after) };
  const rule = 'sg-web egress all to 0.0.0.0/0 -> tcp/443 to 0.0.0.0/0';
  expect(told(await diffOf(timelines, inMemory(capture)))).toEqual([
    // The error about what is not let out any more goes with it.
    `newly-dropped by ${rule} (rule): 1, 2: all to 0.0.0.0/0 (sg-web:egress:1 in sg-web) allowed it; what took its place does not`,
    `newly-allowed by ${rule} (tracking): 0, 1: its flow is tracked now, which tcp/80 from 0.0.0.0/0 (sg-web:ingress:1 in sg-web) and all to 0.0.0.0/0 (sg-web:egress:1 in sg-web) left untracked`,
  ]);
});

it('what is remembered of a flow whose opening is denied now', async () => {
  const [client, server] = ['198.51.100.7:50000', '10.0.1.20:22'];
  const capture = captureOf(
    [0, `${client} > ${server} tcp S`],
    [1, `${server} > ${client} tcp SA`],
    [2, `${client} > ${server} tcp A`],
    [3, `${client} > ${server} tcp FA`],
    [4, `${server} > ${client} tcp FA`],
    [5, `${client} > ${server} tcp A`],
    [400_000, `${server} > ${client} tcp A`],
  );
  const after = timelineOf(changed([', { id: sgr-office, rule: tcp/22 from pl-office }', '']));
  const difference = await diffOf({ before: timelineOf(VPC), after }, inMemory(capture));
  const rule = 'sg-web ingress tcp/22 from pl-office';
  expect(told(difference)).toEqual([
    `newly-dropped by ${rule} (rule): 1, 6: tcp/22 from pl-office (sgr-office in sg-web) allowed it, and is gone`,
    // Nothing had begun that could have ended.
    `newly-allowed by ${rule} (history): 1, 1: what is remembered of its flow differs, since packets of it changed before, as frame 1 did`,
  ]);
});
