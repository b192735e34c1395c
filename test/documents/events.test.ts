import { expect, test } from 'vitest';
import { formatAddress, formatPrefix } from '../../src/model/address.js';
import type { Edit } from '../../src/model/edit.js';
import { formatRule } from '../../src/model/rule-text.js';
import { readEvents } from '../../src/documents/events.js';
import { errorsOf, yaml } from './loading.js';

const EVENTS = [
  '- at: +12s',
  '  authorize: { sg-web: [tcp/8080 from 10.0.0.0/8] }',
  '- at: 2026-11-23T21:48:30.5Z',
  '  revoke: { sg-web: [tcp/22 from any, sgr-0123, all to sg-db] }',
  '- at: 1700000000.25',
  '  create-group: { id: sg-new, name: "0123", vpc: vpc-1 }',
  '- at: +0.5h',
  '  set-groups: { i-0abc: [sg-new], eni-a: [sg-web, sg-new] }',
  '- at: +30s',
  '  delete-group: sg-old',
  '  attach-address: { eni-a: 10.0.1.50 }',
  '  detach-address: { eni-a: 10.0.1.51 }',
  '  move-address: { eni-b: 2001:db8::50 }',
  '  peering: { pcx-1: active }',
  '  prefix-list: { pl-office: [198.51.100.0/24, 192.0.2.7] }',
];

const read = (...lines: string[]) => readEvents(yaml('e.yaml', ...lines));

/** An edit on one line, so that expectations can be read. */
function line(edit: Edit): string {
  switch (edit.kind) {
    case 'authorize':
    case 'revoke': {
      const { kind, groupId, direction } = edit;
      const rules = edit.rules.map((rule) =>
        formatRule({ ...rule, direction: direction === 'egress' ? 'egress' : 'ingress' }),
      );
      const ids = edit.kind === 'revoke' ? edit.ruleIds : [];
      return `${kind} ${groupId} ${direction}: ${[...rules, ...ids].join(', ')}`;
    }
    case 'attach-address':
    case 'detach-address':
    case 'move-address':
      return `${edit.kind} ${edit.target} ${formatAddress(edit.address)}`;
    case 'set-prefix-list':
      return `${edit.kind} ${edit.prefixListId} ${edit.entries.map(formatPrefix).join()}`;
    case 'create-group':
    case 'delete-group':
    case 'set-groups':
    case 'set-peering':
      return Object.values(edit).join(' ');
  }
}

test('every edit has its notation; any is two rules (SG-8), and from or to tells the direction', () => {
  expect(read(...EVENTS).map(({ edits }) => edits.map(line))).toEqual([
    ['authorize sg-web ingress: tcp/8080 from 10.0.0.0/8'],
    [
      'revoke sg-web ingress: tcp/22 from 0.0.0.0/0, tcp/22 from ::/0',
      'revoke sg-web egress: all to sg-db',
      'revoke sg-web either: sgr-0123',
    ],
    ['create-group sg-new 0123  vpc-1'],
    ['set-groups i-0abc sg-new', 'set-groups eni-a sg-web,sg-new'],
    [
      'delete-group sg-old',
      'attach-address eni-a 10.0.1.50',
      'detach-address eni-a 10.0.1.51',
      'move-address eni-b 2001:db8::50',
      'set-peering pcx-1 active',
      'set-prefix-list pl-office 198.51.100.0/24,192.0.2.7/32',
    ],
  ]);
});

test('events keep file order, their words and their places', () => {
  const events = read(...EVENTS);
  expect(events.map(({ text }) => text)).toEqual([
    'authorize sg-web tcp/8080 from 10.0.0.0/8',
    'revoke sg-web tcp/22 from any, sgr-0123, all to sg-db',
    'create-group sg-new',
    'set-groups i-0abc sg-new; set-groups eni-a sg-web, sg-new',
    'delete-group sg-old; attach-address eni-a 10.0.1.50; detach-address eni-a 10.0.1.51; ' +
      'move-address eni-b 2001:db8::50; peering pcx-1 active; ' +
      'prefix-list pl-office 198.51.100.0/24, 192.0.2.7',
  ]);
  expect(events[1]?.place).toBe('e.yaml:3:3: [1]');
});

test.each([
  ['+12s', { kind: 'offset', offsetNs: 12_000_000_000n }],
  ['+0s', { kind: 'offset', offsetNs: 0n }],
  ['+1.5ms', { kind: 'offset', offsetNs: 1_500_000n }],
  ['+0.000001ms', { kind: 'offset', offsetNs: 1n }],
  ['+2min', { kind: 'offset', offsetNs: 120_000_000_000n }],
  ['+1h', { kind: 'offset', offsetNs: 3_600_000_000_000n }],
  // A double has 53 bits and would say ...680.
  ['1700000000.123456789', { kind: 'time', timeNs: 1_700_000_000_123_456_789n }],
  ['1700000000', { kind: 'time', timeNs: 1_700_000_000_000_000_000n }],
  // date -u -d 2023-11-14T22:13:20Z +%s: 1700000000
  ['2023-11-14T22:13:20Z', { kind: 'time', timeNs: 1_700_000_000_000_000_000n }],
  ['2023-11-14T22:13:20.000000001Z', { kind: 'time', timeNs: 1_700_000_000_000_000_001n }],
])('times are exact: %s', (text, at) => {
  expect(read(`- { at: ${text}, delete-group: sg-a }`)[0]?.at).toEqual(at);
});

