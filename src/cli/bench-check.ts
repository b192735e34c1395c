import { openCapture } from '../capture/source.js';
import { createTrafficCheck } from '../generate/traffic-check.js';
import type { TrafficOptions } from '../generate/traffic-options.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { ExpectedTraffic } from '../model/expected-traffic.js';
import { DEFAULT_TRACKING } from '../model/tracking.js';
import type { Timeline } from '../policy/timeline.js';
import { replay } from '../replay/replay.js';
import { counted } from '../report/quantity.js';
import { sumsIn, unexpectedSums, unexpectedVerdict } from './unexpected.js';

/** A generated capture, and what must come of it. */
export interface GeneratedCapture {
  readonly file: string;
  readonly options: TrafficOptions;
  readonly expected: ExpectedTraffic;
}

export interface Check {
  /** Batches of a replay. */
  readonly batches: number;
  /** What is not as it must be, if anything. */
  readonly difference?: Diagnostic;
}

/** Replays a capture and holds the verdict of every packet against what it must be, then the sums. */
export async function checkCapture(
  { file, options, expected }: GeneratedCapture,
  timeline: Timeline,
  workers: number,
): Promise<Check> {
  const check = createTrafficCheck(timeline.phases[0]!.policy, options);
  let batches = 0;
  const source = openCapture(file);
  try {
    const outcome = await replay(() => timeline, [source], {
      tracking: DEFAULT_TRACKING,
      workers,
      onVerdicts: (verdicts) => check.take(verdicts),
      onProgress: () => batches++,
    });
    const run = counted(workers, 'worker');
    const wrong = check.finish();
    const difference =
      wrong === undefined
        ? unexpectedSums(sumsIn(outcome), expected, run)
        : unexpectedVerdict(wrong, run);
    return { batches, ...(difference === undefined ? {} : { difference }) };
  } finally {
    source.close();
  }
}
