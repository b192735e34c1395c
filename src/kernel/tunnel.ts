import { setWrongChecksums, wrongHeaderChecksums, wrongTransportChecksums } from './checksum';
import { decodeGeneve, geneveNetwork } from './geneve';
import { carriesPacket, decodeGre } from './gre';
import { hasInterfaces, holderOf } from './interfaces';
import { decodeIpv4, decodeIpv6 } from './ip';
import {
  CONTENT_IP,
  DECAP_AUTO,
  DECAP_GENEVE,
  DECAP_GRE,
  DECAP_IPIP,
  DECAP_VXLAN,
  FLAG_FIRST_FRAGMENT,
  FLAG_IPV6,
  FLAG_LATER_FRAGMENT,
  FLAG_PEELED,
  KNOWN_ADDRESSES,
  SETTINGS_DECAP,
  SETTINGS_VNIS,
  SETTINGS_VNI_COUNT,
  VNI_CAPTURE,
  VNI_NUMBER,
  VNI_SIZE,
} from './layout';
import { GRE, IPV4 } from './protocol';
import { Row, clearRow } from './row';
import { decodeVxlan, isVxlan, vxlanNetwork } from './vxlan';

/** Tunnels within tunnels: more than anybody builds. */
const DEPTH_MAX: u32 = 8;
const NO_NETWORK: u32 = 0xffffffff;

const PORT_VXLAN: u16 = 4789;
const PORT_VXLAN_GPE: u16 = 4790;
const PORT_GENEVE: u16 = 6081;

/** DECAP bits: which tunnels are peeled. */
export let tunnels: u32 = 0;
let networks: usize = 0;
let networkCount: u32 = 0;

/** Of the frame that is decoded: how many tunnels deep, and how many were peeled for good. */
let depth: u32 = 0;
let peeled: u32 = 0;

let frames: u64 = 0;

/** Frames of which this instance decoded what stood in a tunnel. */
export function peeledFrames(): u64 {
  return frames;
}

export function setupTunnels(settings: usize): void {
  tunnels = load<u32>(settings, SETTINGS_DECAP);
  networks = load<u32>(settings, SETTINGS_VNIS);
  networkCount = load<u32>(settings, SETTINGS_VNI_COUNT);
}

/** Whether UDP to this port may hold a packet to be peeled. */
export function isTunnelPort(port: u16): bool {
  return port == PORT_VXLAN || port == PORT_VXLAN_GPE || port == PORT_GENEVE;
}

/** The packet inside a UDP datagram, if that is a tunnel to be peeled; else the row as it is. `at` is the UDP header. */
export function peelUdp(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  const port = row.destinationPort;
  if (port == PORT_VXLAN || port == PORT_VXLAN_GPE) {
    if (!isVxlan(at + 8, end)) return CONTENT_IP;
    return peel(row, DECAP_VXLAN, at + 8, end, wireEnd, vxlanNetwork(at + 8, end));
  }
  if (port != PORT_GENEVE) return CONTENT_IP;
  return peel(row, DECAP_GENEVE, at + 8, end, wireEnd, geneveNetwork(at + 8, end));
}

/** The packet inside IP itself or generic routing encapsulation. `at` is where the IP header ends. */
export function peelIp(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (row.protocol != GRE) return peel(row, DECAP_IPIP, at, end, wireEnd, NO_NETWORK);
  return carriesPacket(at, end) ? peel(row, DECAP_GRE, at, end, wireEnd, NO_NETWORK) : CONTENT_IP;
}

/**
 * Puts the packet inside in the row's place, even one that cannot be read; what only looks like mirrored traffic stays as
 * it is. Fragments stay too.
 */
