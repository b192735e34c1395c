import { questionFault } from '../model/flow-question.js';
import { ACK, FIN, RST, SYN } from '../model/protocol.js';
import type { Span } from '../model/span.js';
import { shown } from './faults.js';

/** Where the flags in brackets stand that end a question; `from` is behind its arrow. IPv6 addresses have colons, flags none. */
export function splitFlags(text: string, from: number): Span | undefined {
  const found = /(?:^|\s)(\[[^[\]:]*\])\s*$/.exec(text.slice(from));
  if (found === null) return undefined;
  const [whole, written = ''] = found;
  return { at: from + found.index + whole.indexOf('['), length: written.length };
}

/** Reads flags as tcpdump prints them, with A as another word for its dot. Throws InputError. */
export function readFlags(text: string, { at, length }: Span): number {
  let flags = 0;
  for (let i = at + 1; i < at + length - 1; i++) {
    const letter = text.charAt(i);
    const flag = FLAGS.get(letter);
    if (flag === undefined) {
      const fix = 'write some of S, A, F, R, P and U, as in [S] or [A]';
      throw questionFault(text, { at: i, length: 1 }, `${shown(letter)} is no flag`, fix);
    }
    flags |= flag;
  }
  if (flags !== 0) return flags;
  const fix = 'leave the brackets out to open a connection, or write [A]';
  throw questionFault(text, { at, length }, 'no flag stands in the brackets', fix);
}

/** RFC 9293, section 3.1. */
const FLAGS: ReadonlyMap<string, number> = new Map([
  ['S', SYN],
  ['A', ACK],
  ['.', ACK],
  ['F', FIN],
  ['R', RST],
  ['P', 0x08],
  ['U', 0x20],
]);
