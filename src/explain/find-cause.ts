import { formatAddress } from '../model/address.js';
import type { Evidence } from '../model/evidence.js';
import type { VerdictCode } from '../model/verdict.js';
import { causeOfAllowed } from './cause-allowed.js';
import { causeOfNoState, causeOfNotOpened } from './cause-by-memory.js';
import { causeOfNoRule } from './cause-no-rule.js';
import { causeNotFiltered, causeNotJudged } from './cause-unfiltered.js';
import { nameRule, openingFrame } from './cause-words.js';
import { localAddress } from './reference-exempt.js';
import { matchingRules, opposite, swapped } from './reference-rules.js';
import { referTo } from './rule-reference.js';
import { type Cause, type Situation, situationOf } from './situation.js';
import { multicastText } from './step-interface.js';
import type { ExplainedWorld } from './world.js';

/** What is behind a verdict: the most telling cause that the evidence has, and the facts in words. */
export function findCause(world: ExplainedWorld, evidence: Evidence): Cause {
  const { verdict } = evidence.verdict;
  if (verdict === 'not-judged') return causeNotJudged(evidence);
  const situation = situationOf(world, evidence);
  if (verdict === 'not-filtered') return causeNotFiltered(world, evidence, situation);
  if (situation === undefined) throw new Error(`nobody asked, and yet ${verdict}`);
  const { cause, reason } = (OF_DROPS[situation.answer.code] ?? causeOfAllowed)(situation);
  return {
    cause,
    reason: atTheOtherEnd(situation, ofDatagram(situation, ofError(situation, reason))),
  };
}

/** NI-3. */
function causeOfForeignAddress({ ip, answer, at }: Situation): Cause {
  const which = answer.direction === 'egress' ? 'source' : 'destination';
  const address = formatAddress(localAddress(ip, answer.direction));
  return {
    cause: 'foreign-address',
    reason: `its ${which} ${address} is no address of ${at.eni.id}, whose source/destination check is on`,
  };
}

/** NF-4. */
function causeOfMulticast({ ip }: Situation): Cause {
  return { cause: 'multicast', reason: multicastText(ip.destination) };
}

/** CT-19. */
function causeOfFullAllowance({ world, evidence, phase, ip, answer, at }: Situation): Cause {
  const { direction } = answer;
  const { policy } = phase;
  const [rule] = [
    ...matchingRules(policy, at.set!, direction, ip),
    ...matchingRules(policy, at.set!, opposite(direction), swapped(ip)),
  ];
  const who = at.eni.instanceId === undefined ? at.eni.id : `instance ${at.eni.instanceId}`;
  const full = `${who} tracks as many connections as it may (${world.tracking.maxTracked})`;
  if (rule === undefined) return { cause: 'allowance-full', reason: full };
  const name = nameRule(referTo(world, evidence.phase, rule.rule));
  return { cause: 'allowance-full', reason: `${name} allows it, but ${full}` };
}

/** CT-16: errors pass by themselves only if they are about a tracked connection. */
function ofError({ ip, memory, answer }: Situation, reason: string): string {
  const isError = ip.transport?.kind === 'icmp' && ip.transport.quote !== undefined;
  if (answer.code !== 'no-rule' || !isError || memory?.kind !== 'untracked') return reason;
  return `it is an icmp error about a flow that is not tracked, so that only a rule lets it pass: ${reason}`;
}

/** CT-18. */
function ofDatagram({ firstFragment }: Situation, reason: string): string {
  if (firstFragment === undefined) return reason;
  return `a later fragment, it shares the verdict of the first, ${openingFrame(firstFragment)}: ${reason}`;
}

/** CT-20: that the sender's end let it out is half of the answer. */
function atTheOtherEnd({ evidence, answer }: Situation, reason: string): string {
  const [sender, receiver] = evidence.verdict.at;
  if (answer.verdict !== 'drop' || receiver === undefined || receiver !== answer) return reason;
  if (sender!.verdict === 'not-judged') return reason;
  return `${sender!.eni} lets it out; ${receiver.eni}, the other end, drops it: ${reason}`;
}

const OF_DROPS: Partial<Record<VerdictCode, (situation: Situation) => Cause>> = {
  'no-rule': causeOfNoRule,
  'no-state': causeOfNoState,
  'not-opened': causeOfNotOpened,
  'source-dest-check': causeOfForeignAddress,
  'unsupported-by-vpc': causeOfMulticast,
  'allowance-exceeded': causeOfFullAllowance,
};
