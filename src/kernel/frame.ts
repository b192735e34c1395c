import { Batch, Frame } from './batch';
import { be16, be32 } from './bytes';
import { decodeIpv4, decodeIpv6, missing } from './ip';
import {
  CONTENT_IP,
  FLAG_MAC,
  FLAG_QUOTE,
  FRAME_SIZE,
  LINK_UNTIMED,
  NOT_FILTERED_NOT_APPLICABLE,
  NOT_JUDGED_ENCAPSULATION,
  NOT_JUDGED_LINK_TYPE,
  ROW_SIZE,
} from './layout';
import { Row } from './row';

const LINK_ETHERNET: u32 = 1;

/** Turns every frame of a batch into a row, in order. */
export function decodeBatch(batch: Batch, rows: usize): void {
  let clock = batch.clockNs;
  let entry = <usize>batch.table;
  const count = batch.frames;
  for (let i: u32 = 0; i < count; i++, rows += ROW_SIZE, entry += FRAME_SIZE) {
    const frame = changetype<Frame>(entry);
    const row = changetype<Row>(rows);
    clear(row);
    const time = frame.timeNs;
    clock = max<i64>(clock, time);
    row.timeNs = time;
    row.clockNs = clock;
    row.capture = frame.capture;
    row.length = frame.wire;
    const at = <usize>frame.at;
    const end = at + frame.captured;
    const wireEnd = max<usize>(end, at + frame.wire);
    const linkType = (<u32>frame.linkType) & ~LINK_UNTIMED;
    row.content =
      linkType == LINK_ETHERNET ? decodeEthernet(row, at, end, wireEnd) : <u8>NOT_JUDGED_LINK_TYPE;
    if (row.content == CONTENT_IP) row.shardHash = shardHash(row);
  }
}

/** What a decoder may leave as it is; the quoted packet counts only under its flag. */
function clear(row: Row): void {
  row.sourceHi = 0;
  row.sourceLo = 0;
  row.destinationHi = 0;
  row.destinationLo = 0;
  row.sourceMac = 0;
  row.destinationMac = 0;
  row.sourcePort = 0;
  row.destinationPort = 0;
  row.protocol = 0;
  row.tcpFlags = 0;
  row.flags = 0;
  row.fragmentId = 0;
  row.shardHash = 0;
  row.fragmentOffset = 0;
}

/** IEEE 802.3 with any number of VLAN tags (802.1Q, 802.1ad). */
function decodeEthernet(row: Row, frame: usize, end: usize, wireEnd: usize): u8 {
  if (frame + 14 > end) return missing(end, wireEnd);
  row.destinationMac = ((<u64>be32(frame)) << 16) | be16(frame + 4);
  row.sourceMac = ((<u64>be32(frame + 6)) << 16) | be16(frame + 10);
  row.flags = FLAG_MAC;
  let type = be16(frame + 12);
  let at = frame + 14;
  while (type == 0x8100 || type == 0x88a8 || type == 0x9100) {
    if (at + 4 > end) return missing(end, wireEnd);
    type = be16(at + 2);
    at += 4;
  }
  if (type == 0x0800) return decodeIpv4(row, at, end, wireEnd);
  if (type == 0x86dd) return decodeIpv6(row, at, end, wireEnd);
  const encapsulates = type == 0x8847 || type == 0x8848 || type == 0x8864;
  return encapsulates ? <u8>NOT_JUDGED_ENCAPSULATION : <u8>NOT_FILTERED_NOT_APPLICABLE;
}

/**
 * Same for A->B and B->A, for their fragments and for the ICMP errors that quote them. Ports stay out: a later fragment
 * has none. The sum commutes; xor would send every A->A flow to one shard.
 */
function shardHash(row: Row): u32 {
  const quoted = (row.flags & FLAG_QUOTE) != 0;
  const sourceHi = quoted ? row.quoteSourceHi : row.sourceHi;
  const sourceLo = quoted ? row.quoteSourceLo : row.sourceLo;
  const destinationHi = quoted ? row.quoteDestinationHi : row.destinationHi;
  const destinationLo = quoted ? row.quoteDestinationLo : row.destinationLo;
  return <u32>((mix(sourceHi, sourceLo) + mix(destinationHi, destinationLo)) >> 32);
}

function mix(hi: u64, lo: u64): u64 {
  let x = (hi ^ rotl<u64>(lo, 29)) * 0x9e3779b97f4a7c15;
  x ^= x >> 32;
  return x * 0xd6e8feb86659fd93;
}
