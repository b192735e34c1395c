import { formatAddress } from '../model/address.js';
import type { FixEdit } from '../model/explanation.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { FrameVerdict, InterfaceVerdict } from '../model/verdict.js';
import type { Timeline } from '../policy/timeline.js';
import {
  type Known,
  type Memory,
  type Sheet,
  asksMemory,
  knownBefore,
  slotOf,
} from './docket-flows.js';
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
  const isSettled = addressesStay(phases);
  let isSure = tracking.maxTracked === undefined;
  const recallAll = (name: string | undefined): void => {
    if (name === undefined || begun.has(name)) return;
    begun.add(name);
    for (const memory of known.get(name)?.values() ?? []) {
      if (typeof memory === 'object') reference.recall(memory);
    }
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
    isSure &&= !isToItself(sheet) && isTold(sheet, judged, known, isSettled);
    return verdict.code === 'allowance-exceeded' ? verdict : judged;
  });
  const passes = verdicts.map(({ verdict }) => verdict !== 'drop');
  const position = new Map(sheets.map(({ evidence }, i) => [evidence.verdict.frame, i]));
  for (const { frame, verdict } of reference.revise()) {
    passes[position.get(frame)!] = verdict !== 'drop';
  }
  return { passes, isSure: isSure && edits.every(({ kind }) => kind !== 'idle-limit') };
}

/**
 * Whether it is known what the interfaces that were asked remembered. That one remembered nothing is also told by the
 * packet's other end, which remembered nothing either, unless addresses moved.
 */
function isTold(
  sheet: Sheet,
  judged: FrameVerdict,
  known: ReadonlyMap<string, Known>,
  isSettled: boolean,
): boolean {
  const { flow, quoted, datagram, ip } = sheet;
  const before = sheet.evidence.verdict.at.filter(({ code }) => asksMemory(code));
  const asked = judged.at.filter(({ code }) => asksMemory(code));
  const isLater = ip.fragment !== undefined && ip.fragment.offset > 0;
  return [flow, quoted, isLater ? datagram : undefined].every((name) => {
    if (name === undefined) return true;
    const memoryOf = (answer: InterfaceVerdict): Memory =>
      known.get(name)?.get(slotOf(sheet, answer)) ?? 'unknown';
    const isKnown = (answer: InterfaceVerdict): boolean => {
      const memory = memoryOf(answer);
      if (memory === 'unasked') return isSettled;
      // Who was asked about an error told what counts of the flow that it quotes.
      return (
        memory !== 'unknown' || (name === quoted && before.some(({ eni }) => eni === answer.eni))
      );
    };
    return asked.every(isKnown) || (isSettled && before.some((it) => isNew(memoryOf(it))));
  });
}

/** What a host sends to itself by way of another interface has either end at both: not worth telling them apart. */
function isToItself({ ip: { source, destination } }: Sheet): boolean {
  return source.value === destination.value;
}

/** Whether an interface remembered nothing that could have passed it: a denial did not. */
function isNew(memory: Memory | undefined): boolean {
  if (typeof memory !== 'object') return memory === 'nothing';
  return memory.kind === 'denied' || memory.kind === 'noted';
}

function addressesStay(phases: Timeline['phases']): boolean {
  const heldIn = ({ description }: Timeline['phases'][number]): string =>
    description.interfaces
      .flatMap(({ id, addresses }) => [id, ...addresses.map(formatAddress)])
      .join();
  const first = heldIn(phases[0]!);
  return phases.every((phase) => heldIn(phase) === first);
}
