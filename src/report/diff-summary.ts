import type { Outcome } from '../model/outcome.js';
import type { FlowTally, Tally } from '../model/tally.js';
import { type Difference, VERDICT_CHANGES, type VerdictChange } from '../model/verdict-change.js';
import { paragraph, tableLines, type Row } from './columns.js';
import type { Line, Style } from './line.js';
import { bytes, count, counted } from './quantity.js';
import { VERDICT_WORDS } from './verdict-words.js';

/** `2 flows (44 packets)`; packets alone where they are of no flow of their own. */
export function amount({ flows, packets }: FlowTally): string {
  const all = counted(packets, 'packet');
  return flows === 0 ? all : `${counted(flows, 'flow')} (${all})`;
}

/** What became of the verdicts, in one sentence. */
export function summaryLines(difference: Difference, width: number): readonly Line[] {
  const { totals, hasEveryFlow } = difference;
  const changed = VERDICT_CHANGES.filter((change) => totals[change].packets > 0);
  const what = changed.map((change, i) => {
    const would = i === 0 ? 'would ' : '';
    return `${hasEveryFlow ? '' : 'at least '}${amount(totals[change])} ${would}${WOULD[change]}`;
  });
  const text = what.length === 0 ? 'no verdict would change' : joined(what);
  const style: Style = totals['newly-dropped'].packets > 0 ? 'dropped' : 'plain';
  return [
    ...paragraph(`${text}, of ${allFlows(difference)}`, width, 0, style),
    ...(isPartial(difference) ? paragraph(PARTIAL, width, 0, 'dropped') : []),
  ];
}

const PARTIAL = 'partial: not everything was read; this covers the packets before';

const isPartial = ({ before: { interrupted, captures } }: Difference): boolean =>
  interrupted === true || captures.some(({ stopped }) => stopped !== undefined);

const WOULD: Readonly<Record<VerdictChange, string>> = {
  'newly-dropped': 'newly be dropped',
  'newly-allowed': 'newly be allowed',
  otherwise: 'be left unjudged or unfiltered on one side',
};

const joined = (parts: readonly string[]): string =>
  parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;

function allFlows({ before, after }: Difference): string {
  const [one, other] = [before.totals.flows, after.totals.flows];
  const packets = `(${counted(before.totals.packets, 'packet')})`;
  if (one === other) return `${counted(one, 'flow')} ${packets}`;
  return `${counted(one, 'flow')} before and ${count(other)} after ${packets}`;
}

/** Verdicts by each VPC, and how many packets changed. */
export function verdictTables(difference: Difference, width: number): readonly Line[] {
  const { before, after, totals } = difference;
  const verdicts: Row[] = VERDICT_WORDS.map(({ verdict, label, style }) => ({
    label,
    cells: [before, after].map(({ byVerdict }) => ({
      text: count(byVerdict[verdict].packets),
      style,
    })),
  }));
  const unchanged = unchangedOf(before, totals);
  const changes: Row[] = VERDICT_CHANGES.filter(
    (change) => change !== 'otherwise' || totals[change].packets > 0,
  ).map((change) => {
    const { packets, flows, bytes: size } = totals[change];
    const style = packets === 0 ? 'plain' : CHANGES[change].style;
    const cells = [{ text: count(packets), style }, count(flows), bytes(size)];
    return { label: CHANGES[change].label, cells };
  });
  return [
    ...tableLines(
      [
        {
          title: 'packets',
          heads: ['before', 'after'],
          rows: [...verdicts, sumRow([before, after].map(({ totals: { packets } }) => packets))],
        },
      ],
      width,
    ),
    [],
    ...tableLines(
      [
        {
          title: 'changes of verdict',
          heads: ['packets', 'flows', 'bytes'],
          rows: [
            ...changes,
            { label: 'unchanged', cells: [count(unchanged.packets), '', bytes(unchanged.bytes)] },
            {
              label: 'sum',
              cells: [count(before.totals.packets), '', bytes(before.totals.bytes)],
            },
          ],
        },
      ],
      width,
    ),
  ];
}

const sumRow = (sums: readonly number[]): Row => ({ label: 'sum', cells: sums.map(count) });

/** Packets whose verdict is the same. */
export function unchangedOf({ totals: all }: Outcome, totals: Difference['totals']): Tally {
  const sum = (pick: (tally: Tally) => number): number =>
    VERDICT_CHANGES.reduce((known, change) => known + pick(totals[change]), 0);
  return {
    packets: all.packets - sum(({ packets }) => packets),
    bytes: all.bytes - sum((tally) => tally.bytes),
  };
}

/** How changes of a verdict are named and coloured. */
export const CHANGES: Readonly<
  Record<VerdictChange, { readonly label: string; readonly style: Style }>
> = {
  'newly-dropped': { label: 'newly dropped', style: 'dropped' },
  'newly-allowed': { label: 'newly allowed', style: 'allowed' },
  otherwise: { label: 'otherwise', style: 'plain' },
};
