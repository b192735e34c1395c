import { type Telling, type Told, decidingRule, ruleTextOf } from './telling.js';

/** SG-1 to SG-4: the rule that allowed the packet, or how many did not. */
export function tellRules(telling: Telling): Told {
  const { policy, at, direction, finding } = telling;
  if (finding!.code === 'allowance-exceeded') {
    return { text: `a rule matches, but ${fullText(telling)}` };
  }
  if (finding!.rule !== undefined) {
    return { text: ruleTextOf(telling, finding!.rule), ...decidingRule(telling) };
  }
  const { groupIds, [direction]: rules } = policy.sets[at.set!]!;
  const groups = groupIds.join(', ');
  if (rules.length === 0) {
    return { text: `${groups} ${groupIds.length === 1 ? 'has' : 'have'} no ${direction} rules` };
  }
  const counted = `0 of ${rules.length} ${direction} rule${rules.length === 1 ? '' : 's'}`;
  return { text: `${counted} of ${groups} match` };
}

/** CT-19. */
export function fullText({ at, world }: Telling): string {
  const { id, instanceId } = at.eni;
  return `${instanceId ?? id} tracks as many connections as it may: ${world.tracking.maxTracked!}`;
}
