import fc from 'fast-check';
import type { Address, Prefix } from '../../src/model/address.js';
import { CAUSES } from '../../src/model/cause.js';
import type {
  ConsideredRule,
  Explanation,
  FixEdit,
  PeerIdentity,
  Question,
  RuleReference,
  Step,
} from '../../src/model/explanation.js';
import type { IpPacket, Packet } from '../../src/model/packet.js';
import { FLOW_STATES, type Remembered } from '../../src/model/remembered.js';
import { VERDICT_CODES, verdictOf } from '../../src/model/verdict.js';
import type { Bounds } from './outcome-arbitrary.js';

const direction = fc.constantFrom('ingress' as const, 'egress' as const);
const time = fc.bigInt({ min: -(10n ** 18n), max: 2n ** 64n });
const frame = fc.integer({ min: 1, max: 0xffff_ffff });
const port = fc.nat(0xffff);
const protocol = fc.oneof(fc.constantFrom(1, 6, 17, 58), fc.nat(255));
const code = fc.constantFrom(...VERDICT_CODES.map(({ name }) => name));
const address: fc.Arbitrary<Address> = fc.oneof(
  fc.record({
    family: fc.constant(4 as const),
    value: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
  }),
  fc.record({
    family: fc.constant(6 as const),
    value: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  }),
);
const prefix: fc.Arbitrary<Prefix> = fc.constantFrom(
  { family: 4, value: 0n, length: 0 },
  { family: 4, value: 0x0a00_0000n, length: 8 },
  { family: 6, value: 0n, length: 0 },
);

const QUESTIONS: readonly Question[] = [
  'interface',
  'source-dest-check',
  'exempt',
  'multicast',
  'groups',
  'fragment',
  'connection',
  'related',
  'denied-opening',
  'tracking',
  'mid-stream',
  'rules',
];

/** An optional member: exactly absent, never undefined. */
const maybe = <T>(name: string, value: fc.Arbitrary<T>): fc.Arbitrary<Partial<Record<string, T>>> =>
  fc
    .option(value, { nil: undefined })
    .map((found) => (found === undefined ? {} : { [name]: found }));

const ports = fc.record({ sourcePort: port, destinationPort: port });
const fragment = fc.record({ id: fc.nat(0xffff_ffff), offset: fc.nat(65_528), more: fc.boolean() });

function ipPacket(depth: number): fc.Arbitrary<IpPacket> {
  const quote = depth === 0 ? fc.constant({}) : maybe('quote', ipPacket(depth - 1));
  const transport = fc.oneof(
    fc.tuple(ports, fc.nat(255)).map(([found, flags]) => ({ kind: 'tcp', ...found, flags })),
    ports.map((found) => ({ kind: 'udp', ...found })),
    fc
      .tuple(fc.record({ type: fc.nat(255), code: fc.nat(255), id: port }), quote)
      .map(([found, rest]) => ({ kind: 'icmp', ...found, ...rest })),
  );
  return fc
    .tuple(
      fc.record({ source: address, destination: address, protocol }),
      maybe('fragment', fragment),
      maybe('transport', transport),
    )
    .map((parts) => Object.assign({}, ...parts) as IpPacket);
}

const packet: fc.Arbitrary<Packet> = fc
  .tuple(
    fc.record({
      timeNs: time,
      length: fc.nat(70_000),
      content: fc.oneof(
        ipPacket(2).map((ip) => ({ kind: 'ip', ip })),
        fc.constant({ kind: 'non-ip' }),
        fc
          .constantFrom('cut', 'malformed', 'link-type', 'encapsulation')
          .map((unread) => ({ kind: 'unread', code: unread })),
      ),
    }),
    maybe('sourceMac', fc.constant('020000000001')),
    maybe('destinationMac', fc.constant('ffffffffffff')),
  )
  .map((parts) => Object.assign({}, ...parts) as Packet);

