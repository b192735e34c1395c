import { be16, be32, le16 } from './bytes';
import { decodeEthertype } from './ethertype';
import { decodeIpv4, decodeIpv6, missing } from './ip';
import { NOT_FILTERED_NOT_APPLICABLE, NOT_JUDGED_ENCAPSULATION } from './layout';
import { decodePpp } from './ppp';
import { Row } from './row';

// Links that tell an address family: systems number IPv6 in their own ways.

// Attributes of netfilter's log.
const ATTRIBUTE_HEADER: u32 = 1;
const ATTRIBUTE_PACKET: u32 = 9;

/** BSD loopback: the family in the byte order of whoever wrote it; old systems put PPP or an Ethertype there. */
export function decodeNull(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  if (be16(at) == 0xff03) return decodePpp(row, at, end, wireEnd);
  let family = load<u32>(at);
  if (family & 0xffff0000) {
    // Two bytes and two of padding in some, else the other byte order.
    if (family >> 24 == 0 && (family & 0x00ff0000) < 0x00060000) family >>= 16;
    else family = bswap<u32>(family);
  } else if ((family & 0xff) == 0 && (family & 0xff00) < 0x0600) {
    family >>= 8;
  }
  if (family > 1500) return decodeEthertype(row, family & 0xffff, at + 4, end, wireEnd);
  return decodeFamily(row, family, at + 4, end, wireEnd);
}

/** OpenBSD loopback: the family in network byte order. */
export function decodeLoop(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  return decodeFamily(row, be32(at), at + 4, end, wireEnd);
}

/** OpenBSD's IPsec interface: family, parameters' index, flags. */
export function decodeEnc(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 12 > end) return missing(end, wireEnd);
  const family = load<u32>(at);
  const own = family >> 16 ? bswap<u32>(family) : family;
  if (own != 2 && own != 24) return NOT_FILTERED_NOT_APPLICABLE;
  return decodeFamily(row, own, at + 12, end, wireEnd);
}

/** The log of pf: its length, which leaves out padding, then the family. */
export function decodePflog(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 2 > end) return missing(end, wireEnd);
  const length = (<usize>load<u8>(at) + 3) & ~3;
  if (length < 64) return NOT_JUDGED_ENCAPSULATION;
  return decodeFamily(row, load<u8>(at + 1), at + length, end, wireEnd);
}

/** Solaris IP observability: version, family, then lengths and numbers of interfaces and zones. */
export function decodeIpnet(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 24 > end) return missing(end, wireEnd);
  const family = load<u8>(at + 1);
  if (family == 2) return decodeIpv4(row, at + 24, end, wireEnd);
  if (family == 26) return decodeIpv6(row, at + 24, end, wireEnd);
  return NOT_FILTERED_NOT_APPLICABLE;
}

/** The log of netfilter: family, version, resource, then attributes; one of them is the packet. */
export function decodeNflog(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  let protocol = protocolOf(load<u8>(at));
  let attribute = at + 4;
  // Numbers are in the byte order of the host; kinds are small.
  const swapped = attribute + 4 <= end && be16(attribute) >= 4 && isKind(be16(attribute + 2));
  while (attribute + 4 <= end) {
    const length = <usize>(swapped ? be16(attribute) : le16(attribute));
    const kind = (swapped ? be16(attribute + 2) : le16(attribute + 2)) & 0x7fff;
    if (length < 4) return NOT_JUDGED_ENCAPSULATION;
    if (kind == ATTRIBUTE_HEADER && protocol == 0 && attribute + 6 <= end) {
      protocol = be16(attribute + 4);
    } else if (kind == ATTRIBUTE_PACKET) {
      const packetEnd = min<usize>(wireEnd, attribute + length);
      return decodeEthertype(row, protocol, attribute + 4, min(end, packetEnd), packetEnd);
    }
    attribute += (length + 3) & ~3;
  }
  return missing(end, wireEnd);
}

/** Ethertype of a family as Linux numbers them; 0 for those that carry more than one. */
function protocolOf(family: u8): u32 {
  return family == 2 ? 0x0800 : family == 10 ? 0x86dd : 0;
}

function isKind(kind: u32): bool {
  return (kind & 0x7fff) != 0 && (kind & 0x7fff) < 0x100;
}

/** Families of the BSDs: IPv6 is 24 in NetBSD and OpenBSD, 28 in FreeBSD, 30 in Darwin. */
function decodeFamily(row: Row, family: u32, at: usize, end: usize, wireEnd: usize): u8 {
  if (family == 2) return decodeIpv4(row, at, end, wireEnd);
  if (family == 24 || family == 28 || family == 30) return decodeIpv6(row, at, end, wireEnd);
  return NOT_FILTERED_NOT_APPLICABLE;
}
