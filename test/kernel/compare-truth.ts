import {
  CONTENT_IP,
  NOT_FILTERED_NOT_APPLICABLE,
  NOT_JUDGED_CUT,
  NOT_JUDGED_ENCAPSULATION,
  NOT_JUDGED_MALFORMED,
} from '../../src/kernel/layout.js';
import { parseAddress } from '../../src/model/address.js';
import { ICMP, ICMPV6, TCP, UDP } from '../../src/model/protocol.js';
import type { Columns } from '../engine/columns.js';
import type { Truth } from './truth.js';

const FIELDS = [
  'epoch_ns',
  'src',
  'dst',
  'proto',
  'sport',
  'dport',
  'tcp_flags',
  'icmp_type',
  'icmp_code',
  'frag_off',
  'mf',
  'frame_len',
  'cap_len',
] as const satisfies readonly (keyof Columns & keyof Truth)[];

/** Where a row says something else than the truth: `field: ours, not theirs`. Fields that nobody could read are compared too. */
export function differences(row: Columns & { content: number }, truth: Truth): string[] {
  const found = FIELDS.filter(
    (field) => canonical(field, row[field]) !== canonical(field, truth[field]),
  ).map((field) => `${field}: ${row[field]}, not ${truth[field]}`);
  const contents = expectedContents(truth);
  if (!contents.includes(row.content)) {
    found.push(`content: ${row.content}, not ${contents.join(' or ')}`);
  }
  return found;
}

/** Parsing is slow beside 130,000 frames, and captures repeat their addresses. */
const addresses = new Map<string, string>();
function canonical(field: (typeof FIELDS)[number], text: string): string {
  if (field !== 'src' && field !== 'dst') return text;
  const known = addresses.get(text);
  if (known !== undefined) return known;
  const address = parseAddress(text);
  const form = address === undefined ? text : `${address.family}:${address.value.toString(16)}`;
  addresses.set(text, form);
  return form;
}

/** Contents that a row may have: IP exactly when every field that verdicts need could be read. */
export function expectedContents(truth: Truth): number[] {
  const whole = truth.cap_len === truth.frame_len;
  const broken = whole ? [NOT_JUDGED_MALFORMED] : [NOT_JUDGED_CUT, NOT_JUDGED_MALFORMED];
  const bogus = truth.note.includes('ip-bogus');
  if (truth.src === '' && !bogus) {
    return [NOT_FILTERED_NOT_APPLICABLE, NOT_JUDGED_ENCAPSULATION, ...broken];
  }
  if (isUnread(truth)) return broken;
  // Options that are cut: rules need nothing behind them, but the header is not whole.
  return hasNoTransport(truth) ? [CONTENT_IP, ...broken] : [CONTENT_IP];
}

function hasNoTransport({ note, sport, icmp_type }: Truth): boolean {
  return /malformed|short/.test(note) && sport === '' && icmp_type === '';
}

/** `ip-bogus`: no addresses; `ext-cut`: no protocol; a header that ends early: blank fields and a note that says so. */
function isUnread({ note, proto, src, frag_off, sport, tcp_flags, icmp_type }: Truth): boolean {
  if (/ip-bogus|ext-cut/.test(note)) return true;
  if (!/malformed|short/.test(note) || frag_off !== '0') return false;
  const protocol = Number(proto);
  if (protocol === TCP) return tcp_flags === '';
  if (protocol === UDP) return sport === '';
  return protocol === (src.includes(':') ? ICMPV6 : ICMP) && icmp_type === '';
}
