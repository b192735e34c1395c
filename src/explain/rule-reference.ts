import type { RuleReference } from '../model/explanation.js';
import { formatRule } from '../model/rule-text.js';
import type { Rule } from '../model/security-group.js';
import type { ExplainedWorld } from './world.js';

/** A rule as explanations name it, with the line that it stands on. `phase` tells how its group was called. */
export function referTo(
  { timeline, sourceOf }: ExplainedWorld,
  phase: number,
  rule: Rule,
): RuleReference {
  const { groups } = timeline.phases[phase]!.description;
  const group = groups.find(({ id }) => id === rule.groupId);
  const source = sourceOf(rule.place);
  return {
    id: rule.id,
    groupId: rule.groupId,
    ...(group === undefined || group.name === group.id ? {} : { groupName: group.name }),
    direction: rule.direction,
    text: formatRule(rule),
    ...(rule.description === undefined ? {} : { description: rule.description }),
    place: rule.place,
    ...(source === undefined ? {} : { source }),
  };
}
