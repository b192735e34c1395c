import { openCapture } from '../capture/source.js';
import type { DecodedFrame } from '../model/decoded-frame.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { DEFAULT_TRACKING } from '../model/tracking.js';
import type { FrameVerdict } from '../model/verdict.js';
import type { Timeline } from '../policy/timeline.js';
import { decodeCaptures } from '../replay/decode.js';
import { replay } from '../replay/replay.js';
import { counted } from '../report/quantity.js';
import { endText, protocolText } from '../report/packet-text.js';
import { type BenchAnswer, answerOf } from './bench-measure.js';

/** A generated capture, and what must come of it. */
export interface CheckedTraffic {
  /** File. */
  readonly capture: string;
  readonly expected: BenchAnswer;
  /** Of each frame whether it must be allowed, 1 or 0; else it must be dropped. */
  readonly fates: Uint8Array;
}

export interface Check {
  /** Batches of a replay. */
  readonly batches: number;
  /** What is not as expected, if anything. */
  readonly difference?: Diagnostic;
}

/** Holds the verdict of every frame against its expectation, and then their sums. */
export async function checkFrames(
  { capture, expected, fates }: CheckedTraffic,
  timelineFrom: () => Timeline,
  workers: number,
): Promise<Check> {
  let wrong: FrameVerdict | undefined;
  let batches = 0;
  const source = openCapture(capture);
  try {
    const outcome = await replay(timelineFrom, [source], {
      tracking: DEFAULT_TRACKING,
      workers,
      onVerdicts: (verdicts) => {
        for (const verdict of verdicts) {
          if (wrong === undefined && verdict.verdict !== fateOf(fates, verdict)) wrong = verdict;
        }
      },
      onProgress: () => batches++,
    });
    const difference =
      wrong === undefined
        ? differenceIn(answerOf(outcome), expected, counted(workers, 'worker'))
        : await differenceAt(wrong, fateOf(fates, wrong), capture, workers);
    return { batches, ...(difference === undefined ? {} : { difference }) };
  } finally {
    source.close();
  }
}

const fateOf = (fates: Uint8Array, { frame }: FrameVerdict): 'allow' | 'drop' =>
  fates[frame - 1] === 1 ? 'allow' : 'drop';

async function differenceAt(
  { frame, verdict, code, at }: FrameVerdict,
  fate: 'allow' | 'drop',
  capture: string,
  workers: number,
): Promise<Diagnostic> {
  let found: DecodedFrame | undefined;
  const source = openCapture(capture);
  try {
    await decodeCaptures([source], {
      most: frame,
      onFrames: (frames) => {
        for (found of frames);
      },
    });
  } finally {
    source.close();
  }
  const last = at.at(-1);
  const where = last === undefined ? '' : ` at ${last.eni} ${last.direction}`;
  const got = `${verdict} ${code}${where}`;
  const place = `${counted(workers, 'worker')}: flow ${flowText(found)}: frame ${frame}`;
  return difference(place, `${got}, but ${fate} is expected`);
}

function flowText(frame: DecodedFrame | undefined): string {
  const { source, destination, protocol } = frame ?? {};
  if (source === undefined || destination === undefined || protocol === undefined) return 'unknown';
  const ends = `${endText(source, frame?.sourcePort)} > ${endText(destination, frame?.destinationPort)}`;
  return `${ends} ${protocolText(protocol)}`;
}

/** What two sums differ in first; undefined when they are the same. */
export function differenceIn(
  found: BenchAnswer,
  expected: BenchAnswer,
  place: string,
): Diagnostic | undefined {
  const sums = (answer: BenchAnswer): readonly (readonly [string, number])[] => [
    ['packets', answer.packets],
    ['bytes', answer.bytes],
    ['flows', answer.flows],
    ['allowed packets', answer.allowed.packets],
    ['allowed flows', answer.allowed.flows],
    ['dropped packets', answer.dropped.packets],
    ['dropped flows', answer.dropped.flows],
  ];
  const wanted = sums(expected);
  const at = sums(found).findIndex(([, value], i) => value !== wanted[i]![1]);
  if (at < 0) return undefined;
  const [name, value] = sums(found)[at]!;
  return difference(place, `${value} ${name}, but ${wanted[at]![1]} are expected`);
}

const difference = (place: string, fact: string): Diagnostic => ({
  ...{ severity: 'error', code: 'bench-difference', place, fact },
  fix: 'report it with this command: rules and generator do not agree',
});
