import { be16 } from './bytes';
import { decodeInnerEthernet } from './ethernet';
import { decodeEthertype } from './ethertype';
import { decodeFrameRelay } from './frame-relay';
import { missing } from './ip';
import { NOT_FILTERED_NOT_APPLICABLE } from './layout';
import { decodeLlc } from './llc';
import { decodePpp } from './ppp';
import { Row } from './row';
import { decodeRadiotap } from './wlan';

// Kinds of device: Linux ARPHRD numbers.
const DEVICE_FRAME_RELAY: u32 = 770;
const DEVICE_RADIOTAP: u32 = 803;
const DEVICE_NETLINK: u32 = 824;

/** Linux "cooked" capture, version 1: kind of device, its address, protocol. */
export function decodeCooked(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 16 > end) return missing(end, wireEnd);
  return decodeProtocol(row, be16(at + 2), be16(at + 14), at + 16, end, wireEnd);
}

/** Version 2: protocol first, and the interface's number. */
export function decodeCooked2(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 20 > end) return missing(end, wireEnd);
  return decodeProtocol(row, be16(at + 8), be16(at), at + 20, end, wireEnd);
}

function decodeProtocol(
  row: Row,
  device: u32,
  protocol: u32,
  at: usize,
  end: usize,
  wireEnd: usize,
): u8 {
  if (device == DEVICE_NETLINK) return NOT_FILTERED_NOT_APPLICABLE;
  if (protocol > 1536) return decodeEthertype(row, protocol, at, end, wireEnd);
  if (device == DEVICE_FRAME_RELAY) return decodeFrameRelay(row, at, end, wireEnd);
  if (device == DEVICE_RADIOTAP) return decodeRadiotap(row, at, end, wireEnd);
  // Linux's own numbers for what has no Ethertype.
  if (protocol == 3) return decodeInnerEthernet(row, at, end, wireEnd);
  if (protocol == 4) return decodeLlc(row, at, end, wireEnd);
  if (protocol == 7) return decodePpp(row, at, end, wireEnd);
  return NOT_FILTERED_NOT_APPLICABLE;
}
