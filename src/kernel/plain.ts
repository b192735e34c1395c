import { Frame } from './batch';
import { checksumsAreCounted } from './checksum';
import {
  FLAG_MAC,
  FLAG_TRANSPORT,
  KNOWN_ADDRESSES,
  KNOWN_PORTS,
  KNOWN_PROTOCOL,
  KNOWN_TCP_FLAGS,
  ROW_CAPTURE,
  ROW_DESTINATION_MAC,
  ROW_FRAGMENT_OFFSET,
  ROW_IP_LENGTH,
  ROW_LENGTH,
  ROW_PROTOCOL,
  ROW_QUOTE_PROTOCOL,
  ROW_SOURCE_MAC,
} from './layout';
import { TCP, UDP } from './protocol';
import { Row } from './row';
import { isTunnelPort, tunnels } from './tunnel';

/** Bytes of a frame in front of TCP's options: Ethernet, IPv4 without options, TCP. */
const HEADERS: u32 = 54;
const MAPPED: u64 = 0x0000ffff00000000;

if (
  ROW_QUOTE_PROTOCOL + 2 != ROW_CAPTURE ||
  ROW_LENGTH + 8 != ROW_PROTOCOL ||
  ROW_FRAGMENT_OFFSET + 2 != ROW_IP_LENGTH
)
  ERROR('row: words');

/** Whether frames may be read the short way: it does not sum. */
export function plainFramesAreRead(): bool {
  return !checksumsAreCounted;
}

/**
 * Reads a whole Ethernet frame with IPv4, neither options nor fragment, and TCP or UDP that is no tunnel: most frames are. The
 * headers are checked all at once and the row, which need not be clear, is written in whole words. False when the frame is
 * another; then nothing is written, and `decodeAnyLink` tells what it is. Times and shard hash are the caller's.
 */
export function readPlain(row: Row, frame: Frame): bool {
  if (frame.captured < HEADERS) return false;
  const at = <usize>frame.at;
  // type, version and header length, type of service, total length, id
  const first = load<u64>(at, 12);
  // fragment, time to live, protocol, checksum, two bytes of the source
  const second = load<u64>(at, 20);
  const protocol = <u8>(second >> 24);
  const tcp = u32(protocol == TCP);
  const udp = u32(protocol == UDP);
  const size = <u32>bswap<u16>(<u16>(first >> 32));
  const word = load<u16>(at, 46);
  const wanted =
    u32((first & 0xffffff) == 0x450008) &
    u32((second & 0xff3f) == 0) &
    (tcp | udp) &
    u32(size >= 24 + (tcp << 4)) &
    (udp | u32((word & 0xff) >= 0x50));
  if (!wanted) return false;
  const ports = load<u32>(at, 34);
  const swapped = ((ports & 0x00ff00ff) << 8) | ((ports >> 8) & 0x00ff00ff);
  if (udp && tunnels != 0 && isTunnelPort(<u16>(swapped >> 16))) return false;
  const ends = bswap<u64>(load<u64>(at, 26));
  const to = changetype<usize>(row);
  row.sourceHi = 0;
  row.sourceLo = MAPPED | (ends >> 32);
  row.destinationHi = 0;
  row.destinationLo = MAPPED | (ends & 0xffffffff);
  store<u64>(to, bswap<u64>(load<u64>(at, 6)) >> 16, ROW_SOURCE_MAC);
  store<u64>(to, bswap<u64>(load<u64>(at)) >> 16, ROW_DESTINATION_MAC);
  store<u64>(to, ((<u64>swapped) << 32) | frame.wire, ROW_LENGTH);
  const tcpFlags = <u64>((<u32>word) & (tcp * 0xff00));
  store<u64>(
    to,
    (<u64>protocol) | tcpFlags | ((<u64>(FLAG_MAC | FLAG_TRANSPORT)) << 24),
    ROW_PROTOCOL,
  );
  store<u32>(to, size << 16, ROW_FRAGMENT_OFFSET);
  const known =
    (<u32>(KNOWN_ADDRESSES | KNOWN_PROTOCOL | KNOWN_PORTS)) | (tcp * <u32>KNOWN_TCP_FLAGS);
  store<u32>(to, ((<u32>frame.capture) << 16) | (known << 8), ROW_QUOTE_PROTOCOL);
  return true;
}
