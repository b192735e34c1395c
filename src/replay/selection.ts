import { type Instant, timeOfInstant } from '../model/edit.js';
import { type Admission, bound } from './admission.js';
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
}

/** Lets no other frames be admitted. */
export function select(
  memory: WebAssembly.Memory,
  admission: Admission,
  { most, from, to, filter }: Selection,
  firstTimeNs: bigint,
): void {
  if (filter !== undefined) admission.filter = createFrameFilter(memory, admission.view, filter);
  bound(admission, {
    ...(most === undefined ? {} : { most }),
    ...(from === undefined ? {} : { fromNs: timeOfInstant(from, firstTimeNs) }),
    ...(to === undefined ? {} : { toNs: timeOfInstant(to, firstTimeNs) }),
  });
}
