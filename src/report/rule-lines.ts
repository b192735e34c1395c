import type { RuleReference } from '../model/explanation.js';
import { beside } from './beside.js';
import type { Line } from './line.js';
import { cutText } from './wrap.js';

/** What stands in the file: `vpc.json:212  "FromPort": 5432,`, cut to the page; the place alone when that is all there is. */
export function documentLine(
  { place, source }: RuleReference,
  width: number,
  indent: number,
): readonly Line[] {
  const margin = { text: ' '.repeat(indent), style: 'plain' } as const;
  const text =
    source === undefined ? place : `${source.file}:${source.line}  ${folded(source.text)}`;
  if (text === '') return [];
  return [[margin, { text: cutText(text, width - indent), style: 'secondary' }]];
}

/** Tabs are no harm in a file, and no text on a page. */
const folded = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/** Which rule it is and where it stands: `sgr-07f of sg-db (db), "from the web tier", vpc.json:212`. */
export function ruleWhere(rule: RuleReference): string {
  const { id, groupId, groupName, description, place, source } = rule;
  return [
    `${id} of ${groupId}${groupName === undefined ? '' : ` (${groupName})`}`,
    ...(description === undefined || description === '' ? [] : [`"${description}"`]),
    ...(source !== undefined ? [`${source.file}:${source.line}`] : place === '' ? [] : [place]),
  ].join(', ');
}

/** The same on the page, below what it belongs to. */
export function ruleWhereLines(
  rule: RuleReference,
  width: number,
  indent: number,
): readonly Line[] {
  return beside(
    [{ text: ' '.repeat(indent), style: 'plain' }],
    ruleWhere(rule),
    width,
    'secondary',
  );
}
