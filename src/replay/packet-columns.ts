import {
  ANSWER_CODE,
  ANSWER_DIRECTION,
  ANSWER_INTERFACE,
  ANSWER_RULE,
  CODES,
  CODE_VERDICT_SHIFT,
  EGRESS,
  INGRESS,
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
import type { Part } from './kept-rows.js';
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
    answers: [answer('egress'), answer('ingress')],
  };
}

/** Rows to fill, and the packets of a run that they are filled with. */
export interface Stretch {
  readonly row: number;
  readonly first: number;
  readonly count: number;
}

/** Fills rows of the table. A loop for each part of a packet: one for all would look up every column for every row. */
export function fillPackets(
  columns: PacketColumns,
  { frames, rows, verdicts }: RunViews,
  stretch: Stretch,
  addresses: AddressTexts,
): void {
  fillPlaces(columns, frames, stretch);
  fillAddresses(columns, rows, stretch, addresses);
  fillPorts(columns, rows, stretch);
  fillVerdicts(columns, verdicts, stretch);
}

function fillPlaces(columns: PacketColumns, { words, halves }: Part, stretch: Stretch): void {
  const { values: frame } = columns.frame;
  const { values: capture } = columns.capture;
  const { values: captureFrame } = columns.captureFrame;
  const { timeWords } = columns;
  let { row } = stretch;
  for (let i = stretch.first; i < stretch.first + stretch.count; i++, row++) {
    const at = (i * FRAME_SIZE) / 4;
    frame[row] = longAt(words, at + FRAME_NUMBER / 4);
    captureFrame[row] = longAt(words, at + FRAME_ORIGIN / 4);
    capture[row] = halves[2 * at + FRAME_CAPTURE / 2]!;
    timeWords[2 * row] = words[at + FRAME_TIME / 4]!;
    timeWords[2 * row + 1] = words[at + FRAME_TIME / 4 + 1]!;
  }
}

function fillAddresses(
  columns: PacketColumns,
  { words, bytes }: Part,
  stretch: Stretch,
  addresses: AddressTexts,
): void {
  const { values: source } = columns.source;
  const { values: destination } = columns.destination;
  let { row } = stretch;
  for (let i = stretch.first; i < stretch.first + stretch.count; i++, row++) {
    const at = i * ROW_SIZE;
    source[row] = destination[row] = NO_VALUE;
    if ((bytes[at + ROW_KNOWN]! & KNOWN_ADDRESSES) === 0) continue;
    const ipv6 = (bytes[at + ROW_FLAGS]! & FLAG_IPV6) !== 0;
    source[row] = addresses.placeOf(words, (at + ROW_SOURCE) / 4, ipv6);
    destination[row] = addresses.placeOf(words, (at + ROW_DESTINATION) / 4, ipv6);
  }
}

function fillPorts(columns: PacketColumns, { words, halves, bytes }: Part, stretch: Stretch): void {
  const { values: length } = columns.length;
  const { values: protocol } = columns.protocol;
  const { values: sourcePort } = columns.sourcePort;
  const { values: destinationPort } = columns.destinationPort;
  const { values: icmpType } = columns.icmpType;
  const { values: icmpCode } = columns.icmpCode;
  const { values: tcpFlags } = columns.tcpFlags;
  let { row } = stretch;
  for (let i = stretch.first; i < stretch.first + stretch.count; i++, row++) {
    const at = i * ROW_SIZE;
    const known = bytes[at + ROW_KNOWN]!;
    const ports = (known & KNOWN_PORTS) !== 0;
    const port = halves[(at + ROW_DESTINATION_PORT) / 2]!;
    length[row] = words[(at + ROW_LENGTH) / 4]!;
    protocol[row] = (known & KNOWN_PROTOCOL) !== 0 ? bytes[at + ROW_PROTOCOL]! : NO_VALUE;
    sourcePort[row] = ports ? halves[(at + ROW_SOURCE_PORT) / 2]! : NO_VALUE;
    destinationPort[row] = ports ? port : NO_VALUE;
    icmpType[row] = (known & KNOWN_ICMP_TYPE) !== 0 ? port >> 8 : NO_VALUE;
    icmpCode[row] = (known & KNOWN_ICMP_CODE) !== 0 ? port & 0xff : NO_VALUE;
    tcpFlags[row] = (known & KNOWN_TCP_FLAGS) !== 0 ? bytes[at + ROW_TCP_FLAGS]! : NO_VALUE;
  }
}

function fillVerdicts(columns: PacketColumns, { words, bytes }: Part, stretch: Stretch): void {
  const { values: verdict } = columns.verdict;
  const { values: code } = columns.code;
  let { row } = stretch;
  for (let i = stretch.first; i < stretch.first + stretch.count; i++, row++) {
    const number = bytes[i * VERDICT_SIZE + VERDICT_CODE]!;
    code[row] = number;
    verdict[row] = number >> CODE_VERDICT_SHIFT;
  }
  for (const direction of [EGRESS, INGRESS]) {
    fillAnswers(columns.answers[direction]!, direction, { words, bytes }, stretch);
  }
}

function fillAnswers(
  columns: PacketColumns['answers'][0],
  direction: number,
  { words, bytes }: Pick<Part, 'words' | 'bytes'>,
  stretch: Stretch,
): void {
  const { values: eni } = columns.eni;
  const { values: verdict } = columns.verdict;
  const { values: code } = columns.code;
  const { values: rule } = columns.rule;
  let { row } = stretch;
  for (let i = stretch.first; i < stretch.first + stretch.count; i++, row++) {
    const judged = i * VERDICT_SIZE;
    const answers = bytes[judged + VERDICT_ANSWERS]!;
    let at = -1;
    if (answers > 0 && bytes[judged + VERDICT_FIRST + ANSWER_DIRECTION] === direction) {
      at = judged + VERDICT_FIRST;
    } else if (answers > 1 && bytes[judged + VERDICT_SECOND + ANSWER_DIRECTION] === direction) {
      at = judged + VERDICT_SECOND;
    }
    if (at < 0) {
      eni[row] = verdict[row] = code[row] = rule[row] = NO_VALUE;
      continue;
    }
    const number = bytes[at + ANSWER_CODE]!;
    eni[row] = words[(at + ANSWER_INTERFACE) / 4]!;
    code[row] = number;
    verdict[row] = number >> CODE_VERDICT_SHIFT;
    // Where no rule has a say stands NONE, which is NO_VALUE.
    rule[row] = words[(at + ANSWER_RULE) / 4]!;
  }
}

const longAt = (words: Uint32Array, at: number): number => words[at]! + words[at + 1]! * 2 ** 32;
