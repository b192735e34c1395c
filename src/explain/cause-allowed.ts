import type { Remembered } from '../model/remembered.js';
import type { Rule } from '../model/security-group.js';
import { nameRule, openingFrame } from './cause-words.js';
import { connectionKey, openingProgress } from './reference-connection.js';
import { matchingRules } from './reference-rules.js';
import { referTo } from './rule-reference.js';
import type { Cause, Situation } from './situation.js';

/** Of a packet that passes: the rules, the connection, or what is assumed. */
export function causeOfAllowed(situation: Situation): Cause {
  const { code } = situation.answer;
  if (code === 'tracked') return { cause: 'connection', reason: trackedText(situation) };
  if (code === 'related') {
    return { cause: 'error-about-connection', reason: relatedText(situation) };
  }
  if (code === 'inferred') return { cause: 'assumed-connection', reason: inferredText(situation) };
  const rules = rulesText(situation);
  if (code === 'untracked') {
    const why = 'the flow is not tracked, since rules let every address in and out';
    return { cause: 'untracked-flow', reason: `${rules}; ${why}` };
  }
  return { cause: 'rule-matches', reason: rules + effectText(situation) };
}

/** CT-2. */
function trackedText(situation: Situation): string {
  const { memory, answer } = situation;
  if (memory?.kind !== 'connection') return 'it belongs to a tracked connection';
  const role = answer.direction === memory.original ? 'goes on with' : 'answers';
  return `it ${role} ${connectionText(situation, memory)}`;
}

/** CT-16. */
function relatedText(situation: Situation): string {
  const { memory } = situation;
  if (memory?.kind !== 'connection') return 'it is an icmp error about a tracked connection';
  return `it is an icmp error about ${connectionText(situation, memory)}`;
}

/** CT-11, CT-14. */
function inferredText(situation: Situation): string {
  const { evidence, answer, memory } = situation;
  const rule = ruleById(situation, answer.rule);
  const isItself = rule === undefined || rule.direction === answer.direction;
  const allowed = `${allowingRule(situation, answer.rule)} allows ${isItself ? 'it' : 'what it answers'}`;
  return memory?.kind === 'untracked' && evidence.phase > 0
    ? `its flow needed no tracking until rules became narrower; ${allowed}, and from here on it is tracked`
    : `its opening is not in the capture, and ${allowed}: the connection is taken for one that was allowed`;
}

/** `the connection that frame 3 began, by tcp/443 from 0.0.0.0/0 (sgr-1 in sg-web)`; CT-8: the rule may be gone. */
function connectionText(situation: Situation, memory: Remembered): string {
  const { phase, at } = situation;
  const { rule } = memory;
  const began = `the connection that ${openingFrame(memory)} began`;
  if (rule === undefined) return began;
  const { ingress, egress } = phase.policy.sets[at.set!]!;
  const isThere = [...ingress, ...egress].some(({ rule: { id } }) => id === rule);
  return `${began}, by ${allowingRule(situation, rule)}${isThere ? '' : ', which is gone by now'}`;
}

/** SG-1: all that match allow it, and the first is named. */
function rulesText(situation: Situation): string {
  const { phase, at, answer, ip } = situation;
  const matching = matchingRules(phase.policy, at.set!, answer.direction, ip).length;
  const name = allowingRule(situation, answer.rule);
  if (matching <= 1) return `${name} allows it`;
  return `${name} allows it, and so ${matching === 2 ? 'does 1 more' : `do ${matching - 1} more`}`;
}

function effectText({ ip, answer, firstFragment }: Situation): string {
  if (firstFragment !== undefined) return '';
  const opens =
    connectionKey(ip, answer.direction) !== undefined && openingProgress(ip) !== undefined;
  return opens ? ', and it opens a connection' : '; it opens no connection';
}

function allowingRule(situation: Situation, id: string | undefined): string {
  const rule = ruleById(situation, id);
  return rule === undefined
    ? 'a rule'
    : nameRule(referTo(situation.world, situation.evidence.phase, rule));
}

/** As it is now, or as it was before an event took it away. */
function ruleById({ world, phase }: Situation, id: string | undefined): Rule | undefined {
  const now = phase.policy.rules.find(({ rule }) => rule.id === id)?.rule;
  return now ?? world.timeline.rules.find((rule) => rule.id === id);
}
