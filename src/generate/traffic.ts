import type { CaptureSource } from '../capture/source.js';
import type { ResolvedPolicy } from '../policy/resolve.js';

/** What is to be generated. The same options, seed and policy give the same bytes on any machine. */
export interface TrafficOptions {
  readonly seed: number;
  readonly profile: Profile;
  /** Flows in all; each has a five-tuple of its own. */
  readonly flows: number;
  /** Packets in all; `port-scan` and `syn-flood` have as many as their flows make. */
  readonly packets: number;
  /** `heavy`: most flows are short and a few very long; `even`: all are as long as the mean allows. */
  readonly lengths: 'heavy' | 'even';
  /** Flows that have begun and not ended, at most. */
  readonly concurrent: number;
  /** Bytes on the wire of packets that carry data. */
  readonly sizes: Sizes;
  /** Bytes kept of each frame. */
  readonly snapLength: number;
  /** Shares of the flows; undefined: three quarters TCP, the rest UDP and ICMP, as far as the policy has them. */
  readonly protocols?: { readonly tcp: number; readonly udp: number; readonly icmp: number };
  /** Share of the flows, 0 to 1; undefined: a quarter where the policy has IPv6. */
  readonly ipv6Share?: number;
  /** Share of the packets that must be dropped, 0 to 1; undefined: a tenth where the policy drops anything. */
  readonly dropShare?: number;
  /** Share of the flows that are between two interfaces, where there are two. */
  readonly insideShare: number;
  /** Of packet time. */
  readonly packetsPerSecond: number;
  /** Exponent of the popularity of who talks with whom about what; 0: all alike. */
  readonly zipf: number;
}

export type Profile = 'mixed' | 'port-scan' | 'syn-flood';

/** Frames on the wire without Ethernet's checksum: a range, all sizes alike, or a mix of three. */
export type Sizes = 'imix' | { readonly from: number; readonly to: number };

/** What has been generated so far, and what must come of it: exact. Nothing else comes of it. */
export interface Expected {
  readonly packets: number;
  readonly flows: number;
  /** Lengths on the wire, summed. */
  readonly bytes: number;
  readonly allowed: { readonly packets: number; readonly flows: number };
  readonly dropped: { readonly packets: number; readonly flows: number };
}

/** Generated frames as a classic pcap capture, from its header on; nothing is kept but flows that have not ended. */
export interface Traffic {
  /** Fills some of `target`, which takes a record of 2,048 bytes at least, with whole records; returns how many bytes, 0 at the end. */
  fill(target: Uint8Array): number;
  expected(): Expected;
}

/** Generates straight into an engine: to `replay`, it is a capture like any other. */
export interface TrafficSource extends CaptureSource {
  /** Of all that was read so far. */
  expected(): Expected;
}

export type CreateTraffic = (policy: ResolvedPolicy, options: TrafficOptions) => Traffic;
export type CreateTrafficSource = (policy: ResolvedPolicy, options: TrafficOptions) => TrafficSource;
