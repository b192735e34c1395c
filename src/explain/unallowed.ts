import { nameRule } from './cause-words.js';
import { consider } from './considered-rules.js';
import type { HeldRule } from './held-rule.js';
import type { Situation } from './situation.js';

/** A packet that no rule allows, and the rules that it was held against. */
export interface Unallowed {
  readonly situation: Situation;
  readonly held: readonly HeldRule[];
  /** Of those, what has something in common with the packet: the nearest first. */
  readonly nearest: readonly HeldRule[];
}

/** `nearest is tcp/5432 from sg-web (sgr-1 in sg-db), but peer 10.0.9.9 is not in ...` */
export function nearestText({ situation, nearest }: Unallowed): string | undefined {
  const [first] = nearest;
  return first && `nearest is ${ruleAndMiss(situation, first)}`;
}

/** A rule by its name, and why it fails. */
export function ruleAndMiss({ world, evidence, answer, ip }: Situation, held: HeldRule): string {
  const { rule, miss } = consider(world, evidence.phase, held, answer.direction, ip);
  return `${nameRule(rule)}, but ${miss}`;
}
