import { describe, expect, it } from 'vitest';
import { checkFilter, compileFilter } from '../../src/filter/compile.js';

/** What is printed for an expression: the message, the expression, and the caret. */
const FAULTS = String.raw`
'foo' is no word of the filter language
  foo
  ^~~

no port is known as 'foo'; give its number
  tcp port foo
           ^~~

'example.com' is not an address, and no name is looked up; give the address
  host example.com
       ^~~~~~~~~~~

'10.0.0.1' has no word before it; write ${'`host`, `net` or `port`'} before it
  10.0.0.1
  ^~~~~~~~

'80' has no word before it; write ${'`host`, `net` or `port`'} before it
  tcp and 80
          ^~

'22' has no word before it; write ${'`host`, `net` or `port`'} before it
  (port 80 or 443) and not 22
                           ^~

the end stands where a port is expected
  tcp port
          ^

the end stands where a test is expected
  host 10.0.0.1 or
                  ^

'(' is not closed; add ')'
  tcp and (port 80
          ^

')' closes nothing; take it out
  tcp)
     ^

'udp' follows without 'and' or 'or'
  tcp udp
      ^~~

'1.2.3.300' is not an IPv4 address: a part is above 255
  host 1.2.3.300
       ^~~~~~~~~

the address has bits behind the mask; clear them, or shorten the mask
  net 10.0.0.1/8
      ^~~~~~~~~~

the address has bits behind the mask; clear them, or shorten the mask
  net 2001:db8::1/32
      ^~~~~~~~~~~~~~

a mask is for networks only; write ${'`net` instead of `host`'}
  host 10.0.0.0/8
       ^~~~~~~~~~

'33' is no prefix length; give 0 to 32
  net 10.0.0.0/33
               ^~

'1:2:3' is neither an IPv6 nor a MAC address
  host 1:2:3
       ^~~~~

'70000' is above 65535, the highest port
  port 70000
       ^~~~~

'80-90' is a range; write ${'`portrange` instead of `port`'}
  port 80-90
       ^~~~~

'ssh' is not a service of udp; give the port as a number
  udp port ssh
           ^~~

'arp' has no ports; write tcp, udp, sctp or none
  arp port 3
  ^~~~~~~~

'tcp' is a word of the filter language itself; write \tcp to mean the protocol's name
  ip proto tcp
           ^~~

'300' is no protocol; give 0 to 255
  ip proto 300
           ^~~

an IPv4 address does not go with 'ip6 host'
  ip6 host 1.2.3.4
  ^~~~~~~~

'00:11:22:33:44:55' is a MAC address; write ${'`ether host`, `ether src` or `ether dst`'} before it
  host 00:11:22:33:44:55
       ^~~~~~~~~~~~~~~~~

the networks' masks are not known, so only link-layer broadcasts are; write ${'`ether broadcast`'}
  ip broadcast
  ^~~~~~~~~~~~

'inbound' is not supported; filter by address, as in ${'`src host 10.0.0.5`'}
  tcp and inbound
          ^~~~~~~

'gateway' is not supported; write ${'`ether host MAC and not host ADDRESS`'}
  gateway foo
  ^~~~~~~

'protochain' is not supported; filter by the first header, as in ${'`ip6 proto 6`, or by bytes, as in `ip6[6]`'}
  ip6 protochain 6
      ^~~~~~~~~~

'geneve' is not supported; filter the outer packet, as in ${'`udp port 4789 or 6081`'}
  geneve
  ^~~~~~

'5000' is above 4095
  vlan 5000
       ^~~~

the end stands where a comparison is expected; compare with =, !=, <, <=, > or >=
  ip[0] & 3
           ^

'3' is no size of a field; give 1, 2 or 4 bytes
  ip[0:3] = 1
       ^

bytes of 'esp' cannot be asked for; count them from a layer that can, such as ether, ip, ip6, tcp or udp
  esp[0] = 1
  ^~~

division by zero
  ip[0] / 0 = 1
          ^

shift by more than 31 bits
  1 << 40 = 1
       ^~

'089' begins with 0, so it is octal, and has a digit above 7; leave the leading 0 out
  port 089
       ^~~

'99999999999' is above 4294967295; give at most 32 bits
  len > 99999999999
        ^~~~~~~~~~~

'#' has no meaning in a filter expression
  host #
       ^

'port' stands before something else than what it takes; write its values alone in the parentheses
  port (tcp)
       ^~~~~

only ip and ip6 are told apart behind MPLS labels
  mpls and arp
           ^~~
`
  .trim()
  .split('\n\n');

