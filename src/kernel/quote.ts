import { be16, be32, be64 } from './bytes';
import { isExtension } from './ip';
import { FLAG_QUOTE } from './layout';
import { ICMP, ICMPV6, TCP, UDP, icmpPair } from './protocol';
import { Row } from './row';

const MAPPED: u64 = 0x0000ffff00000000;

/**
 * The packet that an ICMP error quotes (RFC 792, RFC 4443 section 3), when it names a flow (CT-16): all of TCP and UDP
 * ports or an ICMP query's id must be there. Sets FLAG_QUOTE only then.
 */
export function decodeQuote(row: Row, at: usize, end: usize, v6: bool): void {
  row.quoteSourceHi = 0;
  row.quoteDestinationHi = 0;
  row.quoteSourcePort = 0;
  row.quoteDestinationPort = 0;
  let later = false;
  let transport: usize;
  let protocol: u8;
  if (v6) {
    if (at + 40 > end || load<u8>(at) >> 4 != 6) return;
    row.quoteSourceHi = be64(at + 8);
    row.quoteSourceLo = be64(at + 16);
    row.quoteDestinationHi = be64(at + 24);
    row.quoteDestinationLo = be64(at + 32);
    protocol = load<u8>(at + 6);
    transport = at + 40;
    while (isExtension(protocol)) {
      if (transport + 8 > end) return;
      const fragment = protocol == 44;
      protocol = load<u8>(transport);
      if (fragment) {
        later = (be16(transport + 2) & 0xfff8) != 0;
        transport += 8;
        if (later) break;
      } else {
        transport += (<usize>load<u8>(transport + 1) + 1) << 3;
      }
    }
  } else {
    if (at + 20 > end) return;
    const first = <u32>load<u8>(at);
    const headerLength = (first & 15) << 2;
    if (first >> 4 != 4 || headerLength < 20) return;
    row.quoteSourceLo = MAPPED | be32(at + 12);
    row.quoteDestinationLo = MAPPED | be32(at + 16);
    protocol = load<u8>(at + 9);
    later = (be16(at + 6) & 0x1fff) != 0;
    transport = at + headerLength;
  }
  row.quoteProtocol = protocol;
  const icmp = protocol == (v6 ? ICMPV6 : ICMP);
  if (protocol == TCP || protocol == UDP) {
    if (later || transport + 4 > end) return;
    row.quoteSourcePort = <u16>be16(transport);
    row.quoteDestinationPort = <u16>be16(transport + 2);
  } else if (icmp) {
    if (later || transport + 6 > end) return;
    if (icmpPair(v6, load<u8>(transport)) == 0) return;
    row.quoteDestinationPort = <u16>be16(transport);
    row.quoteSourcePort = <u16>be16(transport + 4);
  }
  row.flags |= FLAG_QUOTE;
}
