// Questions about flows that were never captured: what they mean, and what is said of those that mean nothing.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFlowQuestion } from '../../src/documents/flow-question.js';
import { formatAddress } from '../../src/model/address.js';
import { InputError } from '../../src/model/diagnostic.js';
import type { FlowEnd } from '../../src/model/flow-question.js';
import { errorsOf } from './loading.js';

const nameOf = (end: FlowEnd): string => {
  switch (end.kind) {
    case 'address':
      return formatAddress(end.address);
    case 'internet':
    case 'any':
      return `(${end.kind})`;
    case 'name':
      return `"${end.name}"`;
  }
};

/** Source, destination, traffic. */
function read(text: string): readonly unknown[] {
  const { source, destination, traffic } = parseFlowQuestion(text);
  return [nameOf(source), nameOf(destination), traffic];
}

const SYN = 0x02;
const ACK = 0x10;
const tcp = (destinationPort: number, flags = SYN): object => ({
  kind: 'tcp',
  flags,
  destinationPort,
});
const udp = (destinationPort: number): object => ({ kind: 'udp', destinationPort });
const icmp = (type: number, code: number): object => ({ kind: 'icmp', protocol: 1, type, code });
const icmpv6 = (type: number, code: number): object => ({ kind: 'icmp', protocol: 58, type, code });
const other = (protocol: number): object => ({ kind: 'protocol', protocol });

test.each([
  ['tcp 10.0.1.5 > 10.0.2.9:443', '10.0.1.5', '10.0.2.9', tcp(443)],
  ['  TCP  10.0.1.5>10.0.2.9:443  ', '10.0.1.5', '10.0.2.9', tcp(443)],
  [
    'tcp 10.0.1.5:40000 > 10.0.2.9:443',
    '10.0.1.5',
    '10.0.2.9',
    { ...tcp(443), sourcePort: 40_000 },
  ],
  ['tcp 10.0.1.5:0 > 10.0.2.9:65535', '10.0.1.5', '10.0.2.9', { ...tcp(65_535), sourcePort: 0 }],
  ['tcp 10.0.1.5 > 10.0.2.9:443 [S]', '10.0.1.5', '10.0.2.9', tcp(443)],
  ['tcp 10.0.1.5 > 10.0.2.9:443 [A]', '10.0.1.5', '10.0.2.9', tcp(443, ACK)],
  ['tcp 10.0.1.5 > 10.0.2.9:443 [.]', '10.0.1.5', '10.0.2.9', tcp(443, ACK)],
  ['tcp 10.0.1.5 > 10.0.2.9:443 [S.]', '10.0.1.5', '10.0.2.9', tcp(443, SYN | ACK)],
  ['tcp 10.0.1.5 > 10.0.2.9:443 [FRPU]', '10.0.1.5', '10.0.2.9', tcp(443, 0x2d)],
  ['udp 10.0.1.5 > 10.0.0.2:53', '10.0.1.5', '10.0.0.2', udp(53)],
  ['udp 2001:db8::5 > [2001:db8::1]:53', '2001:db8::5', '2001:db8::1', udp(53)],
  ['tcp [2001:db8::5]:1 > [::]:80', '2001:db8::5', '::', { ...tcp(80), sourcePort: 1 }],
  ['tcp [2001:db8::5] > [2001:db8::1]:80 [A]', '2001:db8::5', '2001:db8::1', tcp(80, ACK)],
  ['icmp 10.0.1.5 > 10.0.2.9', '10.0.1.5', '10.0.2.9', icmp(8, 0)],
  ['icmp echo 10.0.1.5 > 10.0.2.9', '10.0.1.5', '10.0.2.9', icmp(8, 0)],
  ['icmp 3/4 10.0.1.5 > 10.0.2.9', '10.0.1.5', '10.0.2.9', icmp(3, 4)],
  ['icmpv6 echo 2001:db8::5 > 2001:db8::1', '2001:db8::5', '2001:db8::1', icmpv6(128, 0)],
  ['icmp6 2001:db8::5 > [2001:db8::1]', '2001:db8::5', '2001:db8::1', icmpv6(128, 0)],
  ['icmpv6 2/0 eni-a > eni-b', '"eni-a"', '"eni-b"', icmpv6(2, 0)],
  ['proto 50 10.0.1.5 > 10.0.2.9', '10.0.1.5', '10.0.2.9', other(50)],
  ['proto 0 10.0.1.5 > 10.0.2.9', '10.0.1.5', '10.0.2.9', other(0)],
  ['esp 10.0.1.5 > 10.0.2.9', '10.0.1.5', '10.0.2.9', other(50)],
  ['ah 10.0.1.5 > 10.0.2.9', '10.0.1.5', '10.0.2.9', other(51)],
  ['gre 10.0.1.5 > 10.0.2.9', '10.0.1.5', '10.0.2.9', other(47)],
  ['sctp 10.0.1.5 > 10.0.2.9', '10.0.1.5', '10.0.2.9', other(132)],
  ['tcp internet > sg-web:443', '(internet)', '"sg-web"', tcp(443)],
  ['tcp i-0abc:5000 > internet:25', '"i-0abc"', '(internet)', { ...tcp(25), sourcePort: 5000 }],
  ['tcp Web Server 1 > the db:5432 [A]', '"Web Server 1"', '"the db"', tcp(5432, ACK)],
  ['icmp echoes > web', '"echoes"', '"web"', icmp(8, 0)],
  ['tcp team:web > a:b:80', '"team:web"', '"a:b"', tcp(80)],
])('%s', (text, source, destination, traffic) => {
  expect(read(text)).toEqual([source, destination, traffic]);
});

