import type { FixEdit } from '../model/explanation.js';
import type { VpcDescription } from '../model/vpc.js';
import { type Timeline, changeTimeline } from '../policy/timeline.js';
import { applyFixEdit } from './fix-edit.js';

/**
 * The timeline as if the edits had been made before its beginning. A phase that refuses one, because it has the rule already
 * or the group not yet, does without it. Rules keep their numbers; new ones are `sgr-fix-1`, `sgr-fix-2` ...
 */
export function fixedTimeline(timeline: Timeline, edits: readonly FixEdit[]): Timeline {
  const known = new Set(timeline.rules.map(({ id }) => id));
  let last = 0;
  const freshId = (): string => {
    do last++;
    while (known.has(`sgr-fix-${last}`));
    return `sgr-fix-${last}`;
  };
  // A rule has one id in all phases, whichever of them refuse it.
  const numbered = edits.map((edit) => ({
    edit,
    ruleIds: edit.kind === 'authorize' ? edit.rules.map(freshId) : [],
  }));
  return changeTimeline(timeline, (description) =>
    numbered.reduce<VpcDescription>((before, { edit, ruleIds }) => {
      const left = [...ruleIds];
      return applyFixEdit(before, edit, () => left.shift() ?? freshId()).description ?? before;
    }, description),
  );
}
