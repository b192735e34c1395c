import type { Address } from '../model/address.js';
import type { Direction } from '../model/security-group.js';

/** What some rule of a set must let pass. */
export interface RuleNeed {
  /** Position in the policy's sets. */
  readonly set: number;
  readonly direction: Direction;
  readonly remote: Address;
  readonly protocol: number;
  /** See `Carried`. */
  readonly port: number;
}
