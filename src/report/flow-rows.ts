import { formatAddress } from '../model/address.js';
import type { Flow } from '../model/flow.js';
import type { Tally } from '../model/tally.js';
import { TCP } from '../model/protocol.js';
import {
  type InterfaceVerdict,
  type Verdict,
  type VerdictCode,
  verdictOf,
} from '../model/verdict.js';
import { tallyOf } from './outcome-rows.js';
import type { RowValues } from './table-rows.js';

/** A row of FLOW_COLUMNS. */
export function flowRow(flow: Flow): RowValues {
  const { original, reply, icmp } = flow;
  return {
    first_frame: flow.firstFrame,
    first_time: flow.firstTimeNs,
    last_time: flow.lastTimeNs,
    source: formatAddress(flow.source),
    destination: formatAddress(flow.destination),
    protocol: flow.protocol,
    source_port: flow.sourcePort,
    destination_port: flow.destinationPort,
    ...(icmp && { icmp_type: icmp.type, icmp_code: icmp.code, icmp_id: icmp.id }),
    ...(flow.protocol === TCP && { tcp_flags: flow.tcpFlags }),
    counted: flow.counted,
    verdict: flow.verdict,
    code: flow.code,
    ...Object.fromEntries(flow.at.flatMap(answerOf)),
    ...sumsOf(original, reply, flow.byVerdict),
  };
}

/** Packets that name no flow, put together by their code: they have no ends, no time and no direction: all counts as original. */
export function namelessRow(code: VerdictCode, tally: Tally): RowValues {
  const verdict = verdictOf(code);
  const byVerdict = { allow: NONE, drop: NONE, 'not-filtered': NONE, 'not-judged': NONE };
  const sums = sumsOf(tally, NONE, { ...byVerdict, [verdict]: tally });
  return { counted: false, verdict, code, ...sums };
}

const NONE: Tally = { packets: 0, bytes: 0 };

function answerOf({
  eni,
  direction,
  verdict,
  code,
  rule,
}: InterfaceVerdict): [string, string | undefined][] {
  return Object.entries({ eni, verdict, code, rule }).map(([part, value]) => [
    `${direction}_${part}`,
    value,
  ]);
}

function sumsOf(
  original: Tally,
  reply: Tally,
  byVerdict: Readonly<Record<Verdict, Tally>>,
): RowValues {
  return {
    packets: original.packets + reply.packets,
    bytes: original.bytes + reply.bytes,
    ...tallyOf('original', original),
    ...tallyOf('reply', reply),
    ...tallyOf('allowed', byVerdict.allow),
    ...tallyOf('dropped', byVerdict.drop),
    ...tallyOf('not_filtered', byVerdict['not-filtered']),
    ...tallyOf('not_judged', byVerdict['not-judged']),
  };
}
