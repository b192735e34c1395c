import { icmpText } from '../model/icmp-text.js';
import { VERDICT_CODES, type Verdict, type VerdictCode } from '../model/verdict.js';
import type { FlowColumns } from '../report/html/flow-columns.js';
import { protocolName } from '../model/protocol.js';
import type { Mark } from '../report/html/verdict-mark.js';

/** A flow in words. */
export interface FlowRow {
  readonly mark: Mark;
  readonly code: VerdictCode;
  readonly protocol: string;
  readonly from: string;
  readonly to: string;
}

/** The name, verdict and meaning of a code's number. */
export function codeOf(number: number): {
  readonly name: VerdictCode;
  readonly verdict: Verdict;
  readonly text: string;
} {
  return CODES.get(number)!;
}

const CODES = new Map<number, (typeof VERDICT_CODES)[number]>(
  VERDICT_CODES.map((entry) => [entry.number, entry]),
);

export function rowOf(flows: FlowColumns, i: number): FlowRow {
  return {
    mark: markOf(flows, i),
    code: codeOf(flows.code[i]!).name,
    protocol: protocolOf(flows, i),
    from: endOf(flows, flows.source[i]!, flows.icmp[i] === 1 ? -1 : flows.sourcePort[i]!),
    to: endOf(flows, flows.destination[i]!, flows.icmp[i] === 1 ? -1 : flows.destinationPort[i]!),
  };
}

/** What became of a flow's packets, all of them. */
export function markOf({ allowed, dropped, code }: FlowColumns, i: number): Mark {
  if (allowed[i]! > 0 && dropped[i]! > 0) return 'mixed';
  if (allowed[i]! > 0) return 'allow';
  return dropped[i]! > 0 ? 'drop' : codeOf(code[i]!).verdict;
}

/** `tcp`, `icmp echo request (8/0)`, `protocol 99`. */
export function protocolOf(flows: FlowColumns, i: number): string {
  const protocol = flows.protocol[i]!;
  if (flows.icmp[i] === 1) {
    const { [i]: typeAndCode } = flows.destinationPort;
    const isIpv6 = flows.addresses[flows.source[i]!]!.includes(':');
    const message = icmpText(isIpv6 ? 6 : 4, typeAndCode! >> 8, typeAndCode! & 0xff);
    return `${protocolName(protocol)} ${message}`;
  }
  const name = protocolName(protocol);
  return name === String(protocol) ? `protocol ${name}` : name;
}

function endOf({ addresses }: FlowColumns, address: number, port: number): string {
  const text = addresses[address]!;
  if (port < 0) return text;
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}
