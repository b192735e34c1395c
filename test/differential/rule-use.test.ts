import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RuleTally } from '../../src/model/tally.js';
import { formatRule } from '../../src/model/rule-text.js';
import type { Rule } from '../../src/model/security-group.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import { type Timeline, changeTimeline, resolveTimeline } from '../../src/policy/timeline.js';
import { createRuleUse } from '../../src/replay/rule-use.js';
import { changes, momentsOf } from './changes.js';
import { createKernelJudge, createObservedJudge } from './judge-with-kernel.js';
import { trace } from './trace.js';
import { tracking, world } from './world.js';

const WORLDS = Number(process.env.WORLDS ?? 300);

const tallyOf = (rule: Rule): RuleTally => ({
  ...{ rule: rule.id, groupId: rule.groupId, direction: rule.direction },
  ...{ text: formatRule(rule), packets: 0, bytes: 0, flows: 0 },
});

const without = (timeline: Timeline, { groupId, id }: Rule): Timeline =>
  changeTimeline(timeline, (description) => ({
    ...description,
    groups: description.groups.map((group) =>
      group.id === groupId
        ? { ...group, rules: group.rules.filter((rule) => rule.id !== id) }
        : group,
    ),
  }));

/** Verdicts as they are whichever rule is named. */
const codes = (verdicts: readonly FrameVerdict[]): string[] =>
  verdicts.map(({ code, at }) =>
    [code, ...at.map((each) => `${each.eni} ${each.direction} ${each.code}`)].join(),
  );

it(
  'a rule without which something differs has flows that hang on it alone',
  { timeout: 300_000 },
  async () => {
    const observed = createObservedJudge();
    const judge = createKernelJudge();
    const seen = { same: 0, different: 0, hits: 0, shared: 0, tracking: 0 };
    await fc.assert(
      fc.asyncProperty(
        world,
        changes,
        trace,
        tracking,
        async (description, changed, packets, options) => {
          const timeline = resolveTimeline(description, momentsOf(description, changed, packets));
          const use = createRuleUse({
            flowsMax: 1000,
            tracking: options,
            timelineOf: () => timeline,
          });
          const before = codes(await observed(use, timeline, options, packets));
          const { rules } = use.report(timeline.rules.map(tallyOf));
          for (const each of rules) {
            const rule = timeline.rules.find(
              ({ id, groupId }) => id === each.rule && groupId === each.groupId,
            )!;
            const after = codes(judge(without(timeline, rule), options, packets));
            const isSame = after.every((code, i) => code === before[i]);
            if (each.soleFlows === 0) expect(after, each.rule).toEqual(before);
            if (isSame) seen.same++;
            else seen.different++;
            if (each.matchedFlows > 0) seen.hits++;
            if (each.matchedFlows > 0 && each.soleFlows === 0) seen.shared++;
            if (each.soleByTracking > 0) seen.tracking++;
            // Without changes what passes by one rule alone does not pass without it.
            if (timeline.phases.length === 1 && each.soleFlows > each.soleByTracking)
              expect(isSame, each.rule).toBe(false);
          }
        },
      ),
      {
        numRuns: WORLDS,
        ...(process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }),
      },
    );
    if (process.env.COUNTS !== undefined) console.log(seen);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(WORLDS / 20);
  },
);
