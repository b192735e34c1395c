import type { Address } from './address.js';

/** One frame as decoded: the plain-object twin of a kernel row, for slow code and tests. */
export interface Packet {
  readonly timeNs: bigint;
  /** Length on the wire, in bytes, link header included. */
  readonly length: number;
  /** Ethernet addresses as twelve lowercase hex digits; absent on other links. */
  readonly sourceMac?: string;
  readonly destinationMac?: string;
  readonly content: PacketContent;
}

export type PacketContent =
  | { readonly kind: 'ip'; readonly ip: IpPacket }
  | { readonly kind: 'non-ip' }
  | { readonly kind: 'unread'; readonly code: 'cut' | 'malformed' | 'link-type' | 'encapsulation' };

export interface IpPacket {
  readonly source: Address;
  readonly destination: Address;
  /** IPv4 protocol, or the first IPv6 next header that is not hop-by-hop, routing, fragment or destination options. */
  readonly protocol: number;
  /** Absent for an unfragmented packet and for an IPv6 atomic fragment (RFC 6946). */
  readonly fragment?: Fragment;
  /** Absent on later fragments and on protocols without one. */
  readonly transport?: Transport;
}

export interface Fragment {
  readonly id: number;
  /** In bytes; 0 for the first fragment. */
  readonly offset: number;
  readonly more: boolean;
}

export type Transport =
  | {
      readonly kind: 'tcp';
      readonly sourcePort: number;
      readonly destinationPort: number;
      readonly flags: number;
    }
  | { readonly kind: 'udp'; readonly sourcePort: number; readonly destinationPort: number }
  | {
      readonly kind: 'icmp';
      readonly type: number;
      readonly code: number;
      /** Identifier of a query; 0 for other types. */
      readonly id: number;
      /** The packet that an error quotes, as far as the capture holds it. */
      readonly quote?: IpPacket;
    };
