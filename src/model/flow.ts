import type { Address } from './address.js';
import type { Tally } from './tally.js';
import type { InterfaceVerdict, Verdict, VerdictCode } from './verdict.js';

/**
 * Packets that share a five-tuple or its mirror, from one that began a flow, or was the first seen, to the last before the next
 * that began one. ICMP queries and their replies share an identifier; ICMP errors, and packets without ports such as later
 * fragments, are put together by direction or address pair.
 */
export interface Flow {
  /** IP protocol number. */
  readonly protocol: number;
  /** Of the first packet. */
  readonly source: Address;
  readonly destination: Address;
  /** TCP and UDP. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Of the first packet; `id` is 0 for an error. */
  readonly icmp?: { readonly type: number; readonly code: number; readonly id: number };
  /** It is one of the report's flows; otherwise its packets belong to none, or to one that was told of before. */
  readonly counted: boolean;
  readonly firstFrame: number;
  readonly firstTimeNs: bigint;
  /** Latest packet time. */
  readonly lastTimeNs: bigint;
  /** Of the first packet. */
  readonly verdict: Verdict;
  readonly code: VerdictCode;
  readonly at: readonly InterfaceVerdict[];
  /** Packets that went as the first one did, and those that went against it. */
  readonly original: Tally;
  readonly reply: Tally;
  /** The same packets by their verdicts. */
  readonly byVerdict: Readonly<Record<Verdict, Tally>>;
  /** TCP flags of all packets, or-ed. */
  readonly tcpFlags: number;
}

/** What a table of flows could not tell of one by one. */
export interface UnlistedFlows {
  /** Packets that name no flow, by verdict code: not IP, or not understood. */
  readonly nameless: ReadonlyMap<VerdictCode, Tally>;
  /** Flows beyond those that are told apart, and their packets by verdict. */
  readonly beyond: { readonly flows: number; readonly byVerdict: Readonly<Record<Verdict, Tally>> };
}
