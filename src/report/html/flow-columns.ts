import { type Address, formatAddress } from '../../model/address.js';
import type { Flow } from '../../model/flow.js';
import { type InterfaceVerdict, VERDICT_CODES, type VerdictCode } from '../../model/verdict.js';
import { presentable } from '../wrap.js';

/** An interface's answer: positions in `interfaces`, 1 for egress, number of the code, position in `rules` or -1. */
export type AnswerRow = readonly [eni: number, egress: 0 | 1, code: number, rule: number];

/** Flows by column, a number for each; texts are told once. What the script of the page reads. */
export interface FlowColumns {
  /** All times below are nanoseconds since this one; a decimal string, since 1970. */
  readonly startNs: string;
  readonly addresses: readonly string[];
  /** Ids and names of interfaces. */
  readonly interfaces: readonly (readonly [id: string, name: string])[];
  /** Ids of rules, their groups and what they say. */
  readonly rules: readonly (readonly [id: string, group: string, text: string])[];
  /** Answers for the first packet of a flow, each list once. */
  readonly answers: readonly (readonly AnswerRow[])[];
  readonly frame: readonly number[];
  readonly protocol: readonly number[];
  /** Positions in `addresses`. */
  readonly source: readonly number[];
  readonly destination: readonly number[];
  /** Ports; of ICMP its identifier, and type * 256 + code; -1 without. */
  readonly sourcePort: readonly number[];
  readonly destinationPort: readonly number[];
  /** 1 for ICMP. */
  readonly icmp: readonly (0 | 1)[];
  /** Number of the first packet's code. */
  readonly code: readonly number[];
  /** Positions in `answers`. */
  readonly at: readonly number[];
  readonly time: readonly number[];
  readonly duration: readonly number[];
  readonly packets: readonly number[];
  readonly bytes: readonly number[];
  /** Of these, those that went against the first one. */
  readonly replyPackets: readonly number[];
  readonly replyBytes: readonly number[];
  /** Of the packets. */
  readonly allowed: readonly number[];
  readonly dropped: readonly number[];
  /** All TCP flags of the flow. */
  readonly flags: readonly number[];
  /** 1 for a flow of the report, 0 for packets that belong to none. */
  readonly counted: readonly (0 | 1)[];
}

/** What ids stand for, as far as it is known. */
export interface FlowNames {
  readonly interfaceName: ReadonlyMap<string, string>;
  readonly rule: ReadonlyMap<string, { readonly groupId: string; readonly text: string }>;
}

/** Flows as the page's script takes them. */
export function flowColumns(flows: readonly Flow[], names: FlowNames): FlowColumns {
  const startNs = flows.reduce(
    (least, { firstTimeNs }) => (firstTimeNs < least ? firstTimeNs : least),
    flows[0]?.firstTimeNs ?? 0n,
  );
  const addresses = positions((text) => text);
  const interfaces = positions((id) => [id, names.interfaceName.get(id) ?? ''] as const);
  const rules = positions((id) => {
    const known = names.rule.get(id);
    return [id, known?.groupId ?? '', known?.text ?? ''] as const;
  });
  const lists = positions((text) => JSON.parse(text) as AnswerRow[]);
  const answer = ({ eni, direction, code, rule }: InterfaceVerdict): AnswerRow => [
    interfaces.of(eni),
    direction === 'egress' ? 1 : 0,
    CODE_NUMBERS.get(code)!,
    rule === undefined ? -1 : rules.of(rule),
  ];
  const addressOf = (address: Address): number => addresses.of(formatAddress(address));
  const column = <T>(pick: (flow: Flow) => T): T[] => flows.map(pick);
  const columns = {
    frame: column(({ firstFrame }) => firstFrame),
    protocol: column(({ protocol }) => protocol),
    source: column(({ source }) => addressOf(source)),
    destination: column(({ destination }) => addressOf(destination)),
    sourcePort: column(({ sourcePort, icmp }) => sourcePort ?? icmp?.id ?? -1),
    destinationPort: column(
      ({ destinationPort, icmp }) =>
        destinationPort ?? (icmp === undefined ? -1 : icmp.type * 256 + icmp.code),
    ),
    icmp: column(({ icmp }) => flag(icmp !== undefined)),
    code: column(({ code }) => CODE_NUMBERS.get(code)!),
    at: column(({ at }) => lists.of(JSON.stringify(at.map(answer)))),
    time: column(({ firstTimeNs }) => Number(firstTimeNs - startNs)),
    duration: column(({ firstTimeNs, lastTimeNs }) => Number(lastTimeNs - firstTimeNs)),
    packets: column(({ original, reply }) => original.packets + reply.packets),
    bytes: column(({ original, reply }) => original.bytes + reply.bytes),
    replyPackets: column(({ reply }) => reply.packets),
    replyBytes: column(({ reply }) => reply.bytes),
    allowed: column(({ byVerdict }) => byVerdict.allow.packets),
    dropped: column(({ byVerdict }) => byVerdict.drop.packets),
    flags: column(({ tcpFlags }) => tcpFlags),
    counted: column(({ counted }) => flag(counted)),
  };
  return {
    startNs: String(startNs),
    addresses: addresses.all,
    interfaces: interfaces.all.map(([id, name]) => [presentable(id), presentable(name)]),
    rules: rules.all.map(([id, group, text]) => [
      presentable(id),
      presentable(group),
      presentable(text),
    ]),
    answers: lists.all,
    ...columns,
  };
}

const CODE_NUMBERS = new Map<VerdictCode, number>(
  VERDICT_CODES.map(({ name, number }) => [name, number]),
);

const flag = (holds: boolean): 0 | 1 => (holds ? 1 : 0);

/** Gives texts their positions in a list, and makes of each what stands there. */
function positions<T>(make: (text: string) => T): { of(text: string): number; readonly all: T[] } {
  const known = new Map<string, number>();
  const all: T[] = [];
  return {
    all,
    of: (text) => {
      let position = known.get(text);
      if (position === undefined) {
        position = all.push(make(text)) - 1;
        known.set(text, position);
      }
      return position;
    },
  };
}
