import type { FlowTally, RuleTally } from '../model/tally.js';
import type { Row } from './columns.js';
import { tableLines } from './columns.js';
import type { Cut } from './cut.js';
import { sumFlowTallies } from './cut.js';
import type { Line, Page } from './line.js';
import { bytes, count, counted } from './quantity.js';

/** Rules by hits, and how many have none. */
export function rulesSection({ shown, omitted }: Cut<RuleTally>, { width }: Page): readonly Line[] {
  const rows = shown.map((tally): Row => {
    const style = tally.packets === 0 ? 'secondary' : 'plain';
    return {
      label: tally.text,
      style,
      cells: cells(tally).map((text) => ({ text, style })),
      details: [whose(tally)],
    };
  });
  const rest: readonly Row[] =
    omitted.length === 0
      ? []
      : [{ label: restText(omitted), style: 'secondary', cells: cells(sumFlowTallies(omitted)) }];
  const heads = ['packets', 'flows', 'bytes'];
  return tableLines([{ title: 'rules by hits', heads, rows: [...rows, ...rest] }], width);
}

const cells = (tally: FlowTally): string[] => [
  count(tally.packets),
  count(tally.flows),
  bytes(tally.bytes),
];

/** Positional ids (`GROUP:DIRECTION:POSITION`) name group and direction already. */
export function whose({
  rule,
  groupId,
  direction,
}: Pick<RuleTally, 'rule' | 'groupId' | 'direction'>): string {
  return rule.startsWith(`${groupId}:`) ? rule : `${rule} in ${groupId}, ${direction}`;
}

function restText(omitted: readonly RuleTally[]): string {
  const idle = omitted.filter(({ packets }) => packets === 0).length;
  const rules = counted(omitted.length, 'more rule');
  if (idle === 0) return rules;
  return idle === omitted.length
    ? `${rules} without hits`
    : `${rules}, ${count(idle)} of them without hits`;
}