test('ends tell where they stand, without their ports', () => {
  const text = 'tcp  10.0.1.5:40000 > [2001:db8::1]:443';
  const { source, destination } = parseFlowQuestion(text);
  const shown = [source, destination].map(({ span }) => text.slice(span.at, span.at + span.length));
  expect(shown).toEqual(['10.0.1.5', '[2001:db8::1]']);
});

/** Fact, fix, and the characters that the caret and what follows it stand under. */
function faultOf(text: string): readonly (string | undefined)[] {
  try {
    parseFlowQuestion(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [{ code, fact, fix, excerpt } = { code: '', fact: '' }] = error.diagnostics;
    expect(code).toBe('flow');
    const { column, length } = excerpt!;
    return [fact, fix, excerpt!.text.slice(column, column + length)];
  }
  return [];
}

const PORT = 'tcp asks for a destination port';
const EXAMPLE = 'write it like `tcp 10.0.1.5 > 10.0.2.9:443`';
const WORDS = 'begin with tcp, udp, icmp, icmpv6, esp, ah, gre, sctp or proto 50';
const ENDS = 'write an address, an interface, an instance, a group or internet';
const TYPE_CODE = 'write TYPE/CODE, each from 0 to 255, as in 3/4';
const FLAGS = 'write some of S, A, F, R, P and U, as in [S] or [A]';

test.each([
  ['', 'the question is empty', WORDS, ''],
  ['tpc a > b:1', '"tpc" is no protocol', WORDS, 'tpc'],
  ['10.0.1.5 > 10.0.2.9:443', '"10.0.1.5" is no protocol', WORDS, '10.0.1.5'],
  ['tcp 10.0.1.5 10.0.2.9:443', 'no > stands between two ends', EXAMPLE, ''],
  ['tcp a -> b:1', '-> is not read', 'write > with a space before it', '->'],
  ['tcp > 10.0.2.9:443', 'no source stands before the >', ENDS, ' '],
  ['tcp 10.0.1.5 >', 'no destination stands behind the >', ENDS, ''],
  ['tcp 10.0.1.5 > [S]', 'no destination stands behind the >', ENDS, ' '],
  ['tcp 10.0.1.5 > 10.0.2.9', PORT, 'write it like 10.0.2.9:443', '10.0.2.9'],
  ['udp a > b', 'udp asks for a destination port', 'write it like b:53', 'b'],
  ['tcp a > [2001:db8::1]', PORT, 'write it like [2001:db8::1]:443', '[2001:db8::1]'],
  ['tcp a > 2001:db8::1:443', PORT, 'write it like [2001:db8::1]:443', '2001:db8::1:443'],
  ['tcp a > 2001:db8::1', PORT, 'write it like [2001:db8::1]:443', '2001:db8::1'],
  [
    'tcp a > 2001:db8::1:65536',
    'an IPv6 address and a port run together',
    'write [2001:db8::1]:65536',
    '2001:db8::1:65536',
  ],
  [
    'tcp a > web:https',
    '"https" is no port',
    'write a number from 0 to 65535, as in web:443',
    'https',
  ],
  ['tcp a > web:65536', '"65536" is no port', 'write a number from 0 to 65535', '65536'],
  ['tcp a:70000 > web:1', '"70000" is no port', 'write a number from 0 to 65535', '70000'],
  [
    'tcp 10.0.1.5.40000 > 10.0.2.9.443',
    'the port stands behind a dot',
    'write 10.0.1.5:40000',
    '10.0.1.5.40000',
  ],
  [
    'tcp 10.0.1.500 > 10.0.2.9:443',
    '"10.0.1.500" is no IP address',
    'write it like 10.0.2.9 or [2001:db8::1]',
    '10.0.1.500',
  ],
  [
    'tcp [10.0.1.5] > a:1',
    '"10.0.1.5" is no IPv6 address',
    'write it like [2001:db8::1]:443',
    '[10.0.1.5]',
  ],
  [
    'icmp 10.0.0.0/24 > 10.0.2.9',
    '"10.0.0.0/24" is a block of addresses',
    'write one address of it',
    '10.0.0.0/24',
  ],
  ['icmp a > b:443', 'rules know no ports of icmp', 'leave :443 out', '443'],
  ['sctp a:9 > b', 'rules know no ports of sctp', 'leave :9 out', '9'],
  ['proto 50 a > b:4', 'rules know no ports of protocol 50', 'leave :4 out', '4'],
  ['icmp 8 a > b', 'type 8 without its code', TYPE_CODE, '8'],
  ['icmp 3/256 a > b', '"3/256" is no type and code', TYPE_CODE, '3/256'],
  [
    'proto a > b',
    'proto names no protocol',
    'write a number from 0 to 255, as in proto 50',
    'proto',
  ],
  [
    'proto 256 a > b',
    '"256" is no protocol',
    'write a number from 0 to 255, as in proto 50',
    '256',
  ],
  ['proto 6 a > b', 'protocol 6 is tcp', 'begin with tcp', '6'],
  ['proto 58 a > b', 'protocol 58 is icmpv6', 'begin with icmpv6', '58'],
  ['udp a > b:53 [S]', 'udp has no flags', 'leave them out', '[S]'],
  ['tcp a > b:53 [SX]', '"X" is no flag', FLAGS, 'X'],
  [
    'tcp a > b:53 []',
    'no flag stands in the brackets',
    'leave the brackets out to open a connection, or write [A]',
    '[]',
  ],
])('%s: refused, with the form that is right', (text, fact, fix, meant) => {
  expect(faultOf(text)).toEqual([fact, fix, meant]);
});

test('a fault is one line, and the caret stands under the word', () => {
  expect(errorsOf(() => parseFlowQuestion('udp 10.0.1.5 > 10.0.0.2:dns'))).toEqual([
    'error[flow] flow question: "dns" is no port; write a number from 0 to 65535, as in 10.0.0.2:53\n' +
      '  udp 10.0.1.5 > 10.0.0.2:dns\n' +
      '                          ^~~',
  ]);
});

test('any text is read or refused', () => {
  const words = fc.constantFrom(
    ...['tcp', 'udp', 'icmp', 'proto', '3/4', 'echo', '>', ' ', ':', '[', ']', '10.0.1.5', '443'],
    ...['2001:db8::1', 'sg-a', 'internet', '/', '.', '-', '\0', '\u{1f600}'],
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(words).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        const { source, destination } = parseFlowQuestion(text);
        expect(source.span.at + source.span.length).toBeLessThanOrEqual(destination.span.at);
        expect(destination.span.at + destination.span.length).toBeLessThanOrEqual(text.length);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a question longer than any sense is refused', () => {
  expect(errorsOf(() => parseFlowQuestion(`tcp ${'a'.repeat(2000)} > b:1`))[0]).toContain(
    'longer than 1000 characters',
  );
});
