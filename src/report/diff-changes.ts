import {
  VERDICT_CHANGES,
  type VerdictChange,
  type WeighedChange,
} from '../model/verdict-change.js';
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
  // Those that changed verdicts are told, however many others there are.
  const weights = changes.map(weightOf);
  const least = weights.toSorted((one, other) => other - one)[Math.min(top, changes.length) - 1]!;
  let room = top;
  const shown = changes.filter((_, i) => weights[i]! >= least && room-- > 0);
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
        ...(text === '' ? [] : paragraph(`${mark} ${text}`, width, 4)),
        ...effectLines(weighed, width),
      ];
    }),
    ...(rest > 0 ? [line(`  ${counted(rest, 'more change')}`, 'secondary')] : []),
  ];
}

const weightOf = ({ effect }: WeighedChange): number =>
  VERDICT_CHANGES.reduce((sum, change) => sum + effect[change].packets, 0);

function effectLines({ effect }: WeighedChange, width: number): readonly Line[] {
  const did = VERDICT_CHANGES.filter((change) => effect[change].packets > 0).map(
    (change) => `${DOES[change]} ${amount(effect[change])}`,
  );
  const text = did.length === 0 ? 'changes no verdict here' : did.join(', ');
  return paragraph(text, width, 8, did.length === 0 ? 'secondary' : 'plain');
}

const DOES: Readonly<Record<VerdictChange, string>> = {
  'newly-dropped': 'newly drops',
  'newly-allowed': 'newly allows',
  otherwise: 'judges otherwise',
};
