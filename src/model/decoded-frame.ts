import type { Address } from './address.js';
import type { VerdictCode } from './verdict.js';

/** What was understood of one frame, as far as it could be read. */
export interface DecodedFrame {
  /** Position in the capture, from 1; with several captures, in all of them merged by time. */
  readonly number: number;
  /** Nanoseconds since 1970; absent where the capture tells no time. */
  readonly timeNs?: bigint;
  /** LINKTYPE number. */
  readonly linkType: number;
  /** Bytes on the wire, and captured. */
  readonly wire: number;
  readonly captured: number;
  /** Why it would not be judged; absent for an IP packet. */
  readonly unjudged?: VerdictCode;
  /** It stood in a tunnel that was peeled. */
  readonly peeled: boolean;
  readonly source?: Address;
  readonly destination?: Address;
  /** IP protocol number. */
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Low 8 bits: CWR to FIN. */
  readonly tcpFlags?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  /** In bytes; 0 in a packet that is no fragment. */
  readonly fragmentOffset?: number;
  readonly moreFragments?: boolean;
}
