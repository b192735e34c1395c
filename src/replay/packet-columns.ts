import {
  ANSWER_CODE,
  ANSWER_DIRECTION,
  ANSWER_INTERFACE,
  ANSWER_RULE,
  CODES,
  CODE_VERDICT_SHIFT,
  EGRESS,
  FLAG_IPV6,
  FRAME_CAPTURE,
  FRAME_NUMBER,
  FRAME_ORIGIN,
  FRAME_SIZE,
  FRAME_TIME,
  KNOWN_ADDRESSES,
  KNOWN_ICMP_CODE,
  KNOWN_ICMP_TYPE,
  KNOWN_PORTS,
  KNOWN_PROTOCOL,
  KNOWN_TCP_FLAGS,
  ROW_DESTINATION,
  ROW_DESTINATION_PORT,
  ROW_FLAGS,
  ROW_KNOWN,
  ROW_LENGTH,
  ROW_PROTOCOL,
  ROW_SIZE,
  ROW_SOURCE,
  ROW_SOURCE_PORT,
  ROW_TCP_FLAGS,
  VERDICT_ANSWERS,
  VERDICT_CODE,
  VERDICT_FIRST,
  VERDICT_SECOND,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import { NO_VALUE, type Table, columnOf } from '../model/table.js';
import { VERDICT_CODES } from '../model/verdict.js';
import type { AddressTexts } from './address-texts.js';
import type { RunViews } from './run-views.js';

/** Names of codes and of their verdicts by the number of the code. */
const CODE_TEXTS = Array.from({ length: CODES }, (_, number) => codeOf(number)?.name ?? '');
const VERDICT_TEXTS = ['allow', 'drop', 'not-filtered', 'not-judged'];

function codeOf(number: number): (typeof VERDICT_CODES)[number] | undefined {
  return VERDICT_CODES.find((code) => code.number === number);
}

/** The columns of a table of packets by what they hold. */
export type PacketColumns = ReturnType<typeof packetColumns>;

export function packetColumns(table: Table) {
  const text = (name: string) => columnOf(table, name, 'text');
  const named = (name: string, entries: readonly string[]) =>
    Object.assign(text(name), { entries });
  const answer = (direction: string) => ({
    eni: text(`${direction}_eni`),
    verdict: named(`${direction}_verdict`, VERDICT_TEXTS),
    code: named(`${direction}_code`, CODE_TEXTS),
    rule: text(`${direction}_rule`),
  });
  return {
    frame: columnOf(table, 'frame', 'count'),
    capture: text('capture'),
    captureFrame: columnOf(table, 'capture_frame', 'count'),
    timeWords: new Uint32Array(columnOf(table, 'time', 'instant').values.buffer),
    length: columnOf(table, 'length', 'count'),
    source: text('source'),
    destination: text('destination'),
    protocol: columnOf(table, 'protocol', 'small'),
    sourcePort: columnOf(table, 'source_port', 'small'),
    destinationPort: columnOf(table, 'destination_port', 'small'),
    icmpType: columnOf(table, 'icmp_type', 'small'),
    icmpCode: columnOf(table, 'icmp_code', 'small'),
    tcpFlags: columnOf(table, 'tcp_flags', 'small'),
    verdict: named('verdict', VERDICT_TEXTS),
    code: named('code', CODE_TEXTS),
    /** By direction: egress, ingress. */
    answers: [answer('egress'), answer('ingress')] as const,
  };
}

/** Fills `count` rows from `row` on with the packets of a run from `first` on. */
export function fillPackets(
  columns: PacketColumns,
  row: number,
  { frames, rows, verdicts }: RunViews,
  first: number,
  count: number,
  addresses: AddressTexts,
): void {
  const { words, halves, bytes } = rows;
  for (let i = first; i < first + count; i++, row++) {
    const of = (i * FRAME_SIZE) / 4;
    columns.frame.values[row] = longAt(frames.words, of + FRAME_NUMBER / 4);
    columns.captureFrame.values[row] = longAt(frames.words, of + FRAME_ORIGIN / 4);
    columns.capture.values[row] = frames.halves[2 * of + FRAME_CAPTURE / 2]!;
    columns.timeWords[2 * row] = frames.words[of + FRAME_TIME / 4]!;
    columns.timeWords[2 * row + 1] = frames.words[of + FRAME_TIME / 4 + 1]!;

    const at = i * ROW_SIZE;
    const known = bytes[at + ROW_KNOWN]!;
    const ipv6 = (bytes[at + ROW_FLAGS]! & FLAG_IPV6) !== 0;
    const hasEnds = (known & KNOWN_ADDRESSES) !== 0;
    const hasPorts = (known & KNOWN_PORTS) !== 0;
    const port = halves[(at + ROW_DESTINATION_PORT) / 2]!;
    columns.length.values[row] = words[(at + ROW_LENGTH) / 4]!;
    columns.source.values[row] = hasEnds
      ? addresses.placeOf(words, (at + ROW_SOURCE) / 4, ipv6)
      : NO_VALUE;
    columns.destination.values[row] = hasEnds
      ? addresses.placeOf(words, (at + ROW_DESTINATION) / 4, ipv6)
      : NO_VALUE;
    columns.protocol.values[row] =
      (known & KNOWN_PROTOCOL) !== 0 ? bytes[at + ROW_PROTOCOL]! : NO_VALUE;
    columns.sourcePort.values[row] = hasPorts ? halves[(at + ROW_SOURCE_PORT) / 2]! : NO_VALUE;
    columns.destinationPort.values[row] = hasPorts ? port : NO_VALUE;
    columns.icmpType.values[row] = (known & KNOWN_ICMP_TYPE) !== 0 ? port >> 8 : NO_VALUE;
    columns.icmpCode.values[row] = (known & KNOWN_ICMP_CODE) !== 0 ? port & 0xff : NO_VALUE;
    columns.tcpFlags.values[row] =
      (known & KNOWN_TCP_FLAGS) !== 0 ? bytes[at + ROW_TCP_FLAGS]! : NO_VALUE;

    const judged = i * VERDICT_SIZE;
    const code = verdicts.bytes[judged + VERDICT_CODE]!;
    columns.code.values[row] = code;
    columns.verdict.values[row] = code >> CODE_VERDICT_SHIFT;
    const answers = verdicts.bytes[judged + VERDICT_ANSWERS]!;
    clearAnswer(columns.answers[0], row);
    clearAnswer(columns.answers[1], row);
    if (answers > 0) fillAnswer(columns, row, verdicts, judged + VERDICT_FIRST);
    if (answers > 1) fillAnswer(columns, row, verdicts, judged + VERDICT_SECOND);
  }
}

const longAt = (words: Uint32Array, at: number): number => words[at]! + words[at + 1]! * 2 ** 32;

function clearAnswer({ eni, verdict, code, rule }: PacketColumns['answers'][0], row: number): void {
  eni.values[row] = NO_VALUE;
  verdict.values[row] = NO_VALUE;
  code.values[row] = NO_VALUE;
  rule.values[row] = NO_VALUE;
}

function fillAnswer(
  { answers }: PacketColumns,
  row: number,
  { bytes, words }: RunViews['verdicts'],
  at: number,
): void {
  const { eni, verdict, code, rule } = answers[bytes[at + ANSWER_DIRECTION] === EGRESS ? 0 : 1];
  const number = bytes[at + ANSWER_CODE]!;
  eni.values[row] = words[(at + ANSWER_INTERFACE) / 4]!;
  code.values[row] = number;
  verdict.values[row] = number >> CODE_VERDICT_SHIFT;
  // A packet that no rule allowed has NONE there, which is NO_VALUE.
  rule.values[row] = words[(at + ANSWER_RULE) / 4]!;
}
