import { be16 } from './bytes';
import { missing } from './ip';
import {
  CONTENT_IP,
  FLAG_FIRST_FRAGMENT,
  FLAG_IPV6,
  FLAG_TRANSPORT,
  KNOWN_ADDRESSES,
  KNOWN_ICMP_CODE,
  KNOWN_ICMP_TYPE,
  KNOWN_PORTS,
  KNOWN_PROTOCOL,
  KNOWN_TCP_FLAGS,
  NOT_JUDGED_MALFORMED,
} from './layout';
import {
  DCCP,
  GRE,
  ICMP,
  ICMPV6,
  IPV4,
  IPV6,
  SCTP,
  TCP,
  UDP,
  UDP_LITE,
  icmpPair,
  isIcmpError,
} from './protocol';
import { decodeQuote } from './quote';
import { Row } from './row';
import { peelIp, peelUdp, tunnels } from './tunnel';

/** TCP's header without options (RFC 9293): a data offset below it, in words, is none. */
const TCP_HEADER: usize = 20;

/** Ports and flags, or ICMP type, code and id. `ipEnd` is where the IP header says the packet ends. */
export function decodeTransport(row: Row, at: usize, end: usize, ipEnd: usize, wireEnd: usize): u8 {
  const protocol = row.protocol;
  if (protocol == TCP) return decodeTcp(row, at, end, ipEnd, wireEnd);
  if (protocol == UDP) return decodeUdp(row, at, end, ipEnd, wireEnd);
  const v6 = (row.flags & FLAG_IPV6) != 0;
  if (protocol == (v6 ? ICMPV6 : ICMP)) return decodeIcmp(row, at, end, ipEnd, wireEnd, v6);
  return decodeOther(row, at, end, ipEnd, wireEnd);
}

/** Whether TCP's header is whole, and as long as it says at least. */
function isWholeTcp(at: usize, readable: usize): bool {
  return at + TCP_HEADER <= readable && load<u8>(at + 12) >= 0x50;
}

/** Ports and flags of a whole header. */
function readTcp(row: Row, at: usize): void {
  row.sourcePort = <u16>be16(at);
  row.destinationPort = <u16>be16(at + 2);
  row.tcpFlags = load<u8>(at + 13);
  row.flags |= FLAG_TRANSPORT;
  row.known = KNOWN_ADDRESSES | KNOWN_PROTOCOL | KNOWN_PORTS | KNOWN_TCP_FLAGS;
}

function decodeTcp(row: Row, at: usize, end: usize, ipEnd: usize, wireEnd: usize): u8 {
  const readable = min(end, ipEnd);
  if (isWholeTcp(at, readable)) {
    readTcp(row, at);
    return CONTENT_IP;
  }
  if (at + 4 <= readable) {
    row.known |= KNOWN_PORTS;
    // The window, behind the flags, is part of what has to be there.
    if (at + 16 <= readable && load<u8>(at + 12) >= 0x50) row.known |= KNOWN_TCP_FLAGS;
    row.sourcePort = <u16>be16(at);
    row.destinationPort = <u16>be16(at + 2);
  }
  if (at + 14 > ipEnd) return NOT_JUDGED_MALFORMED;
  if (at + 14 > end) return missing(end, wireEnd);
  row.tcpFlags = load<u8>(at + 13);
  row.flags |= FLAG_TRANSPORT;
  return CONTENT_IP;
}

function decodeUdp(row: Row, at: usize, end: usize, ipEnd: usize, wireEnd: usize): u8 {
  if (at + 4 > ipEnd) return NOT_JUDGED_MALFORMED;
  if (at + 4 > end) return missing(end, wireEnd);
  row.sourcePort = <u16>be16(at);
  row.destinationPort = <u16>be16(at + 2);
  row.known |= KNOWN_PORTS;
  row.flags |= FLAG_TRANSPORT;
  return tunnels == 0 ? <u8>CONTENT_IP : peelUdp(row, at, min(end, ipEnd), min(ipEnd, wireEnd));
}

function decodeIcmp(row: Row, at: usize, end: usize, ipEnd: usize, wireEnd: usize, v6: bool): u8 {
  readIcmpType(row, at, min(end, ipEnd), v6);
  if (at + 2 > ipEnd) return NOT_JUDGED_MALFORMED;
  if (at + 2 > end) return missing(end, wireEnd);
  const type = load<u8>(at);
  row.destinationPort = <u16>be16(at);
  if (icmpPair(v6, type) != 0) {
    if (at + 6 > ipEnd) return NOT_JUDGED_MALFORMED;
    if (at + 6 > end) return missing(end, wireEnd);
    row.sourcePort = <u16>be16(at + 4);
  }
  row.flags |= FLAG_TRANSPORT;
  // A fragment of an error may travel to another shard than the flow it quotes: it is judged by the rules alone.
  if (isIcmpError(v6, type) && !(row.flags & FLAG_FIRST_FRAGMENT)) {
    decodeQuote(row, at + 8, min(end, ipEnd), v6);
  }
  return CONTENT_IP;
}

/** What rules see by its protocol alone, and tunnels. */
function decodeOther(row: Row, at: usize, end: usize, ipEnd: usize, wireEnd: usize): u8 {
  const protocol = row.protocol;
  const readable = min(end, ipEnd);
  if (protocol == SCTP || protocol == DCCP || protocol == UDP_LITE) {
    const header: usize = protocol == SCTP ? 12 : 4;
    if (at + header <= readable) {
      row.sourcePort = <u16>be16(at);
      row.destinationPort = <u16>be16(at + 2);
      row.known |= KNOWN_PORTS;
    }
  } else if (protocol == ICMP || protocol == ICMPV6) {
    readIcmpType(row, at, readable, protocol == ICMPV6);
  } else if (tunnels != 0 && (protocol == GRE || protocol == IPV4 || protocol == IPV6)) {
    return peelIp(row, at, readable, min(ipEnd, wireEnd));
  }
  return CONTENT_IP;
}

/** Type and code for people: of ICMP only with the checksum and two bytes more, of ICMPv6 one by one. */
function readIcmpType(row: Row, at: usize, readable: usize, v6: bool): void {
  if (at + (v6 ? 1 : 6) > readable) return;
  row.known |= KNOWN_ICMP_TYPE;
  row.destinationPort = (<u16>load<u8>(at)) << 8;
  if (at + 2 > readable) return;
  row.known |= KNOWN_ICMP_CODE;
  row.destinationPort |= load<u8>(at + 1);
}
