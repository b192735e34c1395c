/** Encapsulations that can be peeled: ipip is any of IPv4 and IPv6 in either. */
export const TUNNELS = ['vxlan', 'geneve', 'gre', 'ipip'] as const;

export type Tunnel = (typeof TUNNELS)[number];

/** Which tunnels are peeled; `auto`: those of mirrored traffic. */
export type Decapsulation = 'auto' | readonly Tunnel[];

/** Packets in the VXLAN of this number were mirrored from an interface. */
export interface MirroredNetwork {
  readonly vni: number;
  readonly eni: string;
}

/** How frames are decoded. */
export interface DecodingOptions {
  readonly decap: Decapsulation;
  readonly networks: readonly MirroredNetwork[];
  /** Whether checksums are verified and the wrong ones counted. */
  readonly checksums: boolean;
}

export const DEFAULT_DECODING: DecodingOptions = { decap: 'auto', networks: [], checksums: false };
