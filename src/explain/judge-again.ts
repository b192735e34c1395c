import type { Evidence } from '../model/evidence.js';
import type { ConnectionFinding, DecidingPlace, Step } from '../model/explanation.js';
import type { Direction } from '../model/security-group.js';
import type { FrameVerdict, InterfaceVerdict } from '../model/verdict.js';
import type { ResolvedInterface } from '../policy/resolve.js';
import { allowancesFullAt } from './reference-allowance.js';
import type { Asked, Observer } from './reference-observer.js';
import { waitsForFirst } from './reference-groups.js';
import { createReference } from './reference.js';
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
  if (isBeyondReference(evidence)) return { verdict: evidence.verdict, steps: [] };
  const heard: Heard[] = [];
  const own = referenceVerdict(world, evidence, {
    holders: () => {},
    asked: (at, direction, asked) => heard.push({ at, direction, ...asked }),
  });
  const waits = heard.some(({ question, finding }) => question === 'fragment' && !finding);
  const isCovered = waits && isCoveredLater(own, evidence);
  const verdict = isCovered ? evidence.verdict : own;
  const disagreement = isCovered ? undefined : differenceOf(evidence.verdict, own);
  return { verdict, steps: [], ...(disagreement === undefined ? {} : { disagreement }) };
}

interface Heard extends Asked {
  readonly at: ResolvedInterface;
  readonly direction: Direction;
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
  const judged = reference.judge({ ...packet, timeNs: clockNs });
  return { ...judged, ...placeOf(verdict) };
}

function placeOf({ frame, origin, timeNs }: FrameVerdict): Partial<FrameVerdict> {
  return { frame, timeNs, ...(origin === undefined ? {} : { origin }) };
}

/** CT-18: whether a fragment has got the verdict of its first one, which came later and was at the same interfaces. */
function isCoveredLater(own: FrameVerdict, { packet, verdict }: Evidence): boolean {
  return (
    packet.content.kind === 'ip' &&
    waitsForFirst(packet.content.ip) &&
    verdict.at.every((answer, i) => {
      const here = own.at[i];
      return here === undefined || placeText(here) === placeText(answer);
    })
  );
}

const placeText = ({ eni, direction }: InterfaceVerdict): string => `${eni} ${direction}`;

function differenceOf(kernel: FrameVerdict, reference: FrameVerdict): string | undefined {
  const [one, other] = [kernel, reference].map(verdictText);
  return one === other ? undefined : `the kernel says ${one}, the reference says ${other}`;
}

/** `drop no-rule (eni-0app egress rule sgr-1, eni-0db ingress no-rule)`. */
function verdictText({ verdict, code, at }: FrameVerdict): string {
  const answers = at.map(({ eni, direction, code: answer, rule }) =>
    [eni, direction, answer, ...(rule === undefined ? [] : [`by ${rule}`])].join(' '),
  );
  return `${verdict} ${code}${answers.length === 0 ? '' : ` (${answers.join(', ')})`}`;
}
