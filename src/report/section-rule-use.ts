import { formatPrefix } from '../model/address.js';
import { instant } from '../model/instant-text.js';
import type { RuleUse, RuleUseReport } from '../model/rule-use.js';
import type { Row } from './columns.js';
import { paragraph, tableLines } from './columns.js';
import { sumFlowTallies } from './cut.js';
import type { Line, Page } from './line.js';
import { bytes, count, counted } from './quantity.js';
import { whose } from './section-rules.js';

/** Rules that flows hang on, and those without any one of which nothing would be dropped. */
export function ruleUseSection(
  { rules, flowsMax, isFlowsMaxReached }: RuleUseReport,
  { width, top }: Page,
): readonly Line[] {
  const needed = rules.filter(({ soleFlows }) => soleFlows > 0);
  const others = rules.filter(({ soleFlows }) => soleFlows === 0);
  const heads = ['packets', 'flows', 'by it alone', 'bytes'];
  const table = (title: string, list: readonly RuleUse[]) => ({
    title,
    heads,
    rows: [...list.slice(0, top).map(rowOf), ...restRow(list.slice(top))],
  });
  const tables = [
    table('rules that flows hang on', needed),
    table('rules that could go, one at a time', others),
  ];
  const notes = isFlowsMaxReached
    ? paragraph(
        `more than ${count(flowsMax)} flows: some may be counted twice by it alone`,
        width,
        2,
        'secondary',
      )
    : [];
  return [...tableLines(tables, width), ...notes];
}

function rowOf(use: RuleUse): Row {
  const style = use.soleFlows === 0 ? 'secondary' : 'plain';
  return {
    label: use.text,
    style,
    cells: cells(use).map((text) => ({ text, style })),
    details: [whose(use), ...when(use), ...standing(use), ...traffic(use), ...peers(use)],
  };
}

const cells = (use: RuleUse): string[] => [
  count(use.packets),
  count(use.flows),
  count(use.soleFlows),
  bytes(use.bytes),
];

const when = ({ firstTimeNs, lastTimeNs }: RuleUse): string[] =>
  firstTimeNs === undefined || lastTimeNs === undefined
    ? []
    : [`${instant(firstTimeNs)} to ${instant(lastTimeNs)}`];

/** How the rule stands among the others. */
function standing(use: RuleUse): string[] {
  const { soleFlows, soleByTracking, matchedFlows, matchesNothing, coveredBy } = use;
  const covered = coveredBy.length === 0 ? [] : [`covered by ${namesOf(coveredBy)}`];
  if (soleFlows > 0) {
    if (soleByTracking === 0) return covered;
    const flows = soleByTracking === soleFlows ? 'all' : count(soleByTracking);
    return [`${flows} of these would pass without it, but be tracked otherwise`, ...covered];
  }
  if (matchesNothing) return ['matches nothing'];
  if (matchedFlows === 0) return ['never used', ...covered];
  return [`lets pass ${counted(matchedFlows, 'flow')}, which others let pass too`, ...covered];
}

const NAMED_MAX = 4;

function namesOf(ids: readonly string[]): string {
  const more = ids.length > NAMED_MAX ? [`${count(ids.length - NAMED_MAX)} more`] : [];
  return [...ids.slice(0, NAMED_MAX), ...more].join(', ');
}

function traffic({ usedTraffic, unusedTraffic, text }: RuleUse): string[] {
  const isSaid = usedTraffic.length === 1 && text.startsWith(`${usedTraffic[0]!} `);
  return [
    ...(usedTraffic.length === 0 || isSaid ? [] : [`seen: ${usedTraffic.join(', ')}`]),
    ...(unusedTraffic.length === 0 ? [] : [`never: ${unusedTraffic.join(', ')}`]),
  ];
}

function peers(use: RuleUse): string[] {
  const { seenPeers, members, usedMembers, unusedMembers, text } = use;
  const seen = seenPeers.map(formatPrefix);
  const isSaid = seen.length === 1 && text.endsWith(` ${seen[0]!}`);
  const missing = members - usedMembers;
  const rest = missing > unusedMembers.length ? ' and others' : '';
  return [
    ...(seen.length === 0 || isSaid ? [] : [`peers: ${seen.join(', ')}`]),
    ...(usedMembers === 0 || missing === 0
      ? []
      : [`no packet of ${unusedMembers.map(formatPrefix).join(', ')}${rest}`]),
  ];
}

function restRow(omitted: readonly RuleUse[]): Row[] {
  if (omitted.length === 0) return [];
  const sole = omitted.reduce((sum, { soleFlows }) => sum + soleFlows, 0);
  const { packets, flows, bytes: size } = sumFlowTallies(omitted);
  return [
    {
      label: counted(omitted.length, 'more rule'),
      style: 'secondary',
      cells: [count(packets), count(flows), count(sole), bytes(size)],
    },
  ];
}