const LIKE = 'write it like +12s, 2026-11-23T21:48:00Z or 1700000000.25';

test.each([
  ['12 s', `"12 s" is no time; ${LIKE}`],
  ['+12', `"+12" is no time; ${LIKE}`],
  ['-5s', `"-5s" is no time; ${LIKE}`],
  ['1e9', `"1e9" is no time; ${LIKE}`],
  ['2026-02-30T00:00:00Z', `"2026-02-30T00:00:00Z" is no time; ${LIKE}`],
  ['2026-11-23T21:48:00', `"2026-11-23T21:48:00" is no time; ${LIKE}`],
  ['1969-12-31T23:59:59Z', `"1969-12-31T23:59:59Z" is no time; ${LIKE}`],
  ['+0.0000000001s', '"+0.0000000001s" is finer than a nanosecond; leave out the last digits'],
  ['9999999999', '"9999999999" is later than any packet; correct it'],
  ['+999999999h', '"+999999999h" is later than any packet; correct it'],
])('faults of times: %s', (text, fault) => {
  expect(errorsOf(() => read(`- { at: "${text}", delete-group: sg-a }`))).toEqual([
    `error[event-time] e.yaml:1:5: [0].at: ${fault}`,
  ]);
});

const TIME = '- { at: +1s,';
test.each([
  ['at: +1s', ['wrong-type] e.yaml: expected a list, found an object; write a list']],
  [
    '- +1s',
    ['wrong-type] e.yaml:1:3: [0]: expected a mapping', 'event] e.yaml:1:3: [0]: an event'],
  ],
  ['- { at: +1s }', ['event] e.yaml:1:3: [0]: the event changes nothing']],
  ['- { delete-group: sg-a }', ['missing-key] e.yaml:1:3: [0]: at is missing; add it']],
  [`${TIME} athorize: {} }`, ['unknown-key] e.yaml:1:14: [0].athorize: "athorize" is no edit']],
  [`${TIME} __proto__: {} }`, ['unknown-key] e.yaml:1:14: [0].__proto__: "__proto__" is no edit']],
  [`${TIME} authorize: {} }`, ['event] e.yaml:1:14: [0].authorize: names nothing to change']],
  [`${TIME} authorize: { sg-a: [] } }`, ['event] e.yaml:1:27: [0].authorize.sg-a: names no rule']],
  [`${TIME} revoke: { sg-a: [] } }`, ['event] e.yaml:1:24: [0].revoke.sg-a: names no rule']],
  [
    `${TIME} authorize: { web: [all from any] } }`,
    ['id-form] e.yaml:1:27: [0].authorize.web: "web"'],
  ],
  [`${TIME} delete-group: web }`, ['id-form] e.yaml:1:14: [0].delete-group: "web"']],
  [`${TIME} set-groups: { web: [sg-a] } }`, ['id-form] e.yaml:1:28: [0].set-groups.web: "web"']],
  [
    `${TIME} create-group: { id: sg-a, name: a } }`,
    ['missing-key] e.yaml:1:14: [0].create-group: vpc'],
  ],
  [
    `${TIME} peering: { pcx-1: [a] } }`,
    ['wrong-type] e.yaml:1:25: [0].peering.pcx-1: expected a string'],
  ],
])('faults of events: %s', (text, starts) => {
  const errors = errorsOf(() => read(text));
  expect(errors).toHaveLength(starts.length);
  for (const [at, start] of starts.entries()) expect(errors[at]).toContain(`error[${start}`);
});

test('all faults of a file are told at once', () => {
  const errors = errorsOf(() =>
    read(
      '- at: soon',
      '  authorize: { sg-a: [tcp/9-5 from any, udp/53 from nowhere] }',
      '- at: +1s',
      '  attach-address: { eni-a: 10.0.0.300 }',
      '  prefix-list: { pl-a: [10.0.0.0/33] }',
    ),
  );
  const codes = errors.map((error) => /\[([\w-]+)\]/.exec(error)?.[1]);
  expect(codes).toEqual(['event-time', 'port-range', 'peer', 'address', 'cidr']);
});

test('long texts are refused, so that aliases cannot multiply them; reports cut long events', () => {
  const name = `sg-${'x'.repeat(298)}`;
  const errors = errorsOf(() =>
    read(`- { at: +1s, delete-group: &a ${name} }`, '- { at: +1s, delete-group: *a }'),
  );
  expect(errors).toHaveLength(2);
  expect(errors[1]).toMatch(
    /^error\[too-long\] e\.yaml:2:14: \[1\]\.delete-group: .* 301 characters/,
  );
  const rules = Array.from({ length: 100 }, (_, port) => `tcp/${port} from 10.0.0.0/8`).join();
  expect(read(`- { at: +1s, authorize: { sg-a: [${rules}] } }`)[0]?.text).toHaveLength(203);
});
