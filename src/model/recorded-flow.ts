import type { Address } from './address.js';
import type { FlowLogRecord, RecordedTraffic } from './logged-flow.js';
import type { Direction } from './security-group.js';

/** A record of a flow log, with the ends that its packets had at the interface. */
export interface RecordedFlow {
  readonly record: FlowLogRecord;
  readonly traffic: RecordedTraffic;
  /** File and line. */
  readonly place: string;
  readonly source: Address;
  readonly destination: Address;
  /** Undefined when neither end is an address of the interface, or nobody described it. */
  readonly direction?: Direction;
  /** The same for all records of one direction of a flow, and that of the other direction. */
  readonly key: string;
  readonly reverseKey: string;
}

/** A record, and what other records say about it. */
export interface OrderedFlow {
  readonly flow: RecordedFlow;
  /** Its packets go against those that opened the flow. */
  readonly isReply: boolean;
  /** It was rejected after its flow had been accepted: after its connection closed or expired (FL-3), as a rule. */
  readonly isLate: boolean;
  /** The flow was accepted in an earlier second, somewhere: its connection goes on. */
  readonly goesOn: boolean;
  /**
   * The interface both accepted and rejected packets between the same ends: of ICMP, of different types, which records do not tell;
   * of others, in the same seconds, in which records do not tell the order.
   */
  readonly isMixed: boolean;
  /** The interface that sent the packets has recorded them too. */
  readonly isTwice: boolean;
}

/** What became of the records of flow logs as they were read. */
export interface RecordAccount {
  /** All that were found, malformed ones too. */
  records: number;
  /** Nothing was to be recorded, or could be (FL-3). */
  noData: number;
  skipped: number;
  /** Left out, for the sender's interface has recorded the same packets. */
  twice: number;
  malformed: number;
  /** The first of those. */
  firstFault?: string;
  /** Why a file, which is compressed, could be read only in part. */
  damage?: string;
}
