import { findCause } from '../../src/explain/find-cause.js';
import type { CauseCode } from '../../src/model/cause.js';
import type { Packet } from '../../src/model/packet.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { evidenceOf, worldOf } from './kernel-evidence.js';

/** Packets of which the last one is explained, and what must be said about it. */
export interface CauseCase {
  readonly cause: CauseCode;
  /** The rule of the specification, and what is special. */
  readonly title: string;
  readonly vpc: VpcDescription;
  readonly packets: readonly Packet[];
  readonly reason: string;
  /** Another description from a time on, in seconds, by what event. */
  readonly change?: readonly [seconds: number, text: string, vpc: VpcDescription];
  readonly options?: Partial<TrackingOptions>;
}

/** `CAUSE: REASON` of the case's last packet. */
export function causeOf({ vpc, packets, change, options }: CauseCase): string {
  const moments =
    change === undefined
      ? []
      : [{ fromNs: BigInt(change[0]) * 1_000_000_000n, text: change[1], description: change[2] }];
  const world = worldOf(resolveTimeline(vpc, moments), options);
  const { cause, reason } = findCause(world, evidenceOf(world, packets).at(-1)!);
  return `${cause}: ${reason}`;
}
