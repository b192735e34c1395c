import { describe, test } from 'vitest';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';
import { bare, first, icmp, later, tcp, udp } from './packets.js';
import { check, host } from './story.js';
import type { Line } from './story.js';

const IN = '203.0.113.7:51000 > 10.0.1.20:443';
const OUT = '10.0.1.20:443 > 203.0.113.7:51000';
const VPC = host(['in tcp/443 203.0.113.0/24']);
const OPENED = 'allow rule sg-web:1';
const RELATED = 'allow related sg-web:1';

/** A router on the way answers what `eni-web` sent. */
const ROUTER = '198.51.100.1 > 10.0.1.20';
const opening: Line = [tcp(IN, 'S', 0), OPENED];
const quote = tcp(OUT, 'SA', 0);

describe('CT-16: errors about tracked connections', () => {
  test.each([3, 11, 12])('IPv4 type %i is permitted, whoever sends it', (type) => {
    check(VPC, [opening, [icmp(ROUTER, [type, 0], 1, { quote }), RELATED]]);
  });

  test.each([4, 5, 8])('IPv4 type %i is no such error', (type) => {
    check(VPC, [opening, [icmp(ROUTER, [type, 0], 1, { quote }), 'drop no-rule']]);
  });

  test.each([1, 2, 3, 4])('IPv6 type %i is permitted', (type) => {
    check(host(['in tcp/443 2001:db8:1::/64']), [
      [tcp('[2001:db8:1::7]:51000 > [2001:db8::20]:443', 'S', 0), OPENED],
      [
        icmp('2001:db8:2::1 > 2001:db8::20', [type, 0], 1, {
          quote: tcp('[2001:db8::20]:443 > [2001:db8:1::7]:51000', 'SA'),
        }),
        RELATED,
      ],
    ]);
  });

  test('an error that leaves the interface quotes what came to it', () => {
    const query = udp('203.0.113.7:5353 > 10.0.1.20:53', 0);
    check(host(['in udp/53 203.0.113.0/24']), [
      [query, OPENED],
      [icmp('10.0.1.20 > 203.0.113.7', [3, 3], 1, { quote: query }), RELATED],
    ]);
  });

  test('without the connection it asks the rules', () => {
    check(VPC, [[icmp(ROUTER, [3, 4], 1, { quote }), 'drop no-rule']]);
    const open = host(['in tcp/443 203.0.113.0/24', 'in icmp/3/4 0.0.0.0/0']);
    check(open, [[icmp(ROUTER, [3, 4], 1, { quote }), 'allow rule sg-web:2']]);
  });

  test('without a quote it asks the rules', () => {
    check(VPC, [opening, [icmp(ROUTER, [3, 4], 1), 'drop no-rule']]);
  });

  test('it quotes the connection, not its mirror or a neighbour', () => {
    for (const other of [
      tcp('10.0.1.20:444 > 203.0.113.7:51000', 'A'),
      tcp('10.0.1.20:443 > 203.0.113.8:51000', 'A'),
      udp('10.0.1.20:443 > 203.0.113.7:51000'),
    ]) {
      check(VPC, [opening, [icmp(ROUTER, [3, 4], 1, { quote: other }), 'drop no-rule']]);
    }
  });

  test('it is sent to the source of what it quotes', () => {
    const two = describeVpc({
      groups: [group('sg-web', ['in tcp/443 203.0.113.0/24'])],
      interfaces: [eni('eni-web', ['10.0.1.20', '10.0.1.21'], ['sg-web'])],
    });
    check(two, [
      opening,
      [icmp('198.51.100.1 > 10.0.1.21', [3, 4], 1, { quote }), 'drop no-rule'],
      // A quote that came to the interface is none of an error that comes to it.
      [icmp(ROUTER, [3, 4], 1, { quote: tcp(IN, 'S') }), 'drop no-rule'],
    ]);
  });

  test('the connection of another interface does not count', () => {
    const two = describeVpc({
      groups: [group('sg-web', ['in tcp/443 203.0.113.0/24'])],
      interfaces: [
        eni('eni-web', ['10.0.1.20'], ['sg-web']),
        eni('eni-other', ['10.0.1.30'], ['sg-web'], {
          mac: '020000000030',
          sourceDestCheck: false,
        }),
      ],
    });
    const error = icmp(ROUTER, [3, 4], 1, { quote });
    check(two, [opening, [{ ...error, destinationMac: '020000000030' }, 'drop no-rule']]);
  });

  test('it does not refresh', () => {
    check(
      VPC,
      [
        opening,
        [icmp(ROUTER, [3, 4], 119, { quote }), RELATED],
        [icmp(ROUTER, [3, 4], 120, { quote }), 'drop no-rule'],
        [tcp(IN, 'A', 121), 'drop no-state'],
      ],
      { midstream: 'strict' },
    );
  });

  test('an untracked flow needs an ICMP rule', () => {
    const open = ['in tcp/443 0.0.0.0/0', 'out all 0.0.0.0/0'];
    const flow: Line = [tcp(IN, 'S', 0), 'allow untracked sg-web:1'];
    check(host(open), [flow, [icmp(ROUTER, [3, 4], 1, { quote }), 'drop no-rule']]);
    check(host([...open, 'in icmp/3/4 0.0.0.0/0']), [
      flow,
      [icmp(ROUTER, [3, 4], 1, { quote }), 'allow rule sg-web:3'],
    ]);
  });

  test('a denied opening that is remembered is no connection', () => {
    check(host([]), [
      [tcp(IN, 'S', 0), 'drop no-rule'],
      [icmp(ROUTER, [3, 4], 1, { quote }), 'drop no-rule'],
    ]);
  });

  test('an ended connection that is remembered is no connection', () => {
    check(host(['in tcp/443 203.0.113.0/24'], { idleSeconds: { tcpEstablished: 60 } }), [
      [tcp(IN, 'A', 0), 'allow inferred sg-web:1'],
      [icmp(ROUTER, [3, 4], 60, { quote }), 'drop no-rule'],
    ]);
  });
});

