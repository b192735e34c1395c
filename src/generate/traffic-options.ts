/** What is to be generated. The same options, seed and policy give the same bytes on any machine. */
export interface TrafficOptions {
  readonly seed: number;
  readonly profile: Profile;
  /** Flows in all; each has a five-tuple of its own. */
  readonly flows: number;
  /** Packets in all, as near as the flows allow; `port-scan` and `syn-flood` have as many as their flows make. */
  readonly packets: number;
  /** `heavy`: most flows are short and a few very long; `even`: all are as long as the mean allows. */
  readonly lengths: 'heavy' | 'even';
  /** Flows that have begun and not ended, at most. */
  readonly concurrent: number;
  /** Of packets that may carry data; what opens, closes or only acknowledges is as small as can be. */
  readonly sizes: Sizes;
  /** Bytes kept of each frame. */
  readonly snapLength: number;
  /** Shares of the flows; undefined: three quarters TCP, the rest UDP and ICMP, as far as the policy has them. */
  readonly protocols?: { readonly tcp: number; readonly udp: number; readonly icmp: number };
  /** Share of the flows, 0 to 1; undefined: a quarter where the policy has IPv6. */
  readonly ipv6Share?: number;
  /**
   * Share of the packets that must be dropped, 0 to 1; undefined: a tenth where the policy drops anything, and in a flood
   * none. What a scan meets is the policy's affair.
   */
  readonly dropShare?: number;
  /** Share of the flows that are between two interfaces, where there are two. */
  readonly insideShare: number;
  /** Of packet time; at least LEAST_RATE. */
  readonly packetsPerSecond: number;
  /** Exponent of the popularity of who talks with whom about what; 0: all alike. */
  readonly zipf: number;
}

export type Profile = 'mixed' | 'port-scan' | 'syn-flood';

/**
 * Sizes of Ethernet frames without their checksum of 4 bytes, as captures have them: a range, each size as likely; or the
 * simple IMIX, 7 : 4 : 1 of 60, 590 and 1514 bytes (64, 594 and 1518 on the wire). A packet is never smaller than its headers.
 */
export type Sizes = 'imix' | { readonly from: number; readonly to: number };

/** Packets a second: with fewer, pauses would outlast the idle limits of UDP and ICMP. */
export const LEAST_RATE = 10;

export const DEFAULT_TRAFFIC: TrafficOptions = {
  seed: 1,
  profile: 'mixed',
  flows: 1000,
  packets: 50_000,
  lengths: 'heavy',
  concurrent: 500,
  sizes: 'imix',
  snapLength: 262_144,
  insideShare: 0.1,
  packetsPerSecond: 100_000,
  zipf: 0,
};
