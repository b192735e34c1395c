import type { FixEdit } from '../model/explanation.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { FrameVerdict } from '../model/verdict.js';
import type { Timeline } from '../policy/timeline.js';
import { type Known, type Sheet, knownBefore } from './docket-flows.js';
import { allowancesFullAt } from './reference-allowance.js';
import { createReference } from './reference.js';

/** What becomes of packets under a fix. */
export interface UnderFix {
  /** Of each, whether it is not dropped. */
  readonly passes: readonly boolean[];
  /** False when an answer hangs on something that the docket does not tell. */
  readonly isSure: boolean;
}

/**
 * Judges packets of the docket under a fix by the reference, from what was remembered when the docket's first packet of each
 * flow came: until then nothing of its address pair was dropped, so that the fix had changed nothing. `sheets` hold every
 * packet of a flow and every error about it.
 */
export function judgeUnderFix(
  sheets: readonly Sheet[],
  edits: readonly FixEdit[],
  { phases }: Timeline,
  tracking: TrackingOptions,
): UnderFix {
  const [firstSheet] = sheets;
  if (firstSheet === undefined) return { passes: [], isSure: true };
  const known = knownBefore(sheets);
  const begun = new Set<string>();
  let { phase } = firstSheet.evidence;
  // CT-19: what other flows take of an allowance the docket does not tell.
  const allowances = allowancesFullAt([]);
  const reference = createReference(phases[phase]!.policy, tracking, { allowances });
  let isSure = tracking.maxTracked === undefined;
  const recallAll = (name: string | undefined): void => {
    if (name === undefined || begun.has(name)) return;
    begun.add(name);
    for (const memory of known.get(name)?.values() ?? []) if (memory) reference.recall(memory);
  };

  const verdicts = sheets.map((sheet): FrameVerdict => {
    const { evidence, flow, quoted, datagram } = sheet;
    const { packet, clockNs, verdict } = evidence;
    if (evidence.phase !== phase) {
      phase = evidence.phase;
      reference.change(phases[phase]!.policy);
    }
    for (const name of [flow, quoted, datagram]) recallAll(name);
    const judged = reference.judge({ ...packet, timeNs: clockNs }, verdict.frame);
    isSure &&= isTold(judged, known.get(flow ?? quoted ?? ''));
    return verdict.code === 'allowance-exceeded' ? verdict : judged;
  });
  const passes = verdicts.map(({ verdict }) => verdict !== 'drop');
  const position = new Map(sheets.map(({ evidence }, i) => [evidence.verdict.frame, i]));
  for (const { frame, verdict } of reference.revise()) {
    passes[position.get(frame)!] = verdict !== 'drop';
  }
  return { passes, isSure: isSure && edits.every(({ kind }) => kind !== 'idle-limit') };
}

/** Whether it is known what the interfaces that were asked remembered, or that there was nothing to remember. */
function isTold({ at }: FrameVerdict, known: Known | undefined): boolean {
  if (known === undefined) return true;
  const hadFlow = [...known.values()].some(
    (memory) => memory?.kind === 'connection' || memory?.kind === 'untracked',
  );
  return !hadFlow || at.every(({ eni }) => known.has(eni));
}