describe('CT-16: what is quoted', () => {
  test('a ping, in either role', () => {
    const request = icmp('10.0.1.20 > 203.0.113.7', [8, 0], 0, { id: 7 });
    check(host(['out icmp/8/-1 0.0.0.0/0']), [
      [request, OPENED],
      [icmp(ROUTER, [11, 0], 1, { quote: request }), RELATED],
    ]);
    const reply = icmp('10.0.1.20 > 203.0.113.7', [0, 0], 0, { id: 7 });
    check(host(['in icmp/8/-1 203.0.113.0/24']), [
      [icmp('203.0.113.7 > 10.0.1.20', [8, 0], 0, { id: 7 }), OPENED],
      [icmp(ROUTER, [11, 0], 1, { quote: reply }), RELATED],
      [icmp(ROUTER, [11, 0], 1, { quote: request }), 'drop no-rule'],
    ]);
  });

  test('another protocol, a later fragment of it included', () => {
    const esp = bare('10.0.1.20 > 203.0.113.7', 50, 0);
    check(host(['out 50 0.0.0.0/0']), [
      [esp, OPENED],
      [icmp(ROUTER, [11, 0], 1, { quote: esp }), RELATED],
      [icmp(ROUTER, [11, 0], 1, { quote: later(esp, 1) }), RELATED],
    ]);
  });

  test('a first fragment, but no later one', () => {
    check(VPC, [
      opening,
      [icmp(ROUTER, [11, 0], 1, { quote: first(quote, 1) }), RELATED],
      [icmp(ROUTER, [11, 0], 1, { quote: later(quote, 1) }), 'drop no-rule'],
    ]);
  });

  test('CT-18: an error that is itself a fragment asks the rules', () => {
    check(VPC, [opening, [first(icmp(ROUTER, [3, 4], 1, { quote }), 1), 'drop no-rule']]);
  });
});
