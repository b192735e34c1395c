import { be16, le16, le32 } from './bytes';
import { decodeCooked, decodeCooked2 } from './cooked';
import { decodeEthernet } from './ethernet';
import { decodeEnc, decodeIpnet, decodeLoop, decodeNflog, decodeNull, decodePflog } from './family';
import { decodeFrameRelay } from './frame-relay';
import { decodeIpv4, decodeIpv6, missing } from './ip';
import { decodeJuniper } from './juniper';
import { NOT_JUDGED_ENCAPSULATION, NOT_JUDGED_LINK_TYPE } from './layout';
import { decodeLlc } from './llc';
import { decodeMpls } from './mpls';
import { mayNest } from './nesting';
import { decodeCiscoHdlc, decodePpp, decodePppoe } from './ppp';
import {
  decodeFddi,
  decodeFibreChannel,
  decodeFirewire,
  decodeInfiniband,
  decodeSunAtm,
  decodeTokenRing,
} from './rings';
import { Row } from './row';
import { decodeAvs, decodeDataFrame, decodePrism, decodeRadiotap } from './wlan';

export const ETHERNET: u32 = 1;

/**
 * One frame into a row that is clear. `linkType` is a LINKTYPE number of pcap files, `end` where the captured bytes end,
 * `wireEnd` where the frame ended on the wire. Returns the row's content: CONTENT_IP or the code of a frame that is not
 * judged.
 */
export function decodeAnyLink(row: Row, linkType: u32, at: usize, end: usize, wireEnd: usize): u8 {
  switch (linkType) {
    case 0:
      return decodeNull(row, at, end, wireEnd);
    case ETHERNET:
      return decodeEthernet(row, at, end, wireEnd);
    case 6:
      return decodeTokenRing(row, at, end, wireEnd);
    case 9:
    case 50:
      return decodePpp(row, at, end, wireEnd);
    case 10:
      return decodeFddi(row, at, end, wireEnd);
    case 11:
    case 100:
      return decodeLlc(row, at, end, wireEnd);
    case 12: // raw IP, by what the systems call it that wrote the file
    case 14:
    case 101:
      return decodeRaw(row, at, end, wireEnd);
    case 16: // classical IP over ATM
    case 18:
    case 19:
    case 106:
    case 228:
      return decodeIpv4(row, at, end, wireEnd);
    case 229:
      return decodeIpv6(row, at, end, wireEnd);
    case 13:
    case 109:
      return decodeEnc(row, at, end, wireEnd);
    case 51:
      return decodePppoe(row, at, end, wireEnd);
    case 104:
    case 112:
      return decodeCiscoHdlc(row, at, end, wireEnd);
    case 105:
      return decodeDataFrame(row, at, end, wireEnd, 0);
    case 107:
      return decodeFrameRelay(row, at, end, wireEnd);
    case 108:
      return decodeLoop(row, at, end, wireEnd);
    case 113:
      return decodeCooked(row, at, end, wireEnd);
    case 117:
      return decodePflog(row, at, end, wireEnd);
    case 119:
      return decodePrism(row, at, end, wireEnd);
    case 122:
      return decodeFibreChannel(row, at, end, wireEnd);
    case 123:
      return decodeSunAtm(row, at, end, wireEnd);
    case 127:
      return decodeRadiotap(row, at, end, wireEnd);
    case 138:
      return decodeFirewire(row, at, end, wireEnd);
    case 149: // what the first systems with it wrote
    case 258:
      return decodePktap(row, at, end, wireEnd);
    case 163:
      return decodeAvs(row, at, end, wireEnd);
    case 130:
    case 133:
    case 135:
    case 136:
    case 137:
    case 167:
    case 178:
    case 179:
    case 180:
    case 181:
    case 183:
      return decodeJuniper(row, linkType, at, end, wireEnd);
    case 192:
      return decodePpi(row, at, end, wireEnd);
    case 204:
      return decodePpp(row, at + 1, end, wireEnd);
    case 219:
      return decodeMpls(row, at, end, wireEnd);
    case 226:
      return decodeIpnet(row, at, end, wireEnd);
    case 239:
      return decodeNflog(row, at, end, wireEnd);
    case 242:
      return decodeInfiniband(row, at, end, wireEnd);
    case 276:
      return decodeCooked2(row, at, end, wireEnd);
    default:
      return NOT_JUDGED_LINK_TYPE;
  }
}

/** IP without a link header; drivers of old put PPP or zeros before it. */
function decodeRaw(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 1 > end) return missing(end, wireEnd);
  const first = load<u8>(at) >> 4;
  if (first == 4) return decodeIpv4(row, at, end, wireEnd);
  if (first == 6) return decodeIpv6(row, at, end, wireEnd);
  if (at + 2 <= end && be16(at) == 0xff03) return decodePpp(row, at, end, wireEnd);
  if (at + 8 <= end && be16(at + 6) == 0xff03) return decodePpp(row, at + 6, end, wireEnd);
  if (at + 3 <= end && be16(at + 1) == 0xff03) return decodePpp(row, at + 1, end, wireEnd);
  if (at + 10 <= end && load<u64>(at) == 0 && load<u16>(at + 8) == 0) {
    return decodeIpv4(row, at + 10, end, wireEnd);
  }
  return NOT_JUDGED_ENCAPSULATION;
}

/** Apple's tap of several interfaces: its length, kind of record, the link type of what follows. */
function decodePktap(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 12 > end) return missing(end, wireEnd);
  const length = le32(at);
  if (length < 108 || le32(at + 4) != 1) return NOT_JUDGED_ENCAPSULATION;
  if (length > <u32>(end - at)) return missing(end, wireEnd);
  return decodeInner(row, le32(at + 8), at + length, end, wireEnd);
}

/** Per-packet information: its length and the link type of what follows. */
function decodePpi(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 8 > end) return missing(end, wireEnd);
  const length = le16(at + 2);
  if (length < 8) return NOT_JUDGED_ENCAPSULATION;
  return decodeInner(row, le32(at + 4), at + length, end, wireEnd);
}

function decodeInner(row: Row, linkType: u32, at: usize, end: usize, wireEnd: usize): u8 {
  if (!mayNest() || at > end) return missing(end, wireEnd);
  return decodeAnyLink(row, linkType, at, end, wireEnd);
}
