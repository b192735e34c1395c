import { type Instant, timeOfInstant } from '../model/edit.js';
import { type Admission, bound } from './admission.js';

/** Which frames of the captures are wanted: all, where nothing is said. */
export interface Selection {
  /** How many, at most. */
  readonly most?: number;
  /** First time that is wanted, and first that is not. */
  readonly from?: Instant;
  readonly to?: Instant;
}

/** Lets no other frames be admitted. */
export function select(
  admission: Admission,
  { most, from, to }: Selection,
  firstTimeNs: bigint,
): void {
  bound(admission, {
    ...(most === undefined ? {} : { most }),
    ...(from === undefined ? {} : { fromNs: timeOfInstant(from, firstTimeNs) }),
    ...(to === undefined ? {} : { toNs: timeOfInstant(to, firstTimeNs) }),
  });
}
