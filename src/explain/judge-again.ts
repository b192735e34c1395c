import type { Evidence } from '../model/evidence.js';
import type { ConnectionFinding, DecidingPlace, Step } from '../model/explanation.js';
import type { FrameVerdict } from '../model/verdict.js';
import { findConnection } from './connection-finding.js';
import { coveredLater, isCoveredLater } from './covered-later.js';
import { decidingPlace } from './deciding-place.js';
import { createHearing } from './hearing.js';
import { allowancesFullAt } from './reference-allowance.js';
import { flowOf } from './reference-connection.js';
import type { Observer } from './reference-observer.js';
import { relatedObstacle } from './reference-related.js';
import { createReference } from './reference.js';
import { type Heard, stepBeyond, stepsTo } from './steps.js';
import type { Telling } from './telling.js';
import type { ExplainedWorld } from './world.js';

export interface JudgedAgain {
  /** The reference's; the kernel's where that alone can know: see `isBeyondReference`, and CT-18 of early fragments. */
  readonly verdict: FrameVerdict;
  /** In the order in which they were asked. */
  readonly steps: readonly Step[];
  /** Absent when no interface was asked. */
  readonly at?: DecidingPlace;
  /** What the deciding interface remembered; absent where it was not asked. */
  readonly connection?: ConnectionFinding;
  /** How kernel and reference differ, in a sentence. */
  readonly disagreement?: string;
}

/** Judges a packet by the reference from what was remembered when the kernel judged it, and tells the steps. */
export function judgeAgain(world: ExplainedWorld, evidence: Evidence): JudgedAgain {
  const hearing = createHearing(world, evidence);
  const own = referenceVerdict(world, evidence, hearing.observer);
  const heard = hearing.heard();
  if (isBeyondReference(evidence)) {
    const { verdict } = evidence;
    const { at } = told(world, evidence, verdict, heard);
    return { verdict, steps: [stepBeyond(verdict)], ...(at && { at }) };
  }
  if (isCoveredLater(own, evidence, heard)) {
    return told(world, evidence, evidence.verdict, coveredLater(evidence, heard));
  }
  const disagreement = differenceOf(evidence.verdict, own);
  const judged = told(world, evidence, own, heard);
  return disagreement === undefined ? judged : { ...judged, disagreement };
}

/** `recorded-twice` takes knowing the captures, `state-full` the kernel's memory. */
function isBeyondReference({ verdict: { code, at } }: Evidence): boolean {
  return code === 'recorded-twice' || at.some((answer) => answer.code === 'state-full');
}

function referenceVerdict(
  { timeline, tracking }: ExplainedWorld,
  { packet, clockNs, phase, verdict, memories }: Evidence,
  observer: Observer,
): FrameVerdict {
  // Only this flow is recalled: that others left it no place (CT-19), the kernel must tell.
  const full = verdict.at.filter(({ code }) => code === 'allowance-exceeded');
  const reference = createReference(timeline.phases[phase]!.policy, tracking, {
    allowances: allowancesFullAt(full.map(({ eni }) => eni)),
    observer,
  });
  for (const remembered of memories) if (remembered !== undefined) reference.recall(remembered);
  const { verdict: answer, code, at } = reference.judge({ ...packet, timeNs: clockNs });
  return { ...verdict, verdict: answer, code, at };
}

function told(
  world: ExplainedWorld,
  evidence: Evidence,
  verdict: FrameVerdict,
  heard: Heard,
): JudgedAgain {
  const { policy } = world.timeline.phases[evidence.phase]!;
  const at = decidingPlace(policy, verdict, heard);
  const connection = at && findingAt(at, heard);
  return {
    verdict,
    steps: stepsTo(world, evidence, verdict, heard),
    ...(at && { at }),
    ...(connection && { connection }),
  };
}

function findingAt(
  { eni, direction }: DecidingPlace,
  { asked }: Heard,
): ConnectionFinding | undefined {
  const here = asked.filter((each) => each.at.eni.id === eni && each.direction === direction);
  const telling = here.find(isAboutFlow);
  return telling && findConnection(telling);
}

/** Whether the question is asked about a flow that the packet belongs to, or that it quotes. */
function isAboutFlow({ question, ip, direction, world }: Telling): boolean {
  if (question === 'connection') return flowOf(ip, direction) !== undefined;
  return question === 'related' && relatedObstacle(ip, world.tracking.related) === undefined;
}

function differenceOf(kernel: FrameVerdict, reference: FrameVerdict): string | undefined {
  const [one, other] = [verdictText(kernel), verdictText(reference)];
  return one === other ? undefined : `the kernel says ${one}, the reference says ${other}`;
}

/** `drop no-rule (eni-0app egress rule by sgr-1, eni-0db ingress no-rule)`. */
function verdictText({ verdict, code, at }: FrameVerdict): string {
  const answers = at.map(({ eni, direction, code: answer, rule }) =>
    [eni, direction, answer, ...(rule === undefined ? [] : [`by ${rule}`])].join(' '),
  );
  return `${verdict} ${code}${answers.length === 0 ? '' : ` (${answers.join(', ')})`}`;
}
