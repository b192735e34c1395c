import type { Docket } from './docket.js';
import type { Evidence } from './evidence.js';
import type { CauseShare } from './explanation.js';
import type { Tally } from './tally.js';

/**
 * Packets that, as far as rows can tell, got their verdict for one reason: the same code, groups of the
 * interface, direction and port of the flow's opener, protocol and kind of peer. What follows a denied opening counts with it (CT-25).
 */
export interface Case {
  /** The first of them. */
  readonly first: Evidence;
  /** All of them, `first` among them. */
  readonly share: CauseShare;
  /** Positions of the interfaces that decided: they carry the same groups. */
  readonly enis: readonly number[];
  /** All that tells cases apart but the port. */
  readonly kind: string;
  /** It stands for all ports of its kind that are not told apart. */
  readonly isRest: boolean;
  /** Destination port of the flow's opener, or ICMP type * 256 + code; absent where the packets have none. */
  readonly port?: number;
}

/** What a replay found about the packets that were asked about. */
export interface Findings {
  /** In order of their first packets. */
  readonly cases: readonly Case[];
  /** Packets of cases beyond those that are told apart. */
  readonly unlisted: Tally;
  /** The frame that was asked about, and the case that it belongs to, when it has one. */
  readonly asked?: { readonly evidence: Evidence; readonly case?: Case };
  readonly docket: Docket;
}
