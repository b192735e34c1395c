import type { ColumnForm } from './table.js';

const ANSWERS = (['egress', 'ingress'] as const).flatMap((direction): ColumnForm[] => [
  { name: `${direction}_eni`, kind: 'text', optional: true },
  { name: `${direction}_verdict`, kind: 'text', optional: true },
  { name: `${direction}_code`, kind: 'text', optional: true },
  { name: `${direction}_rule`, kind: 'text', optional: true },
]);

const ENDS: readonly ColumnForm[] = [
  { name: 'source', kind: 'text', optional: true },
  { name: 'destination', kind: 'text', optional: true },
  { name: 'protocol', kind: 'small', optional: true },
  { name: 'source_port', kind: 'small', optional: true },
  { name: 'destination_port', kind: 'small', optional: true },
  { name: 'icmp_type', kind: 'small', optional: true },
  { name: 'icmp_code', kind: 'small', optional: true },
];

/** A row for each packet. README, "Verdicts as a table", tells what they mean; an instant is two columns there. */
export const PACKET_COLUMNS: readonly ColumnForm[] = [
  { name: 'frame', kind: 'count' },
  { name: 'capture', kind: 'text' },
  { name: 'capture_frame', kind: 'count' },
  { name: 'time', kind: 'instant' },
  { name: 'length', kind: 'count' },
  ...ENDS,
  { name: 'tcp_flags', kind: 'small', optional: true },
  { name: 'verdict', kind: 'text' },
  { name: 'code', kind: 'text' },
  ...ANSWERS,
];

const tallies = (...names: readonly string[]): ColumnForm[] =>
  names.flatMap((name): ColumnForm[] => [
    { name: `${name}packets`, kind: 'count' },
    { name: `${name}bytes`, kind: 'count' },
  ]);

/** A row for each flow. */
export const FLOW_COLUMNS: readonly ColumnForm[] = [
  { name: 'first_frame', kind: 'count', optional: true },
  { name: 'first_time', kind: 'instant', optional: true },
  { name: 'last_time', kind: 'instant', optional: true },
  ...ENDS,
  { name: 'icmp_id', kind: 'small', optional: true },
  { name: 'tcp_flags', kind: 'small', optional: true },
  { name: 'counted', kind: 'flag' },
  { name: 'verdict', kind: 'text' },
  { name: 'code', kind: 'text' },
  ...ANSWERS,
  ...tallies('', 'original_', 'reply_'),
  ...tallies('allowed_', 'dropped_', 'not_filtered_', 'not_judged_'),
];

/** A row for each rule that is attached to an interface, with what it allowed. */
export const RULE_COLUMNS: readonly ColumnForm[] = [
  { name: 'rule', kind: 'text' },
  { name: 'group_id', kind: 'text' },
  { name: 'direction', kind: 'text' },
  { name: 'text', kind: 'text' },
  ...tallies(''),
  { name: 'flows', kind: 'count' },
];

/** A row for each interface and direction that saw packets. */
export const INTERFACE_COLUMNS: readonly ColumnForm[] = [
  { name: 'eni', kind: 'text' },
  { name: 'name', kind: 'text', optional: true },
  { name: 'direction', kind: 'text' },
  ...tallies('allowed_', 'dropped_', 'not_filtered_', 'not_judged_'),
];
