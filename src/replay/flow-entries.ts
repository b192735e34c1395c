import { VERDICT_ANSWERS, VERDICT_BEGINS, VERDICT_CODE } from '../kernel/layout.js';
import { readAddress } from '../engine/row-address.js';
import { type VerdictNames, codeName, readAnswers } from '../engine/verdicts.js';
import type { Flow } from '../model/flow.js';
import type { Tally } from '../model/tally.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import { type Verdict, verdictOf } from '../model/verdict.js';
import {
  ENDS_DESTINATION,
  ENDS_DESTINATION_MARK,
  ENDS_SOURCE,
  ENDS_SOURCE_MARK,
  KIND_IPV6,
  portOfMark,
} from './packet-ends.js';

/** Flows one after the other: 32-bit words and sums of each. */
export interface FlowEntries {
  words: Uint32Array<ArrayBuffer>;
  sums: Float64Array<ArrayBuffer>;
}

// Words of an entry; the first ten are the ends of its first packet.
export const ENTRY_WORDS = 24;
export const ENTRY_KIND = 10;
/** TCP flags of all packets below, type and code of the first packet above. */
export const ENTRY_FLAGS = 11;
export const ENTRY_HASH = 12;
/** Low word, high word: nanoseconds. */
export const ENTRY_FIRST = 13;
export const ENTRY_LAST = 15;
/** The verdict on the first packet, all but its last word, which is of fragments: see layout.ts. */
export const ENTRY_VERDICT = 17;
export const VERDICT_WORDS = 7;

// Sums of an entry: packets and bytes.
export const ENTRY_SUMS = 11;
export const SUM_FRAME = 0;
export const SUM_ORIGINAL = 1;
export const SUM_VERDICTS = 3;
const VERDICTS = ['allow', 'drop', 'not-filtered', 'not-judged'] as const satisfies Verdict[];

export function createEntries(most: number): FlowEntries {
  return {
    words: new Uint32Array(most * ENTRY_WORDS),
    sums: new Float64Array(most * ENTRY_SUMS),
  };
}

/** Makes room for twice as many, up to `most`. */
export function growEntries(entries: FlowEntries, most: number): void {
  const old = { ...entries };
  const room = Math.min(most, (old.sums.length / ENTRY_SUMS) * 2);
  Object.assign(entries, createEntries(room));
  entries.words.set(old.words);
  entries.sums.set(old.sums);
}

export function moveEntry({ words, sums }: FlowEntries, from: number, to: number): void {
  words.copyWithin(to * ENTRY_WORDS, from * ENTRY_WORDS, (from + 1) * ENTRY_WORDS);
  sums.copyWithin(to * ENTRY_SUMS, from * ENTRY_SUMS, (from + 1) * ENTRY_SUMS);
}

/** Reads flows out of entries, in the order of `indices`. */
export function* readFlows(
  { words, sums }: FlowEntries,
  indices: Iterable<number>,
  names: VerdictNames,
): Generator<Flow> {
  const view = new DataView(words.buffer);
  for (const index of indices) {
    const at = index * ENTRY_WORDS * 4;
    const sum = index * ENTRY_SUMS;
    const word = (place: number): number => words[index * ENTRY_WORDS + place]!;
    const time = (place: number): bigint => view.getBigInt64(at + place * 4, true);
    const tally = (place: number): Tally => ({
      packets: sums[sum + place]!,
      bytes: sums[sum + place + 1]!,
    });
    const kind = word(ENTRY_KIND);
    const original = tally(SUM_ORIGINAL);
    const byVerdict = Object.fromEntries(
      VERDICTS.map((verdict, i) => [verdict, tally(SUM_VERDICTS + 2 * i)]),
    ) as Record<Verdict, Tally>;
    const of = at + ENTRY_VERDICT * 4;
    const code = codeName(view.getUint8(of + VERDICT_CODE));
    yield {
      protocol: kind & 0xff,
      source: readAddress(view, at + ENDS_SOURCE * 4, (kind & KIND_IPV6) !== 0),
      destination: readAddress(view, at + ENDS_DESTINATION * 4, (kind & KIND_IPV6) !== 0),
      ...portsOf(kind, word(ENDS_SOURCE_MARK), word(ENDS_DESTINATION_MARK), word(ENTRY_FLAGS) >> 8),
      counted: view.getUint8(of + VERDICT_BEGINS) === 1,
      firstFrame: sums[sum + SUM_FRAME]!,
      firstTimeNs: time(ENTRY_FIRST),
      lastTimeNs: time(ENTRY_LAST),
      verdict: verdictOf(code),
      code,
      at: readAnswers(view, of, view.getUint8(of + VERDICT_ANSWERS), names),
      original,
      reply: restOf(byVerdict, original),
      byVerdict,
      tcpFlags: word(ENTRY_FLAGS) & 0xff,
    };
  }
}

function portsOf(
  kind: number,
  from: number,
  to: number,
  typeAndCode: number,
): Pick<Flow, 'sourcePort' | 'destinationPort' | 'icmp'> {
  const protocol = kind & 0xff;
  const [source, destination] = [portOfMark(from), portOfMark(to)];
  if (protocol === TCP || protocol === UDP) {
    if (source === undefined || destination === undefined) return {};
    return { sourcePort: source, destinationPort: destination };
  }
  const isIcmp = protocol === ((kind & KIND_IPV6) === 0 ? ICMP : ICMPV6);
  if (!isIcmp || from === to) return {};
  return { icmp: { type: typeAndCode >> 8, code: typeAndCode & 0xff, id: source ?? 0 } };
}

function restOf(byVerdict: Readonly<Record<Verdict, Tally>>, { packets, bytes }: Tally): Tally {
  const all = Object.values(byVerdict);
  return {
    packets: all.reduce((sum, tally) => sum + tally.packets, -packets),
    bytes: all.reduce((sum, tally) => sum + tally.bytes, -bytes),
  };
}
