import { be16 } from './bytes';
import { missing } from './ip';
import {
  CONTENT_IP,
  FLAG_FIRST_FRAGMENT,
  FLAG_IPV6,
  FLAG_TRANSPORT,
  NOT_JUDGED_MALFORMED,
} from './layout';
import { ICMP, ICMPV6, TCP, UDP, isIcmpError, icmpPair } from './protocol';
import { decodeQuote } from './quote';
import { Row } from './row';

/** Ports and flags, or ICMP type, code and id. `ipEnd` is where the IP header says the packet ends. */
export function decodeTransport(row: Row, at: usize, end: usize, ipEnd: usize, wireEnd: usize): u8 {
  const protocol = row.protocol;
  const v6 = (row.flags & FLAG_IPV6) != 0;
  const icmp = protocol == (v6 ? ICMPV6 : ICMP);
  const needed: usize = protocol == TCP ? 14 : protocol == UDP ? 4 : icmp ? 2 : 0;
  if (needed == 0) return CONTENT_IP;
  if (at + needed > ipEnd) return NOT_JUDGED_MALFORMED;
  if (at + needed > end) return missing(end, wireEnd);
  if (!icmp) {
    row.sourcePort = <u16>be16(at);
    row.destinationPort = <u16>be16(at + 2);
    if (protocol == TCP) row.tcpFlags = load<u8>(at + 13);
    row.flags |= FLAG_TRANSPORT;
    return CONTENT_IP;
  }
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
