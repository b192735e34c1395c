import {
  BLOCK_MAX,
  CARD_CLOCK,
  CARD_FACTOR,
  CARD_LINK_TYPE,
  CARD_OFFSET,
  CARD_SIZE,
  CARD_SNAP_LENGTH,
  CLOCK_BINARY,
  CLOCK_FAST,
  CLOCK_SLOW,
  FORMAT_PCAPNG,
  FORMAT_SWAPPED,
  WALK_FORMAT,
  WALK_INTERFACE_COUNT,
} from '../kernel/layout.js';
import {
  type CaptureInterface,
  SECTION_HEADER_BLOCK,
  parseInterface,
  parseSectionHeader,
} from '../capture/pcapng-section.js';

/** Interfaces of one section; more are not believed. */
export const INTERFACES_MAX = 65_536;

/** What became of a block that tells how those behind it are to be read. */
export type BlockReading =
  | { readonly kind: 'read'; readonly size: number; readonly linkType?: number }
  /** It is not all there yet. */
  | { readonly kind: 'more' }
  | { readonly kind: 'fault'; readonly fact: string };

const BLOCK_HEADER = 12;

/** Reads the section or interface at the front of `bytes` into a capture's walk and its table of interfaces: see layout.ts. */
export function readBlock(bytes: Uint8Array, walk: DataView, cards: DataView): BlockReading {
  if (bytes.length < BLOCK_HEADER) return { kind: 'more' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isSection = view.getUint32(0, true) === SECTION_HEADER_BLOCK;
  let swapped = (walk.getUint32(WALK_FORMAT, true) & FORMAT_SWAPPED) !== 0;
  if (isSection) {
    const section = parseByteOrder(bytes);
    if ('fault' in section) return { kind: 'fault', fact: section.fault };
    swapped = section.swapped;
  }
  const length = view.getUint32(4, !swapped);
  const size = Math.ceil(length / 4) * 4;
  if (length < BLOCK_HEADER || size > BLOCK_MAX) {
    return {
      kind: 'fault',
      fact: `the block claims ${length} bytes; what follows cannot be found`,
    };
  }
  if (bytes.length < size) return { kind: 'more' };
  const block = bytes.subarray(0, size);
  return isSection ? readSection(block, walk) : readInterface(block, swapped, walk, cards);
}

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** The byte order must be known before the length is. */
function parseByteOrder(bytes: Uint8Array): { swapped: boolean } | { fault: string } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const swapped = view.getUint32(8, false) === BYTE_ORDER_MAGIC;
  if (swapped || view.getUint32(8, true) === BYTE_ORDER_MAGIC) return { swapped };
  return { fault: 'the section header tells no byte order' };
}

function readSection(block: Uint8Array, walk: DataView): BlockReading {
  const section = parseSectionHeader(block);
  if ('fault' in section) return { kind: 'fault', fact: section.fault };
  walk.setUint32(WALK_FORMAT, FORMAT_PCAPNG | (section.swapped ? FORMAT_SWAPPED : 0), true);
  walk.setUint32(WALK_INTERFACE_COUNT, 0, true);
  return { kind: 'read', size: block.length };
}

function readInterface(
  block: Uint8Array,
  swapped: boolean,
  walk: DataView,
  cards: DataView,
): BlockReading {
  const card = parseInterface(block, swapped);
  if ('fault' in card) return { kind: 'fault', fact: card.fault };
  const count = walk.getUint32(WALK_INTERFACE_COUNT, true);
  if (count === INTERFACES_MAX) {
    return { kind: 'fault', fact: `the section has more than ${INTERFACES_MAX} interfaces` };
  }
  writeCard(cards, count * CARD_SIZE, card);
  walk.setUint32(WALK_INTERFACE_COUNT, count + 1, true);
  return { kind: 'read', size: block.length, linkType: card.linkType };
}

/** Seconds that fit into 64 bits of nanoseconds with room to add a time. */
const OFFSET_MAX = 4_000_000_000n;

function writeCard(cards: DataView, at: number, card: CaptureInterface): void {
  const { linkType, snapLength, resolution, offsetSeconds } = card;
  const { base, exponent } = resolution;
  const slow = base === 10 && exponent <= 9;
  const clock = base === 2 ? CLOCK_BINARY : slow ? CLOCK_SLOW : CLOCK_FAST;
  const power = (by: number): bigint => 10n ** BigInt(Math.min(by, 19));
  const factor = base === 2 ? BigInt(exponent) : slow ? power(9 - exponent) : power(exponent - 9);
  const offset =
    offsetSeconds > OFFSET_MAX
      ? OFFSET_MAX
      : offsetSeconds < -OFFSET_MAX
        ? -OFFSET_MAX
        : offsetSeconds;
  cards.setUint32(at + CARD_LINK_TYPE, linkType, true);
  cards.setUint32(at + CARD_SNAP_LENGTH, snapLength, true);
  cards.setUint32(at + CARD_CLOCK, clock, true);
  cards.setBigUint64(at + CARD_FACTOR, factor, true);
  cards.setBigInt64(at + CARD_OFFSET, offset * 1_000_000_000n, true);
}
