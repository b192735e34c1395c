import {
  ALLOW_RELATED,
  ALLOW_TRACKED,
  ANSWER_CODE,
  ANSWER_DIRECTION,
  ANSWER_INTERFACE,
  ANSWER_RULE,
  DROP_NOT_OPENED,
  DROP_NO_RULE,
  DROP_NO_STATE,
  EGRESS,
  FLAG_IPV6,
  FLAG_TRANSPORT,
  FREE,
  NONE,
  CONNECTION_DIRECTION,
  CONNECTION_PORTS,
  CONNECTION_STATE,
  ROW_CLOCK,
  ROW_DESTINATION,
  ROW_DESTINATION_PORT,
  ROW_FLAGS,
  ROW_PROTOCOL,
  ROW_SOURCE,
  ROW_TCP_FLAGS,
  TRACE_SECOND,
  VERDICT_ANSWERS,
  VERDICT_CODE,
  VERDICT_FIRST,
  VERDICT_SECOND,
} from '../kernel/layout.js';
import { ACK, FIN, ICMP, ICMPV6, ICMP_QUERIES, RST, SYN, TCP, UDP } from '../model/protocol.js';

/** What tells cases apart, as numbers. */
export interface CaseKey {
  readonly code: number;
  /** Position of the interface that decided; -1 where none was asked. */
  readonly eni: number;
  /** EGRESS or INGRESS: of the packet that opened the flow, as far as that is remembered. */
  readonly direction: number;
  readonly protocol: number;
  readonly ipv6: boolean;
  /** Destination port of the opener, ICMP type * 256 + code; -1 where the packet has none. */
  readonly port: number;
  /** What allowed packets are told apart by; -1 without one. */
  readonly rule: number;
  /** TCP that opens nothing and follows nothing that is remembered. */
  readonly midstream: boolean;
  readonly clockNs: bigint;
  /** Where the remote end's address stands in the row. */
  readonly remoteAt: number;
}

/** The key of a judged row: the offsets of its row, verdict and traces in their views. */
export function caseKeyOf(
  rows: DataView,
  row: number,
  verdicts: DataView,
  verdict: number,
  traces: DataView,
  trace: number,
): CaseKey {
  const code = verdicts.getUint8(verdict + VERDICT_CODE);
  const flags = rows.getUint8(row + ROW_FLAGS);
  const protocol = rows.getUint8(row + ROW_PROTOCOL);
  const packet = {
    code,
    protocol,
    ipv6: (flags & FLAG_IPV6) !== 0,
    clockNs: rows.getBigInt64(row + ROW_CLOCK, true),
  };
  const decider = decidingAnswer(verdicts, verdict, code);
  if (decider === undefined) {
    return {
      ...packet,
      ...{ eni: -1, direction: EGRESS, port: -1, rule: -1, midstream: false },
      remoteAt: row + ROW_DESTINATION,
    };
  }
  const answer = verdict + (decider === 0 ? VERDICT_FIRST : VERDICT_SECOND);
  const record = trace + decider * TRACE_SECOND;
  const direction = verdicts.getUint8(answer + ANSWER_DIRECTION);
  const rule = verdicts.getUint32(answer + ANSWER_RULE, true);
  const known = traces.getUint8(record + CONNECTION_STATE) !== FREE;
  const opened = known ? traces.getUint8(record + CONNECTION_DIRECTION) : direction;
  const follows =
    known &&
    (code === DROP_NOT_OPENED ||
      code === DROP_NO_STATE ||
      code === ALLOW_TRACKED ||
      code === ALLOW_RELATED ||
      (code === DROP_NO_RULE && opened !== direction));
  return {
    ...packet,
    // What follows a denied opening has the opening's cause.
    code: code === DROP_NOT_OPENED ? DROP_NO_RULE : code,
    eni: verdicts.getUint32(answer + ANSWER_INTERFACE, true),
    direction: follows ? opened : direction,
    port: portOf(rows, row, traces, follows && opened !== direction ? record : undefined),
    rule: rule === NONE ? -1 : rule,
    midstream: protocol === TCP && !follows && !isBareSyn(rows.getUint8(row + ROW_TCP_FLAGS)),
    remoteAt: row + (direction === EGRESS ? ROW_DESTINATION : ROW_SOURCE),
  };
}

/** The answer that the verdict goes by: 0 or 1; undefined where no interface was asked. */
function decidingAnswer(verdicts: DataView, at: number, code: number): 0 | 1 | undefined {
  const answers = verdicts.getUint8(at + VERDICT_ANSWERS);
  if (answers === 0) return undefined;
  if (answers === 1) return 0;
  return verdicts.getUint8(at + VERDICT_SECOND + ANSWER_CODE) === code ? 1 : 0;
}

/** Of the packet, or, of one that goes the other way, of the record's opener. */
function portOf(rows: DataView, row: number, traces: DataView, record: number | undefined): number {
  if ((rows.getUint8(row + ROW_FLAGS) & FLAG_TRANSPORT) === 0) return -1;
  const protocol = rows.getUint8(row + ROW_PROTOCOL);
  const port = rows.getUint16(row + ROW_DESTINATION_PORT, true);
  if (record === undefined) return port;
  if (protocol === TCP || protocol === UDP) {
    const ports = traces.getUint32(record + CONNECTION_PORTS, true);
    const outwards = traces.getUint8(record + CONNECTION_DIRECTION) === EGRESS;
    return outwards ? ports & 0xffff : ports >>> 16;
  }
  const family = (rows.getUint8(row + ROW_FLAGS) & FLAG_IPV6) === 0 ? 4 : 6;
  if (protocol !== (family === 4 ? ICMP : ICMPV6)) return port;
  const query = ICMP_QUERIES.find((one) => one.family === family && one.reply === port >> 8);
  return query === undefined ? port : query.request << 8;
}

function isBareSyn(flags: number): boolean {
  return (flags & (SYN | ACK | RST | FIN)) === SYN;
}
