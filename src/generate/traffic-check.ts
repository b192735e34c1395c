import type { VerdictDifference } from '../model/expected-traffic.js';
import type { FrameVerdict } from '../model/verdict.js';
import type { ResolvedPolicy } from '../policy/resolve.js';
import { flowName } from './flow-name.js';
import { RECORD_MAX } from './frame-record.js';
import { createTraffic } from './traffic.js';
import type { TrafficOptions } from './traffic-options.js';

/** Holds verdicts of generated traffic against what they must be. */
export interface TrafficCheck {
  /** Takes the next verdicts, in the order of frames. */
  take(verdicts: Iterable<FrameVerdict>): void;
  /** The first difference; call it after the last verdict, for a frame without one is a difference too. */
  finish(): VerdictDifference | undefined;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/** Generates the same traffic once more, beside the one that is judged, packet by packet. Throws InputError as it does. */
export function createTrafficCheck(policy: ResolvedPolicy, options: TrafficOptions): TrafficCheck {
  const traffic = createTraffic(policy, options);
  const record = new Uint8Array(RECORD_MAX + FILE_HEADER);
  let frame = 0;
  let dropped = 0;
  let difference: VerdictDifference | undefined;
  /** The next packet against what came of it. */
  const compare = (verdict: string, found: string): boolean => {
    const size = traffic.fill(record, 1);
    if (size === 0) return false;
    const before = dropped;
    dropped = traffic.expected().dropped.packets;
    const expected = dropped > before ? 'drop' : 'allow';
    const at = (frame++ === 0 ? FILE_HEADER : 0) + RECORD_HEADER;
    if (verdict !== expected) {
      difference = { frame, flow: flowName(record.subarray(at, size)), expected, found };
    }
    return true;
  };
  return {
    take: (verdicts) => {
      for (const { verdict, code } of verdicts) {
        if (difference !== undefined) return;
        compare(verdict, `${verdict} ${code}`);
      }
    },
    finish: () => {
      if (difference === undefined) compare('none', 'not judged at all');
      return difference;
    },
  };
}
