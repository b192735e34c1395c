import { formatAddress } from '../model/address.js';
import type { Flow } from '../model/flow.js';
import type { Tally } from '../model/outcome.js';
import { TCP } from '../model/protocol.js';
import { type Column, NO_INSTANT, NO_VALUE, type Table, createTable } from '../model/table.js';
import { FLOW_COLUMNS } from '../model/verdict-table.js';
import {
  type InterfaceVerdict,
  type Verdict,
  type VerdictCode,
  verdictOf,
} from '../model/verdict.js';

/** A table of flows that is filled row by row. */
export interface FlowRows {
  readonly table: Table;
  put(flow: Flow): void;
  /** Packets that name no flow, put together by their code. */
  putNameless(code: VerdictCode, tally: Tally): void;
  /** Begins anew. */
  clear(): void;
}

export function createFlowRows(rowsMax: number): FlowRows {
  const table = createTable(FLOW_COLUMNS, rowsMax);
  let places = new Map<Column, Map<string, number>>();

  const placeOf = (column: Extract<Column, { kind: 'text' }>, text: string): number => {
    const known = places.get(column);
    if (known === undefined) {
      column.entries = [text];
      places.set(column, new Map([[text, 0]]));
      return 0;
    }
    const place = known.get(text) ?? known.size;
    if (place === known.size) {
      known.set(text, place);
      (column.entries as string[]).push(text);
    }
    return place;
  };
  const putRow = (values: Readonly<Record<string, Value>>): void => {
    const row = table.count++;
    for (const column of table.columns) {
      const value = values[column.name];
      switch (column.kind) {
        case 'text':
          column.values[row] = value === undefined ? NO_VALUE : placeOf(column, value as string);
          break;
        case 'small':
          column.values[row] = (value as number | undefined) ?? NO_VALUE;
          break;
        case 'count':
          column.values[row] = (value as number | undefined) ?? NaN;
          break;
        case 'instant':
          column.values[row] = (value as bigint | undefined) ?? NO_INSTANT;
          break;
        case 'flag':
          column.values[row] = value === true ? 1 : 0;
      }
    }
  };
  return {
    table,
    put: (flow) => putRow(rowOf(flow)),
    putNameless: (code, tally) => putRow(namelessRow(code, tally)),
    clear: () => {
      table.count = 0;
      places = new Map();
    },
  };
}

type Value = string | number | bigint | boolean | undefined;

function rowOf(flow: Flow): Readonly<Record<string, Value>> {
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

/** They have no ends, no time and no direction: all counts as original. */
function namelessRow(code: VerdictCode, tally: Tally): Readonly<Record<string, Value>> {
  const verdict = verdictOf(code);
  const byVerdict = { allow: NONE, drop: NONE, 'not-filtered': NONE, 'not-judged': NONE };
  const sums = sumsOf(tally, NONE, { ...byVerdict, [verdict]: tally });
  return { counted: false, verdict, code, ...sums };
}

const NONE: Tally = { packets: 0, bytes: 0 };

function answerOf({ eni, direction, verdict, code, rule }: InterfaceVerdict): [string, Value][] {
  return Object.entries({ eni, verdict, code, rule }).map(([part, value]) => [
    `${direction}_${part}`,
    value,
  ]);
}

function sumsOf(
  original: Tally,
  reply: Tally,
  byVerdict: Readonly<Record<Verdict, Tally>>,
): Readonly<Record<string, number>> {
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

const tallyOf = (name: string, { packets, bytes }: Tally): Readonly<Record<string, number>> => ({
  [`${name}_packets`]: packets,
  [`${name}_bytes`]: bytes,
});
