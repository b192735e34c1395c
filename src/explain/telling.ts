import type { Evidence } from '../model/evidence.js';
import type { RuleReference, Step } from '../model/explanation.js';
import type { IpPacket } from '../model/packet.js';
import type { Remembered } from '../model/remembered.js';
import type { Direction } from '../model/security-group.js';
import type { ResolvedInterface, ResolvedPolicy } from '../policy/resolve.js';
import type { Asked } from './reference-observer.js';
import { referTo } from './rule-reference.js';
import type { ExplainedWorld } from './world.js';

/** A question that the reference asked, and all that its answer rests on. */
export interface Telling extends Asked {
  readonly world: ExplainedWorld;
  readonly evidence: Evidence;
  readonly policy: ResolvedPolicy;
  readonly ip: IpPacket;
  readonly at: ResolvedInterface;
  readonly direction: Direction;
  /** What the interface remembered before: see `Evidence.memories`. */
  readonly remembered: Remembered | undefined;
  /** CT-18: of an early fragment: the finding is that of its first one, which came later. */
  readonly isCoveredLater: boolean;
}

/** What a step says; undefined for one that is not worth a line. */
export type Told = Pick<Step, 'text' | 'rule'> | undefined;

/** The rule with an id, as explanations name it: any phase may have had it. */
export function ruleNamed(
  { world, evidence }: Pick<Telling, 'world' | 'evidence'>,
  id: string | undefined,
): RuleReference | undefined {
  const rule = world.timeline.rules.find((each) => each.id === id);
  return rule && referTo(world, evidence.phase, rule);
}

/** `sgr-0e1 tcp/443 from 0.0.0.0/0 in sg-web`. */
export function ruleText({ id, text, groupId }: RuleReference): string {
  return `${id} ${text} in ${groupId}`;
}

/** The same by its id; ids that nobody knows stand for themselves. */
export function ruleTextOf(telling: Pick<Telling, 'world' | 'evidence'>, id: string): string {
  const rule = ruleNamed(telling, id);
  return rule === undefined ? id : ruleText(rule);
}

/** The rule that the answer names, as a part of a step. */
export function decidingRule(telling: Telling): Pick<Step, 'rule'> {
  const rule = ruleNamed(telling, telling.finding?.rule);
  return rule === undefined ? {} : { rule };
}
