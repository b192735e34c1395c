import {
  VERDICT_CHANGES,
  type VerdictChange,
  type WeighedChange,
} from '../model/verdict-change.js';
import type { VpcChange } from '../model/vpc-change.js';
import { changeMark, changeSubject, changeText } from './change-text.js';
import { paragraph } from './columns.js';
import { amount } from './diff-summary.js';
import { type Line, type Page, line } from './line.js';
import { counted } from './quantity.js';

/** What differs between the VPCs, by subject, and how many packets each change is behind. */
export function changeLines(
  changes: readonly WeighedChange[],
  { width, top }: Page,
): readonly Line[] {
  if (changes.length === 0) {
    return [line('changes of the VPC'), line('  none that can change a verdict', 'secondary')];
  }
  // Those that changed the most verdicts are told, in their order.
  const heaviest = changes
    .map((weighed, position) => ({ weight: weightOf(weighed), position }))
    .sort((one, other) => other.weight - one.weight || one.position - other.position)
    .slice(0, top)
    .map(({ position }) => position);
  const chosen = new Set(heaviest);
  const shown = changes.filter((_, position) => chosen.has(position));
  const rest = changes.length - shown.length;
  let last = '';
  return [
    line('changes of the VPC'),
    ...shown.flatMap((weighed): Line[] => {
      const subject = changeSubject(weighed.change);
      const isSame = subject === last;
      last = subject;
      const text = changeText(weighed.change);
      const mark = changeMark(weighed.change);
      const head = text === '' ? `${mark} ${subject}` : subject;
      return [
        ...(isSame && text !== '' ? [] : paragraph(head, width, 2)),
        ...(text === '' ? [] : paragraph(`${mark} ${text}${remark(weighed.change)}`, width, 4)),
        ...effectLines(weighed, width),
      ];
    }),
    ...(rest > 0 ? [line(`  ${counted(rest, 'more change')}`, 'secondary')] : []),
  ];
}

/** What the author of a rule says, where there is one rule. */
function remark(change: VpcChange): string {
  if (change.kind !== 'rules') return '';
  const rules = [...change.before, ...change.after];
  const { description = '' } = rules[0]!;
  return rules.length > 1 || description === '' ? '' : ` "${description}"`;
}

const weightOf = ({ effect }: WeighedChange): number =>
  VERDICT_CHANGES.reduce((sum, change) => sum + effect[change].packets, 0);

function effectLines({ effect }: WeighedChange, width: number): readonly Line[] {
  const did = VERDICT_CHANGES.filter((change) => effect[change].packets > 0).map(
    (change) => `${DOES[change]} ${amount(effect[change])}`,
  );
  const text = did.length === 0 ? 'behind no changed verdict here' : did.join(', ');
  return paragraph(text, width, 8, did.length === 0 ? 'secondary' : 'plain');
}

const DOES: Readonly<Record<VerdictChange, string>> = {
  'newly-dropped': 'newly drops',
  'newly-allowed': 'newly allows',
  otherwise: 'judges otherwise',
};
