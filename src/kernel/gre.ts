import { be16 } from './bytes';
import { decodeInnerEthernet } from './ethernet';
import { decodeEthertype } from './ethertype';
import { decodeIpv4, missing } from './ip';
import { NOT_JUDGED_ENCAPSULATION } from './layout';
import { decodePpp } from './ppp';
import { Row } from './row';

// RFC 2784, 2890, 1701 (routing) and 2637 (version 1: sequence, acknowledgement).
const CHECKSUM: u32 = 0x8000;
const ROUTING: u32 = 0x4000;
const KEY: u32 = 0x2000;
const SEQUENCE: u32 = 0x1000;
const ACKNOWLEDGEMENT: u32 = 0x0080;
const VERSION: u32 = 7;

/** Source routes are of a few hops. */
const ROUTES_MAX: u32 = 64;

/** PPTP acknowledges in packets of their own, with nothing inside. */
export function carriesPacket(at: usize, end: usize): bool {
  if (at + 2 > end) return true;
  const flags = be16(at);
  return (flags & VERSION) != 1 || (flags & SEQUENCE) != 0;
}

export function decodeGre(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  const flags = be16(at);
  const type = be16(at + 2);
  at += 4;
  if (flags & (CHECKSUM | ROUTING)) at += 4;
  if (flags & KEY) at += 4;
  if (flags & SEQUENCE) at += 4;
  if ((flags & VERSION) == 1) {
    return decodePpp(row, flags & ACKNOWLEDGEMENT ? at + 4 : at, end, wireEnd);
  }
  if ((flags & VERSION) != 0) return NOT_JUDGED_ENCAPSULATION;
  if (flags & ROUTING) {
    let length: u32;
    let routes: u32 = 0;
    do {
      if (at + 4 > end) return missing(end, wireEnd);
      length = load<u8>(at + 3);
      at += 4 + length;
    } while (length != 0 && ++routes < ROUTES_MAX);
  }
  if (type == 0x88be) return decodeErspan2(row, (flags & SEQUENCE) != 0, at, end, wireEnd);
  if (type == 0x22eb) return decodeErspan3(row, at, end, wireEnd);
  if (type == 0x880b) return decodePpp(row, at, end, wireEnd);
  return decodeEthertype(row, type, at, end, wireEnd);
}

/** Mirrored frames (draft-foschiano-erspan): type I has no header, and no sequence in front of it. */
function decodeErspan2(row: Row, numbered: bool, at: usize, end: usize, wireEnd: usize): u8 {
  return decodeInnerEthernet(row, numbered ? at + 8 : at, end, wireEnd);
}

/** Type III: three words, and two more when the last bit says so; frames may be bare IP. */
function decodeErspan3(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 12 > end) return missing(end, wireEnd);
  const last = be16(at + 10);
  const frame = at + (last & 1 ? 20 : 12);
  const kind = (last >> 10) & 31;
  if (kind == 2) return decodeIpv4(row, frame, end, wireEnd);
  return kind == 0 ? decodeInnerEthernet(row, frame, end, wireEnd) : <u8>NOT_JUDGED_ENCAPSULATION;
}
