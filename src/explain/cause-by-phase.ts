import { exactInstant } from '../model/instant-text.js';
import { TCP } from '../model/protocol.js';
import type { Phase } from '../policy/timeline.js';
import { nameRule, seconds } from './cause-words.js';
import { isBareSyn } from './reference-connection.js';
import { matchingRules, opposite, swapped } from './reference-rules.js';
import { referTo } from './rule-reference.js';
import type { Cause, Situation } from './situation.js';

/** Whether rules of an earlier phase allowed the packet, or those of a later one do: the nearest such phase tells. */
export function causeByPhase(situation: Situation): Cause | undefined {
  const { evidence, world } = situation;
  const { phases } = world.timeline;
  for (let i = evidence.phase - 1; i >= 0; i--) {
    const match = matchIn(situation, i, 'allowed');
    if (match === undefined) continue;
    return { cause: 'rule-removed', reason: `${match} until ${eventText(phases[i + 1]!)}` };
  }
  for (let i = evidence.phase + 1; i < phases.length; i++) {
    const match = matchIn(situation, i, 'allows');
    if (match === undefined) continue;
    const after = seconds(phases[i]!.fromNs - evidence.clockNs);
    return {
      cause: 'rule-added-later',
      reason: `${match} only since ${eventText(phases[i]!)}, ${after} after it`,
    };
  }
  return undefined;
}

/** SG-1; TCP that goes on mid-stream also passes by a rule for what it answers (CT-14). */
function matchIn(
  { world, at, answer, ip }: Situation,
  index: number,
  verb: 'allowed' | 'allows',
): string | undefined {
  const { policy } = world.timeline.phases[index]!;
  const set = policy.interfaces.find(({ eni }) => eni.id === at.eni.id)?.set;
  if (set === undefined) return undefined;
  const { direction } = answer;
  const [own] = matchingRules(policy, set, direction, ip);
  if (own !== undefined) return `${nameRule(referTo(world, index, own.rule))} ${verb} it`;
  if (ip.protocol !== TCP || ip.transport === undefined || isBareSyn(ip)) return undefined;
  const [answered] = matchingRules(policy, set, opposite(direction), swapped(ip));
  if (answered === undefined) return undefined;
  return `${nameRule(referTo(world, index, answered.rule))} ${verb} what it answers`;
}

function eventText({ fromNs, events }: Phase): string {
  return `"${events.join('; ')}" at ${exactInstant(fromNs)}`;
}