function messageOf(expression: string): string {
  try {
    compileFilter(expression, 1);
    return 'no fault';
  } catch (error) {
    return (error as Error).message;
  }
}

const PLACE = 'error[filter] filter expression: ';

describe('a fault is shown with a caret under the word', () => {
  it.each(FAULTS.map((text) => [text.split('\n')[1]!.trim(), text]))('%s', (expression, text) =>
    expect(messageOf(expression)).toBe(PLACE + text),
  );

  it('whatever the captures are, when it can be', () => {
    expect(() => {
      checkFilter('tcp port foo');
    }).toThrow('no port');
    expect(() => {
      checkFilter('vlan 7 and ether host 00:11:22:33:44:55');
    }).not.toThrow();
  });

  it.each([
    [113, 'vlan', 'VLAN tags are asked of Ethernet frames only, not of Linux cooked'],
    [101, 'broadcast', 'MAC addresses are asked of Ethernet frames only, not of raw IP'],
    [276, 'mpls 3', 'MPLS labels are not asked of Linux cooked v2 frames'],
  ])('link type %i: %s', (linkType, expression, fact) =>
    expect(() => compileFilter(expression, linkType)).toThrow(
      `${PLACE}${fact}\n  ${expression}\n  ^`,
    ),
  );

  it('frames of other link types are filtered by length only', () => {
    expect(() => compileFilter('less 100 and tcp', 239, 'nflog')).toThrow(
      `${PLACE}frames of nflog captures cannot be filtered by their contents; ` +
        'filter them by length, with less, greater or len\n' +
        '  less 100 and tcp\n               ^~~',
    );
    expect(() => compileFilter('less 100 or len > 1000 or link[3] = 1', 239)).not.toThrow();
  });

  it('of a long expression only what surrounds it', () =>
    expect(messageOf(`${'tcp and '.repeat(30)}foo${' and tcp'.repeat(30)}`)).toBe(
      `${PLACE}'foo' is no word of the filter language\n` +
        `  ...${'tcp and '.repeat(5)}foo${' and tcp'.repeat(5)} and tc...\n` +
        `  ${' '.repeat(43)}^~~`,
    ));

  it('without control characters', () =>
    expect(messageOf('tcp\tand \u001b[31m')).toBe(
      `${PLACE}'\ufffd' has no meaning in a filter expression\n  tcp\ufffdand \ufffd[31m\n          ^`,
    ));

  it.each([
    ['parentheses', '('.repeat(100_000), 'nested more than 200 deep'],
    ['negations', 'not '.repeat(60_000), 'nested more than 200 deep'],
    ['minus signs', `${'-'.repeat(1000)}1 = 1`, 'nested more than 200 deep'],
    ['offsets', 'ip['.repeat(1000), 'nested more than 200 deep'],
    ['remainders', `1${' % 2'.repeat(1000)} = 1`, 'nested more than 200 deep'],
    ['operators', `len${' + len'.repeat(2000)} = 1`, 'more than 1000 operators in a row'],
    ['operands', `len ${'- (len '.repeat(20)} = 1`, "'=' stands where ')'"],
    [
      'intermediate results',
      `len ${'- (len '.repeat(20)}${')'.repeat(20)} = 1`,
      'needs more than 65536 instructions, or more than 16 intermediate results',
    ],
    [
      'addresses',
      Array.from({ length: 12_000 }, (_, i) => `host 10.0.${i >> 8}.${i & 255}`).join(' or '),
      'needs more than 65536 instructions',
    ],
    ['characters', ' '.repeat(300_000), 'longer than 262,144 characters'],
  ])('too many %s', (_, expression, fact) =>
    expect(() => compileFilter(expression, 1)).toThrow(fact),
  );
});
