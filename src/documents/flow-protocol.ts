import { questionFault, type AskedTraffic } from '../model/flow-question.js';
import { ICMP, ICMPV6, ICMP_QUERIES, TCP, UDP, protocolName } from '../model/protocol.js';
import type { Span } from '../model/span.js';
import { shown } from './faults.js';

/** What a question begins with, and the word that says so. */
export type AskedProtocol = { readonly word: string } & (
  { readonly kind: 'tcp' | 'udp' } | Extract<AskedTraffic, { kind: 'icmp' | 'protocol' }>
);

/** Reads the protocol, and how many characters of the text it takes. Throws InputError. */
export function readProtocol(text: string): { protocol: AskedProtocol; length: number } {
  const [head, written = ''] = /^\s*(\S*)/.exec(text)!;
  const word = written.toLowerCase();
  const span = { at: head.length - written.length, length: written.length || 1 };
  const named = WORDS.get(word);
  if (word === 'tcp' || word === 'udp') {
    return { protocol: { kind: word, word }, length: head.length };
  }
  if (named === ICMP || named === ICMPV6) return readIcmp(text, word, named, head.length);
  if (named !== undefined) {
    return { protocol: { kind: 'protocol', protocol: named, word }, length: head.length };
  }
  if (word === 'proto') return readNumber(text, head.length, span);
  const fact = written === '' ? 'the question is empty' : `${shown(written)} is no protocol`;
  const fix = 'begin with tcp, udp, icmp, icmpv6, esp, ah, gre, sctp or proto 50';
  throw questionFault(text, span, fact, fix);
}

const WORDS: ReadonlyMap<string, number> = new Map([
  ['tcp', TCP],
  ['udp', UDP],
  ['icmp', ICMP],
  ['icmpv6', ICMPV6],
  ['esp', 50],
  ['ah', 51],
  ['gre', 47],
  ['sctp', 132],
  // pcap-filter's word.
  ['icmp6', ICMPV6],
]);

type Read = ReturnType<typeof readProtocol>;

/** `icmp`, `icmp echo`, `icmp TYPE/CODE`: a request for an echo unless told. */
function readIcmp(text: string, word: string, protocol: 1 | 58, at: number): Read {
  const rest = text.slice(at);
  const [written, type, code] = /^\s+(\d+)(?:\/(\d+))?(?=\s)/.exec(rest) ?? [];
  if (written === undefined) {
    const family = protocol === ICMP ? 4 : 6;
    const { request } = ICMP_QUERIES.find((query) => query.family === family)!;
    const echo = /^\s+echo(?=\s)/i.exec(rest)?.[0] ?? '';
    return {
      protocol: { kind: 'icmp', word, protocol, type: request, code: 0 },
      length: at + echo.length,
    };
  }
  const digits = written.trimStart();
  const span = { at: at + written.length - digits.length, length: digits.length };
  const form = 'write TYPE/CODE, each from 0 to 255, as in 3/4';
  if (code === undefined) throw questionFault(text, span, `type ${digits} without its code`, form);
  if (Number(type) > 255 || Number(code) > 255) {
    throw questionFault(text, span, `${shown(digits)} is no type and code`, form);
  }
  return {
    protocol: { kind: 'icmp', word, protocol, type: Number(type), code: Number(code) },
    length: at + written.length,
  };
}

/** The number behind `proto`. Protocols whose packets rules look into are to be named. */
function readNumber(text: string, at: number, proto: Span): Read {
  const [written, digits = ''] = /^\s+(\d+)(?=\s)/.exec(text.slice(at)) ?? [];
  const fix = 'write a number from 0 to 255, as in proto 50';
  if (written === undefined) throw questionFault(text, proto, 'proto names no protocol', fix);
  const number = Number(digits);
  const span = { at: at + written.length - digits.length, length: digits.length };
  if (number > 255) throw questionFault(text, span, `${shown(digits)} is no protocol`, fix);
  if ([TCP, UDP, ICMP, ICMPV6].includes(number)) {
    const name = protocolName(number);
    throw questionFault(text, span, `protocol ${number} is ${name}`, `begin with ${name}`);
  }
  return {
    protocol: { kind: 'protocol', protocol: number, word: `protocol ${number}` },
    length: at + written.length,
  };
}
