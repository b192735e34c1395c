import type { Edit, RuleRequest } from '../model/edit.js';
import type { Explanation, Fix } from '../model/explanation.js';
import { formatRule } from '../model/rule-text.js';
import type { Rule } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { askPacket } from './ask.js';
import { commandsOf } from './aws-commands.js';
import { fixedTimeline } from './fixed-timeline.js';
import type { ExplainedWorld } from './world.js';

/** Rules that a remedy takes away at most. */
const RULES_MAX = 5;

/**
 * What would drop a packet that passes by rules: to remove those that let it pass at the interface that decided. Undefined when
 * that is no remedy: by the reference it passes all the same, or no rule has to do with it.
 */
export function removalOf(
  world: ExplainedWorld,
  { verdict, rules, packet: { packet } }: Explanation,
  phase: number,
): Fix | undefined {
  const { description } = world.timeline.phases[phase]!;
  const matched = rules?.matched.flatMap(({ rule }) => ruleOf(description, rule) ?? []) ?? [];
  if (verdict !== 'allow' || matched.length === 0 || matched.length > RULES_MAX) return undefined;
  const edits = matched.map(revocationOf);
  const timeline = fixedTimeline(world.timeline, edits);
  if (askPacket({ ...world, timeline }, packet, phase).verdict.verdict !== 'drop') return undefined;
  const texts = matched.map(
    (rule) => `${formatRule(rule)} from the ${rule.direction} rules of ${rule.groupId}`,
  );
  const what = matched.length === 1 ? 'what the rule allows' : 'what the rules allow';
  return {
    certainty: 'possible',
    text: `remove ${texts.join(', and ')}; ${what} besides is dropped then`,
    edits,
    commands: commandsOf(edits, description),
  };
}

const ruleOf = (
  { groups }: VpcDescription,
  { id, groupId }: { readonly id: string; readonly groupId: string },
): Rule | undefined =>
  groups.find((group) => group.id === groupId)?.rules.find((rule) => rule.id === id);

/** Ids that no document tells are made up by sgsim: such rules are named by what they say. */
function revocationOf(rule: Rule): Extract<Edit, { kind: 'revoke' }> {
  const { id, groupId, direction, traffic, peer } = rule;
  const byId = /^sgr-[\da-f]+$/.test(id);
  const rules: readonly RuleRequest[] = byId ? [] : [{ traffic, peer }];
  return { kind: 'revoke', groupId, direction, rules, ruleIds: byId ? [id] : [] };
}
