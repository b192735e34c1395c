import { type Instant, timeOfInstant } from '../model/edit.js';
import { type Admission, type Bounds, bound } from './admission.js';
import { createFrameFilter } from './frame-filter.js';

/** Which frames of the captures are wanted: all, where nothing is said. */
export interface Selection {
  /** How many, at most. */
  readonly most?: number;
  /** First time that is wanted, and first that is not. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** In the syntax of pcap-filter(7). */
  readonly filter?: string;
  /** Where reading ends, whatever else is wanted. */
  readonly until?: ReplayEnd;
}

/**
 * The last frame, by its number; or an instant: then the first frame after it is not looked at, nor what follows it,
 * because packet time never goes back (CP-7).
 */
export type ReplayEnd = Instant | { readonly kind: 'frame'; readonly frame: number };

/** Lets no other frames be admitted. */
export function select(
  memory: WebAssembly.Memory,
  admission: Admission,
  { most, from, to, filter, until }: Selection,
  firstTimeNs: bigint,
): void {
  if (filter !== undefined) admission.filter = createFrameFilter(memory, admission.view, filter);
  bound(admission, {
    ...(most === undefined ? {} : { most }),
    ...(from === undefined ? {} : { fromNs: timeOfInstant(from, firstTimeNs) }),
    ...(to === undefined ? {} : { toNs: timeOfInstant(to, firstTimeNs) }),
    ...(until === undefined ? {} : endBound(until, firstTimeNs)),
  });
}

function endBound(end: ReplayEnd, firstTimeNs: bigint): Bounds {
  return end.kind === 'frame' ? { last: end.frame } : { untilNs: timeOfInstant(end, firstTimeNs) };
}
