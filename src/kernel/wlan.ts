import { be16, be32, le16, le32 } from './bytes';
import { decodeInnerEthernet } from './ethernet';
import { missing } from './ip';
import { NOT_FILTERED_NOT_APPLICABLE, NOT_JUDGED_ENCAPSULATION } from './layout';
import { decodeLlc } from './llc';
import { Row } from './row';

// IEEE 802.11 section 9.2: the second byte of frame control.
const TO_SYSTEM: u32 = 1;
const FROM_SYSTEM: u32 = 2;
const MORE_FRAGMENTS: u32 = 4;
const PROTECTED: u32 = 0x40;
const ORDER: u32 = 0x80;

/** An aggregate has no more bytes than this many frames with addresses only. */
const SUBFRAMES_MAX: u32 = 512;

/** Bytes of the header that Prism cards' drivers write. */
const PRISM_HEADER: usize = 144;

/**
 * An 802.11 frame: data is LLC, or a list of Ethernet-like subframes of which the first counts. `padded`: the header
 * fills up to whole words.
 */
export function decodeDataFrame(row: Row, at: usize, end: usize, wireEnd: usize, padded: u32): u8 {
  if (at + 2 > end) return missing(end, wireEnd);
  const kind = <u32>load<u8>(at);
  const flags = <u32>load<u8>(at + 1);
  // Of data frames, those whose subtype has bit 2 carry none.
  if ((kind & 0x4c) != 0x08 || flags & PROTECTED) return NOT_FILTERED_NOT_APPLICABLE;
  const qos = (kind & 0x80) != 0;
  let header: usize = 24;
  if ((flags & (TO_SYSTEM | FROM_SYSTEM)) == (TO_SYSTEM | FROM_SYSTEM)) header += 6;
  const qosAt = at + header;
  if (qos) header += flags & ORDER ? 6 : 2;
  if (padded) header = (header + 3) & ~3;
  if (at + header > end) return missing(end, wireEnd);
  if (flags & MORE_FRAGMENTS) return NOT_JUDGED_ENCAPSULATION;
  let payload = at + header;
  if (qos && load<u8>(qosAt) & 0x80) return decodeSubframes(row, payload, end, wireEnd);
  // Mesh control: flags, time to live, sequence, up to two more addresses.
  if (qos && load<u8>(qosAt + 1) & 1 && payload + 1 <= end && load<u8>(payload) < 3) {
    payload += 6 + 6 * <usize>load<u8>(payload);
  }
  return decodePayload(row, flags, at, payload, end, wireEnd);
}

/** Radiotap: fields by the bits of one or more words, of which only the flags count here. */
export function decodeRadiotap(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 8 > end) return missing(end, wireEnd);
  const length = <usize>le16(at + 2);
  const present = le32(at + 4);
  if (length < 8 || at + length > end) return missing(end, wireEnd);
  let field = at + 8;
  let word = present;
  while (word >> 31 && field + 4 <= at + length) {
    word = le32(field);
    field += 4;
  }
  // A 64-bit time may stand first, aligned from the header's start.
  if (present & 1) field = at + ((field - at + 7) & ~7) + 8;
  const flags = present & 2 && field < at + length ? <u32>load<u8>(field) : 0;
  const checksum: usize = flags & 0x10 ? 4 : 0;
  const frameEnd = max<usize>(wireEnd - checksum, at + length);
  return decodeDataFrame(row, at + length, min(end, frameEnd), frameEnd, flags & 0x20);
}

/** The header of Prism cards, or the one that took its place under the same link type. */
export function decodePrism(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 4 > end) return missing(end, wireEnd);
  if ((be32(at) & 0xfffff000) == 0x80211000) return decodeAvs(row, at, end, wireEnd);
  return decodeDataFrame(row, at + PRISM_HEADER, end, wireEnd, 0);
}

/** The AVS capture header: a version and its length. */
export function decodeAvs(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  if (at + 8 > end) return missing(end, wireEnd);
  const length = <usize>be32(at + 4);
  if (length > end - at) return missing(end, wireEnd);
  return decodeDataFrame(row, at + length, end, wireEnd, 0);
}

/** Aggregated frames (section 9.3.2.2): two addresses, a length, LLC; filled up to words. The first with IP counts. */
function decodeSubframes(row: Row, at: usize, end: usize, wireEnd: usize): u8 {
  let content: u8;
  let frames: u32 = 0;
  do {
    if (at + 14 > end) return missing(end, wireEnd);
    const length = <usize>be16(at + 12);
    const frameEnd = min<usize>(wireEnd, at + 14 + length);
    content = decodeLlc(row, at + 14, min(end, frameEnd), frameEnd);
    at += (14 + length + 3) & ~3;
  } while (content == NOT_FILTERED_NOT_APPLICABLE && at < wireEnd && ++frames < SUBFRAMES_MAX);
  return content;
}

/** LLC; some devices put a whole Ethernet frame there, which repeats an address of the header. */
function decodePayload(
  row: Row,
  flags: u32,
  frame: usize,
  at: usize,
  end: usize,
  wireEnd: usize,
): u8 {
  if (at + 2 > end) return missing(end, wireEnd);
  if (be16(at) != 0xaaaa && at + 14 <= end) {
    const destination = frame + (flags & TO_SYSTEM ? 16 : 4);
    const source = frame + (flags & FROM_SYSTEM ? (flags & TO_SYSTEM ? 24 : 16) : 10);
    if (isSameAddress(destination, at) || isSameAddress(source, at + 6)) {
      return decodeInnerEthernet(row, at, end, wireEnd);
    }
  }
  // Some fill up to words without saying so.
  return decodeLlc(row, be16(at) == 0 ? at + 2 : at, end, wireEnd);
}

function isSameAddress(one: usize, other: usize): bool {
  return load<u32>(one) == load<u32>(other) && load<u16>(one + 4) == load<u16>(other + 4);
}