function peel(row: Row, kind: u32, at: usize, end: usize, wireEnd: usize, network: u32): u8 {
  const flags = row.flags;
  const always = (tunnels & kind) != 0;
  if (!always && !(tunnels & DECAP_AUTO && kind & (DECAP_VXLAN | DECAP_GENEVE))) return CONTENT_IP;
  if (flags & (FLAG_FIRST_FRAGMENT | FLAG_LATER_FRAGMENT)) return CONTENT_IP;
  if (!(flags & FLAG_PEELED)) depth = 0;
  if (depth >= DEPTH_MAX) return CONTENT_IP;
  depth++;
  const sourceHi = row.sourceHi;
  const sourceLo = row.sourceLo;
  const destinationHi = row.destinationHi;
  const destinationLo = row.destinationLo;
  const sourceMac = row.sourceMac;
  const destinationMac = row.destinationMac;
  const sourcePort = row.sourcePort;
  const destinationPort = row.destinationPort;
  const protocol = row.protocol;
  const known = row.known;
  const capture = row.capture;
  const ipLength = row.ipLength;
  const headers = wrongHeaderChecksums();
  const transports = wrongTransportChecksums();
  const before = peeled;
  clearRow(row);
  row.flags = FLAG_PEELED;
  if (network != NO_NETWORK) row.capture = captureOf(network, capture);
  const content = decodeInside(row, kind, protocol, destinationPort, at, end, wireEnd);
  if (
    always ||
    (kind == DECAP_GENEVE && peeled != before) ||
    isMirrored(row, flags, sourceHi, sourceLo, destinationHi, destinationLo)
  ) {
    peeled++;
    if (!(flags & FLAG_PEELED)) frames++;
    return content;
  }
  clearRow(row);
  setWrongChecksums(headers, transports);
  row.sourceHi = sourceHi;
  row.sourceLo = sourceLo;
  row.destinationHi = destinationHi;
  row.destinationLo = destinationLo;
  row.sourceMac = sourceMac;
  row.destinationMac = destinationMac;
  row.sourcePort = sourcePort;
  row.destinationPort = destinationPort;
  row.protocol = protocol;
  row.flags = flags;
  row.known = known;
  row.capture = capture;
  row.ipLength = ipLength;
  return CONTENT_IP;
}

function decodeInside(
  row: Row,
  kind: u32,
  protocol: u8,
  port: u16,
  at: usize,
  end: usize,
  wireEnd: usize,
): u8 {
  if (kind == DECAP_VXLAN) return decodeVxlan(row, port == PORT_VXLAN_GPE, at, end, wireEnd);
  if (kind == DECAP_GENEVE) return decodeGeneve(row, at, end, wireEnd);
  if (kind == DECAP_GRE) return decodeGre(row, at, end, wireEnd);
  return protocol == IPV4 ? decodeIpv4(row, at, end, wireEnd) : decodeIpv6(row, at, end, wireEnd);
}

/**
 * Whether a tunnel is a mirror session's (CP-4): its ends are strangers to the VPC, or it comes from an interface that the
 * packet inside came from or went to. Traffic of an overlay has neither.
 */
function isMirrored(
  row: Row,
  flags: u8,
  sourceHi: u64,
  sourceLo: u64,
  destinationHi: u64,
  destinationLo: u64,
): bool {
  if (!hasInterfaces()) return true;
  const v6 = (flags & FLAG_IPV6) != 0;
  const source = holderOf(v6, sourceHi, sourceLo);
  if (source == 0) return holderOf(v6, destinationHi, destinationLo) == 0;
  if (!(row.known & KNOWN_ADDRESSES)) return false;
  const inner6 = (row.flags & FLAG_IPV6) != 0;
  return (
    holderOf(inner6, row.sourceHi, row.sourceLo) == source ||
    holderOf(inner6, row.destinationHi, row.destinationLo) == source
  );
}

/** The capture that stands for a network's packets; `otherwise` when none does. */
function captureOf(network: u32, otherwise: u16): u16 {
  let low: u32 = 0;
  let high = networkCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = networks + <usize>middle * VNI_SIZE;
    const number = load<u32>(entry, VNI_NUMBER);
    if (number == network) return <u16>load<u32>(entry, VNI_CAPTURE);
    if (number < network) low = middle + 1;
    else high = middle;
  }
  return otherwise;
}
