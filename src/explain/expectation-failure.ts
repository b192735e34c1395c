import type { Explanation, Fix, RuleReference } from '../model/explanation.js';
import type { Packet } from '../model/packet.js';
import type { Failure } from '../model/test-report.js';
import { askPacket } from './ask.js';
import { explain, findOut } from './explain.js';
import { removalOf } from './rule-removal.js';
import type { ExplainedWorld } from './world.js';

/** An answer that was not expected, and how many got the same. */
export interface UnexpectedAnswer {
  readonly packet: Packet;
  readonly count: number;
}

/** Says why packets were not judged as expected, by the most common of the answers. */
export function failureOf(
  world: ExplainedWorld,
  answers: readonly UnexpectedAnswer[],
  sums: Pick<Failure, 'asked' | 'wrong' | 'subjects'>,
): Failure {
  const [most, ...rest] = answers.toSorted((one, other) => other.count - one.count);
  const explanation = explain(world, askPacket(world, most!.packet), {});
  const others = new Map<string, number>();
  for (const { count, packet } of rest) {
    const evidence = askPacket(world, packet);
    const { verdict, code } = evidence.verdict;
    const name = codeOf({ verdict, code, cause: findOut(world, evidence).cause });
    if (name !== codeOf(explanation)) others.set(name, (others.get(name) ?? 0) + count);
  }
  return {
    ...causeAndRemedy(world, explanation),
    got: gotText(explanation),
    ...sums,
    others: [...others].map(([code, count]) => ({ code, count })),
  };
}

/** The same by verdict code alone. */
export function unexplained(
  world: ExplainedWorld,
  answers: readonly UnexpectedAnswer[],
  sums: Pick<Failure, 'asked' | 'wrong' | 'subjects'>,
): Failure {
  const [most] = answers.toSorted((one, other) => other.count - one.count);
  const { verdict, code } = askPacket(world, most!.packet).verdict;
  const got = `${verdict.replace('-', ' ')}: ${code}`;
  return { code, got, ...sums, rules: [], fixes: [], others: [] };
}

/** Why it came so, the rules that have to do with it, and what would change it. */
export function causeAndRemedy(
  world: ExplainedWorld,
  explanation: Explanation,
  phase = 0,
): Pick<Failure, 'code' | 'reason' | 'rules' | 'fixes'> {
  const { verdict, reason, rules } = explanation;
  const nearest = rules?.nearest.slice(0, 1) ?? [];
  const told = verdict === 'drop' ? nearest : (rules?.matched ?? []);
  return {
    code: codeOf(explanation),
    reason,
    rules: told.map(({ rule }): RuleReference => rule),
    fixes:
      verdict === 'drop' ? explanation.fixes.slice(0, 1) : fixesOfPass(world, explanation, phase),
  };
}

function fixesOfPass(
  world: ExplainedWorld,
  explanation: Explanation,
  phase: number,
): readonly Fix[] {
  const fix = removalOf(world, explanation, phase);
  return fix === undefined ? [] : [fix];
}

/** Of a packet that is not filtered or not judged the code tells more than the cause. */
function codeOf({ verdict, cause, code }: Pick<Explanation, 'verdict' | 'cause' | 'code'>): string {
  return verdict === 'not-filtered' || verdict === 'not-judged' ? code : cause;
}

/** `drop: port-not-allowed (no-rule) at eni-0db (db) ingress`. */
function gotText(explanation: Explanation): string {
  const { verdict, code, at } = explanation;
  const name = codeOf(explanation);
  const what = `${verdict.replace('-', ' ')}: ${name}${name === code ? '' : ` (${code})`}`;
  if (at === undefined) return what;
  return `${what} at ${at.eni}${at.name === undefined ? '' : ` (${at.name})`} ${at.direction}`;
}