/** Explanations whose parts are independent of each other. */
export function explanationArbitrary({ word, most }: Bounds): fc.Arbitrary<Explanation> {
  const number = fc.oneof(fc.nat(3), fc.nat(most % 0x7fff_ffff));
  const tally = fc.record({ packets: number, bytes: number });
  const all = <T>(...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<T> =>
    fc.tuple(...parts).map((found) => Object.assign({}, ...found) as T);

  const rule = all<RuleReference>(
    fc.record({ id: word, groupId: word, direction, text: word, place: word }),
    maybe('groupName', word),
    maybe('description', word),
    maybe('source', fc.record({ file: word, line: frame, text: word })),
  );
  const step = all<Step>(
    fc.record({
      question: fc.constantFrom(...QUESTIONS),
      result: fc.constantFrom('pass', 'drop', 'next', 'skip'),
      text: word,
    }),
    maybe('eni', word),
    maybe('direction', direction),
    maybe('rule', rule),
  );
  const flow = all<Remembered['flow']>(
    fc.record({ local: address, remote: address, protocol }),
    maybe('localPort', port),
    maybe('remotePort', port),
    maybe('query', fc.record({ request: fc.nat(255), id: port, byLocal: fc.boolean() })),
    maybe('datagram', fc.nat()),
  );
  const remembered = all<Remembered>(
    fc.record({
      kind: fc.constantFrom('connection', 'denied', 'untracked', 'noted', 'first-fragment'),
      eni: word,
      flow,
      original: direction,
      lastSeenNs: time,
      idleSeconds: fc.nat(432_000),
      wasEstablished: fc.boolean(),
      turns: fc.nat(2),
      lastWasOriginal: fc.boolean(),
      account: fc.record({ createdNs: time, createdFrame: frame, original: tally, reply: tally }),
    }),
    maybe('state', fc.constantFrom(...FLOW_STATES)),
    maybe('rule', word),
    maybe('code', code),
  );
  const connection = all<object>(
    fc.record({
      result: fc.constantFrom('hit', 'miss', 'expired', 'closed', 'untracked', 'denied'),
      text: word,
    }),
    maybe('remembered', remembered),
    maybe('rule', rule),
  );
  const considered: fc.Arbitrary<ConsideredRule> = fc.record({
    rule,
    protocol: fc.boolean(),
    ports: fc.boolean(),
    peer: fc.boolean(),
    miss: word,
  });
  const rules = fc.record({
    direction,
    groupIds: fc.array(word, { maxLength: 3 }),
    matched: fc.array(considered, { maxLength: 7 }),
    nearest: fc.array(considered, { maxLength: 5 }),
    others: fc.nat(2000),
  });
  const peer = all<PeerIdentity>(
    fc.record({
      address: word,
      kind: fc.constantFrom(
        'interface',
        'public-address',
        'subnet',
        'vpc',
        'prefix-list',
        'outside',
      ),
      text: word,
    }),
    maybe('eni', word),
    maybe('name', word),
    maybe('groupIds', fc.array(word, { maxLength: 2 })),
  );
  const effect = all<object>(
    fc.record({ admits: tally, flows: number, otherFlows: number, complete: fc.boolean() }),
    maybe('otherExample', word),
    maybe('cuts', tally),
  );
  const fix = all<Explanation['fixes'][number]>(
    fc.record({
      certainty: fc.constantFrom('likely', 'possible'),
      text: word,
      edits: fc.array(editArbitrary(word), { maxLength: 2 }),
      commands: fc.array(
        word.map((text) => `aws ec2 ${text}`),
        { maxLength: 2 },
      ),
    }),
    maybe('effect', effect),
  );
  const captured = all<object>(
    fc.record({ capture: word, frame, timeNs: time, offsetNs: time }),
    maybe('ownFrame', frame),
  );
  return all<Explanation>(
    code.map((name) => ({ code: name, verdict: verdictOf(name) })),
    fc.record({
      cause: fc.constantFrom(...CAUSES.map(({ name }) => name)),
      reason: word,
      packet: all<object>(fc.record({ packet }), maybe('captured', captured)),
      steps: fc.array(step, { maxLength: 12 }),
      fixes: fc.array(fix, { maxLength: 3 }),
      assumptions: fc.array(fc.record({ rule: word, text: word }), { maxLength: 2 }),
    }),
    maybe(
      'at',
      all<object>(
        fc.record({
          eni: word,
          direction,
          filter: fc.constantFrom(1, 2),
          filters: fc.constantFrom(1, 2),
        }),
        maybe('name', word),
      ),
    ),
    maybe('connection', connection),
    maybe('rules', rules),
    maybe('peer', peer),
    maybe(
      'share',
      fc.record({
        packets: number,
        bytes: number,
        flows: number,
        firstFrame: frame,
        firstTimeNs: time,
        lastTimeNs: time,
      }),
    ),
    maybe('disagreement', word),
  );
}

function editArbitrary(word: fc.Arbitrary<string>): fc.Arbitrary<FixEdit> {
  const peer = fc.oneof(
    prefix.map((found) => ({ kind: 'cidr' as const, prefix: found })),
    word.map((prefixListId) => ({ kind: 'prefix-list' as const, prefixListId })),
    word.map((groupId) => ({ kind: 'group' as const, groupId })),
  );
  const traffic = fc.constantFrom(
    { kind: 'all' as const },
    { kind: 'ports' as const, protocol: 6 as const, from: 1, to: 2 },
    { kind: 'icmp' as const, protocol: 1 as const, type: 8, code: -1 },
    { kind: 'protocol' as const, protocol: 50 },
  );
  const rules = fc.array(fc.record({ traffic, peer, description: word }), { maxLength: 2 });
  const ids = fc.array(word, { maxLength: 2 });
  const kind = <K extends FixEdit['kind']>(name: K): fc.Arbitrary<K> => fc.constant(name);
  return fc.oneof(
    fc.record({ kind: kind('authorize'), groupId: word, direction, rules }),
    fc.record({ kind: kind('revoke'), groupId: word, direction, rules, ruleIds: ids }),
    fc.record({
      kind: kind('create-group'),
      groupId: word,
      name: word,
      description: word,
      vpcId: word,
    }),
    fc.record({ kind: kind('delete-group'), groupId: word }),
    fc.record({ kind: kind('set-groups'), target: word, groupIds: ids }),
    fc.record({
      kind: fc.constantFrom(
        'attach-address' as const,
        'detach-address' as const,
        'move-address' as const,
      ),
      target: word,
      address,
    }),
    fc.record({ kind: kind('set-peering'), peeringId: word, status: word }),
    fc.record({
      kind: kind('set-prefix-list'),
      prefixListId: word,
      entries: fc.array(prefix, { maxLength: 2 }),
    }),
    fc.record({ kind: kind('source-dest-check-off'), eni: word }),
    fc.record({
      kind: kind('idle-limit'),
      eni: word,
      limit: fc.constantFrom('tcpEstablished' as const, 'udp' as const, 'udpStream' as const),
      seconds: fc.nat(432_000),
    }),
  );
}
