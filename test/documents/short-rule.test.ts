import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listErrors, noFaults } from '../../src/documents/faults.js';
import { parseRule } from '../../src/documents/short-rule.js';
import { formatRule } from '../../src/model/rule-text.js';
import { renderDiagnostic } from '../../src/model/diagnostic.js';
import { prefixOf } from '../../src/model/address.js';
import type { Direction, Peer, Traffic } from '../../src/model/security-group.js';

function parse(text: string, direction: Direction = 'ingress'): readonly string[] {
  const faults = noFaults();
  const rule = parseRule(text, direction, { file: 'a.yaml', path: 'r', faults });
  if (rule === undefined) return listErrors(faults).map(renderDiagnostic);
  expect(faults.errors).toEqual([]);
  return rule.peers.map((peer) => formatRule({ direction, traffic: rule.traffic, peer }));
}

test.each([
  ['tcp/443 from 0.0.0.0/0', ['tcp/443 from 0.0.0.0/0']],
  ['TCP/8000-8100 from sg-lb', ['tcp/8000-8100 from sg-lb']],
  ['tcp from 192.0.2.7', ['tcp from 192.0.2.7/32']],
  ['17/0-65535 from 2001:DB8::1', ['udp from 2001:db8::1/128']],
  ['  icmp   from pl-office ', ['icmp from pl-office']],
  ['icmp/8 from any', ['icmp/8 from 0.0.0.0/0']],
  ['icmp/3/4 from 10.0.0.0/8', ['icmp/3/4 from 10.0.0.0/8']],
  ['icmpv6/128 from any', ['icmpv6/128 from ::/0']],
  ['all from any', ['all from 0.0.0.0/0', 'all from ::/0']],
  ['udp/53 from any', ['udp/53 from 0.0.0.0/0', 'udp/53 from ::/0']],
  ['50 from sg-a', ['50 from sg-a']],
])('the notation: %s', (text, rules) => {
  expect(parse(text)).toEqual(rules);
});

const LIKE = 'write it like tcp/443 from 10.0.0.0/16';
const PORTS = 'write ports as tcp/443 or tcp/8000-8100, ICMP as icmp/8 or icmp/3/4';

test.each([
  ['tcp/443', `error[rule-syntax] a.yaml: r: "tcp/443" is not a rule; ${LIKE}`],
  ['tcp/443 form sg-a', `error[rule-syntax] a.yaml: r: "tcp/443 form sg-a" is not a rule; ${LIKE}`],
  ['tcp from a b', `error[rule-syntax] a.yaml: r: "tcp from a b" is not a rule; ${LIKE}`],
  [
    'tcp/443 to sg-a',
    'error[rule-syntax] a.yaml: r: ingress rule "tcp/443 to sg-a" says to; write from, or move it to egress',
  ],
  [
    'tcp/1-2-3 from sg-a',
    `error[rule-syntax] a.yaml: r: "tcp/1-2-3" is not a protocol with ports; ${PORTS}`,
  ],
  [
    'all/80 from sg-a',
    `error[rule-syntax] a.yaml: r: "all/80" is not a protocol with ports; ${PORTS}`,
  ],
  [
    'icmp/1/2/3 from sg-a',
    `error[rule-syntax] a.yaml: r: "icmp/1/2/3" is not a protocol with ports; ${PORTS}`,
  ],
  [
    'tcp/443-80 from sg-a',
    'error[port-range] a.yaml: r: first port 443 is above last port 80; swap them',
  ],
  [
    'udp/70000 from sg-a',
    'error[port-value] a.yaml: r: first port 70000 is outside 0 to 65535; correct it',
  ],
  [
    'tcpp/80 from sg-a',
    'error[protocol] a.yaml: r: "tcpp" is not a protocol; ' +
      'write tcp, udp, icmp, icmpv6, a number from 0 to 255, or -1 for all',
  ],
  [
    'tcp/80 from office',
    'error[peer] a.yaml: r: "office" is not a peer; write a CIDR block, an address, sg-..., pl-... or any',
  ],
  [
    'tcp/80 from 10.0.0/8',
    'error[cidr] a.yaml: r: "10.0.0/8" is not a CIDR block; write it like 10.0.0.0/16 or 2001:db8::/56',
  ],
])('faults of the notation: %s', (text, line) => {
  expect(parse(text)[0]).toBe(line);
});

const port = fc.nat(65_535);
const traffics: fc.Arbitrary<Traffic> = fc.oneof(
  fc.constant<Traffic>({ kind: 'all' }),
  fc.tuple(fc.constantFrom<6 | 17>(6, 17), port, port).map(([protocol, a, b]): Traffic => ({
    kind: 'ports',
    protocol,
    from: Math.min(a, b),
    to: Math.max(a, b),
  })),
  fc
    .tuple(
      fc.constantFrom<1 | 58>(1, 58),
      fc.integer({ min: -1, max: 255 }),
      fc.integer({ min: -1, max: 255 }),
    )
    .map(([protocol, type, code]): Traffic => ({
      kind: 'icmp',
      protocol,
      type,
      code: type === -1 ? -1 : code,
    })),
  fc
    .nat(255)
    .filter((protocol) => ![1, 6, 17, 58].includes(protocol))
    .map((protocol): Traffic => ({ kind: 'protocol', protocol })),
);
const id = fc.stringMatching(/^[0-9a-z-]{1,17}$/);
const peers: fc.Arbitrary<Peer> = fc.oneof(
  fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), fc.nat(32))
    .map(([value, length]): Peer => ({
      kind: 'cidr',
      prefix: prefixOf({ family: 4, value }, length),
    })),
  fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.nat(128))
    .map(([value, length]): Peer => ({
      kind: 'cidr',
      prefix: prefixOf({ family: 6, value }, length),
    })),
  fc.nat(2 ** 31).map((low): Peer => ({
    kind: 'cidr',
    // IPv4-mapped addresses are printed with dots.
    prefix: { family: 6, value: 0xffff_0000_0000n + BigInt(low), length: 128 },
  })),
  id.map((name): Peer => ({ kind: 'group', groupId: `sg-${name}` })),
  id.map((name): Peer => ({ kind: 'prefix-list', prefixListId: `pl-${name}` })),
);
const rules: fc.Arbitrary<Parameters<typeof formatRule>[0]> = fc.record({
  direction: fc.constantFrom<Direction>('ingress', 'egress'),
  traffic: traffics,
  peer: peers,
});

test('parsing what was formatted gives the rule back', () => {
  fc.assert(
    fc.property(rules, ({ direction, traffic, peer }) => {
      const faults = noFaults();
      const place = { file: 'a.yaml', path: '', faults };
      const parsed = parseRule(formatRule({ direction, traffic, peer }), direction, place);
      expect(parsed).toEqual({ traffic, peers: [peer] });
      expect(faults).toEqual(noFaults());
    }),
    { numRuns: 500 },
  );
});
