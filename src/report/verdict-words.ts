import type { Verdict } from '../model/verdict.js';
import type { Style } from './line.js';

/** How verdicts are called and coloured, in the order in which all reports tell them. */
export const VERDICT_WORDS: readonly {
  readonly verdict: Verdict;
  readonly label: string;
  readonly style: Style;
}[] = [
  { verdict: 'allow', label: 'allowed', style: 'allowed' },
  { verdict: 'drop', label: 'dropped', style: 'dropped' },
  { verdict: 'not-filtered', label: 'not filtered', style: 'plain' },
  { verdict: 'not-judged', label: 'not judged', style: 'plain' },
];
