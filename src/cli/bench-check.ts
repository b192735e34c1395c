import { openCapture } from '../capture/source.js';
import { RECORD_MAX } from '../generate/frame-record.js';
import type { Traffic } from '../generate/traffic.js';
import type { DecodedFrame } from '../model/decoded-frame.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { DEFAULT_TRACKING } from '../model/tracking.js';
import type { FrameVerdict, Verdict } from '../model/verdict.js';
import type { Timeline } from '../policy/timeline.js';
import { decodeCaptures } from '../replay/decode.js';
import { replay } from '../replay/replay.js';
import { endText, protocolText } from '../report/packet-text.js';
import { counted } from '../report/quantity.js';
import { type BenchAnswer, answerOf } from './bench-measure.js';

export interface Check {
  /** Batches of a replay. */
  readonly batches: number;
  /** What is not as expected, if anything. */
  readonly difference?: Diagnostic;
}

/**
 * Replays a capture and holds the verdict of every frame against what must become of it, then their sums; `again` generates
 * the same traffic once more, beside it.
 */
export async function checkFrames(
  capture: string,
  again: Traffic,
  timelineFrom: (firstTimeNs: bigint) => Timeline,
  workers: number,
): Promise<Check> {
  const expectNext = createExpectation(again);
  let wrong: { readonly found: FrameVerdict; readonly expected: Verdict } | undefined;
  let batches = 0;
  const source = openCapture(capture);
  try {
    const outcome = await replay(timelineFrom, [source], {
      tracking: DEFAULT_TRACKING,
      workers,
      onVerdicts: (verdicts) => {
        for (const found of verdicts) {
          const expected = expectNext();
          if (found.verdict !== expected) wrong ??= { found, expected };
        }
      },
      onProgress: () => batches++,
    });
    const place = counted(workers, 'worker');
    const difference =
      wrong === undefined
        ? differenceIn(answerOf(outcome), again.expected(), place)
        : differenceAt(wrong, await frameAt(capture, wrong.found.frame), place);
    return { batches, ...(difference === undefined ? {} : { difference }) };
  } finally {
    source.close();
  }
}

/** The verdict that the next frame must get. */
function createExpectation(traffic: Traffic): () => Verdict {
  // The header of the file stands before the first record.
  const room = new Uint8Array(RECORD_MAX * 2);
  let dropped = 0;
  return () => {
    traffic.fill(room, 1);
    const before = dropped;
    dropped = traffic.expected().dropped.packets;
    return dropped > before ? 'drop' : 'allow';
  };
}

async function frameAt(capture: string, number: number): Promise<DecodedFrame | undefined> {
  let found: DecodedFrame | undefined;
  const source = openCapture(capture);
  try {
    await decodeCaptures([source], {
      most: number,
      onFrames: (frames) => {
        for (const frame of frames) found = frame;
      },
    });
    return found;
  } finally {
    source.close();
  }
}

function differenceAt(
  { found, expected }: { readonly found: FrameVerdict; readonly expected: Verdict },
  frame: DecodedFrame | undefined,
  place: string,
): Diagnostic {
  const { verdict, code, at } = found;
  const last = at.at(-1);
  const where = last === undefined ? '' : ` at ${last.eni} ${last.direction}`;
  const fact = `frame ${found.frame} is ${verdict} ${code}${where}, but must be ${expected}`;
  return difference(`${place}: flow ${flowText(frame)}`, fact);
}

function flowText(frame: DecodedFrame | undefined): string {
  const { source, destination, protocol, sourcePort, destinationPort } = frame ?? {};
  if (source === undefined || destination === undefined || protocol === undefined) return 'unknown';
  const ends = `${endText(source, sourcePort)} > ${endText(destination, destinationPort)}`;
  return `${ends} ${protocolText(protocol)}`;
}

/** What the sums of a replay differ in first; undefined when they are as expected. */
export function differenceIn(
  found: BenchAnswer,
  expected: BenchAnswer,
  place: string,
): Diagnostic | undefined {
  const wanted = sumsOf(expected);
  const at = sumsOf(found).findIndex(([, value], i) => value !== wanted[i]![1]);
  if (at < 0) return undefined;
  const [name, value] = sumsOf(found)[at]!;
  return difference(place, `there are ${value} ${name}, but there must be ${wanted[at]![1]}`);
}

const sumsOf = (answer: BenchAnswer): readonly (readonly [name: string, value: number])[] => [
  ['packets', answer.packets],
  ['bytes', answer.bytes],
  ['flows', answer.flows],
  ['allowed packets', answer.allowed.packets],
  ['allowed flows', answer.allowed.flows],
  ['dropped packets', answer.dropped.packets],
  ['dropped flows', answer.dropped.flows],
];

const difference = (place: string, fact: string): Diagnostic => ({
  ...{ severity: 'error', code: 'bench-difference', place, fact },
  fix: 'report it with the command and the VPC: nothing was measured',
});
