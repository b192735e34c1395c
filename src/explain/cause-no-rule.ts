import { TCP } from '../model/protocol.js';
import { causeByField } from './cause-by-field.js';
import { causeByIcmp } from './cause-by-icmp.js';
import { causeOfForgotten } from './cause-by-memory.js';
import { causeByPeer } from './cause-by-peer.js';
import { causeByPhase } from './cause-by-phase.js';
import { listed, nameRule } from './cause-words.js';
import { nearestFirst } from './considered-rules.js';
import { hasPorts, holdRules } from './held-rule.js';
import { isBareSyn } from './reference-connection.js';
import { referTo } from './rule-reference.js';
import type { Cause, Situation } from './situation.js';
import { type Unallowed, nearestText } from './unallowed.js';

/** Why no rule allows a packet, the most telling cause first: time, then missing packets, then what rules nearly said. */
export function causeOfNoRule(situation: Situation): Cause {
  const { world, evidence, phase, at, answer, ip } = situation;
  const held = holdRules(phase.policy, at.set!, answer.direction, ip);
  const nearest = nearestFirst(world, evidence.phase, held, answer.direction, ip);
  const unallowed = { situation, held, nearest };
  return (
    causeByPhase(situation) ??
    causeOfForgotten(situation) ??
    causeOfMidstream(unallowed) ??
    causeOfMissingFirst(unallowed) ??
    causeOfNoRules(unallowed) ??
    causeByPeer(unallowed) ??
    causeByIcmp(unallowed) ??
    causeByField(unallowed)
  );
}

/** CT-14. */
function causeOfMidstream(unallowed: Unallowed): Cause | undefined {
  const { ip } = unallowed.situation;
  if (ip.protocol !== TCP || ip.transport === undefined || isBareSyn(ip)) return undefined;
  const near = nearestText(unallowed);
  return {
    cause: 'mid-stream',
    reason: `its opening is not in the capture, and no rule allows it or what it would answer${near === undefined ? '' : `; ${near}`}`,
  };
}

/** CT-18: a rule might match if the ports were known. */
function causeOfMissingFirst({ situation, nearest }: Unallowed): Cause | undefined {
  const { ip, firstFragment, world, evidence } = situation;
  const { fragment } = ip;
  if (fragment === undefined || fragment.offset === 0 || firstFragment !== undefined) {
    return undefined;
  }
  const undecided = nearest.find(({ protocol, ports, peer }) => protocol && peer && !ports);
  if (undecided === undefined) return undefined;
  const rule = referTo(world, evidence.phase, undecided.resolved.rule);
  const ports = hasPorts(ip.protocol) ? 'ports' : 'type';
  return {
    cause: 'fragment-without-first',
    reason: `it is a later fragment of datagram ${fragment.id}, whose first one was not seen: without its ${ports} ${nameRule(rule)} cannot match`,
  };
}

/** SG-4. */
function causeOfNoRules({ situation, held }: Unallowed): Cause | undefined {
  if (held.length > 0) return undefined;
  const { phase, at, answer } = situation;
  const { groupIds } = phase.policy.sets[at.set!]!;
  const have = groupIds.length === 1 ? 'has' : 'have';
  return {
    cause: 'no-rules',
    reason: `${listed(groupIds)} ${have} no ${answer.direction} rules, so only replies to tracked connections pass`,
  };
}
