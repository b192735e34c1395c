import type { Evidence } from '../model/evidence.js';
import type { ExplainedPacket } from '../model/explanation.js';

/** Names of the captures, and when their first packet came. */
export interface CapturedFrom {
  readonly captures: readonly string[];
  readonly firstTimeNs: bigint;
}

/** Where a packet is in the captures. */
export function capturedAs(
  { verdict }: Evidence,
  { captures, firstTimeNs }: CapturedFrom,
): NonNullable<ExplainedPacket['captured']> {
  const { frame, origin, timeNs } = verdict;
  return {
    capture: origin?.capture ?? captures[0]!,
    frame,
    ...(origin === undefined ? {} : { ownFrame: origin.frame }),
    timeNs,
    offsetNs: timeNs - firstTimeNs,
  };
}
