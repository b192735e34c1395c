import { registeredLinkType } from './link-type.js';

/** Block types that are read whole by the host (draft-ietf-opsawg-pcapng sections 4.1 and 4.2). */
export const SECTION_HEADER_BLOCK = 0x0a0d0d0a;
export const INTERFACE_BLOCK = 1;

export interface Section {
  /** Its fields are in the byte order that this kernel does not have. */
  readonly swapped: boolean;
}

/** Interface that a section describes: what its packet blocks leave unsaid. */
export interface CaptureInterface {
  readonly linkType: number;
  /** Bytes kept of a packet; 0 is no limit. A simple packet block holds no more than that. */
  readonly snapLength: number;
  /** A unit of time is `base` to the power of minus `exponent` seconds; the exponent is at most 127. */
  readonly resolution: { readonly base: 2 | 10; readonly exponent: number };
  /** Added to every time. */
  readonly offsetSeconds: bigint;
  readonly name?: string;
}

/** Why a block cannot be believed; nothing after it can be found or understood. */
export interface Fault {
  readonly fault: string;
}

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const BLOCK_HEADER = 8;
const BLOCK_TRAILER = 4;
const SECTION_BODY = 16;
const INTERFACE_BODY = 8;
const MICROSECONDS = { base: 10, exponent: 6 } as const;

/**
 * Reads a whole section header block, from its type to its second length. The length of the section is not believed:
 * many writers do not know it. Follows Wireshark 4.0 in what is refused.
 */
export function parseSectionHeader(block: Uint8Array): Section | Fault {
  if (block.length < BLOCK_HEADER + 4) return cut('section header', block);
  const view = viewOf(block);
  const swapped = view.getUint32(BLOCK_HEADER) === BYTE_ORDER_MAGIC;
  if (view.getUint32(BLOCK_HEADER, !swapped) !== BYTE_ORDER_MAGIC) {
    const magic = view.getUint32(BLOCK_HEADER).toString(16).padStart(8, '0');
    return { fault: `the section header's byte order 0x${magic} is unknown` };
  }
  const options = optionsAfter(SECTION_BODY, 'section header', block, swapped);
  if ('fault' in options) return options;
  const [major, minor] = [view.getUint16(12, !swapped), view.getUint16(14, !swapped)];
  // Some writers took 1.2 for the version; the blocks are those of 1.0.
  if (major !== 1 || (minor !== 0 && minor !== 2)) {
    return { fault: `pcapng version ${major}.${minor} is not read, only 1.0` };
  }
  for (let at = options.at; at < options.end;) {
    const option = optionAt(view, at, options.end, swapped);
    if ('fault' in option) return option;
    if (option.code === END_OF_OPTIONS) break;
    at = option.next;
  }
  return { swapped };
}

const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_FILTER = 11;
const IF_TSOFFSET = 14;

/** Reads a whole interface description block. The first of several options of a kind counts, as in Wireshark. */
export function parseInterface(block: Uint8Array, swapped: boolean): CaptureInterface | Fault {
  const options = optionsAfter(INTERFACE_BODY, 'interface description', block, swapped);
  if ('fault' in options) return options;
  const view = viewOf(block);
  let resolution: CaptureInterface['resolution'] | undefined;
  let offsetSeconds: bigint | undefined;
  let name: string | undefined;
  for (let at = options.at; at < options.end;) {
    const option = optionAt(view, at, options.end, swapped);
    if ('fault' in option) return option;
    if (option.code === END_OF_OPTIONS) break;
    if (option.code === IF_FILTER && option.size === 0) {
      return { fault: 'the capture filter option is empty' };
    }
    const value = block.subarray(at + OPTION_HEADER, at + OPTION_HEADER + option.size);
    // An option of the wrong length says nothing, and is passed over.
    if (option.code === IF_TSRESOL && option.size === 1) resolution ??= resolutionOf(value[0]!);
    if (option.code === IF_TSOFFSET && option.size === 8) {
      offsetSeconds ??= viewOf(value).getBigInt64(0, !swapped);
    }
    if (option.code === IF_NAME && option.size > 0) name ??= textOf(value);
    at = option.next;
  }
  return {
    linkType: registeredLinkType(view.getUint16(BLOCK_HEADER, !swapped)),
    snapLength: view.getUint32(BLOCK_HEADER + 4, !swapped),
    resolution: resolution ?? MICROSECONDS,
    offsetSeconds: offsetSeconds ?? 0n,
    ...(name === undefined ? {} : { name }),
  };
}

/** Where a block's options are, once its lengths are proved. */
function optionsAfter(
  bodySize: number,
  what: string,
  block: Uint8Array,
  swapped: boolean,
): { readonly at: number; readonly end: number } | Fault {
  const least = BLOCK_HEADER + bodySize + BLOCK_TRAILER;
  if (block.length < least) return cut(what, block);
  const view = viewOf(block);
  const first = view.getUint32(4, !swapped);
  // A length that is no multiple of 4 is rounded up by those who write it, and by all who read it.
  const size = Math.ceil(first / 4) * 4;
  if (size !== block.length) {
    return { fault: `the ${what} says that it has ${first} bytes, and has ${block.length}` };
  }
  const second = view.getUint32(block.length - BLOCK_TRAILER, !swapped);
  if (second !== first) {
    return { fault: `the ${what} gives its length as ${first} first and as ${second} last` };
  }
  return { at: BLOCK_HEADER + bodySize, end: block.length - BLOCK_TRAILER };
}

const END_OF_OPTIONS = 0;
const OPTION_HEADER = 4;
const ENTERPRISE_NUMBER = 4;
const CUSTOM_OPTIONS: ReadonlySet<number> = new Set([2988, 2989, 19372, 19373]);

interface Option {
  readonly code: number;
  /** Bytes of its value, without the padding. */
  readonly size: number;
  /** Where the next one begins. */
  readonly next: number;
}

/** `at` is a multiple of 4 from the start of the block, and so is `end`. */
function optionAt(view: DataView, at: number, end: number, swapped: boolean): Option | Fault {
  const code = view.getUint16(at, !swapped);
  const size = view.getUint16(at + 2, !swapped);
  const next = at + OPTION_HEADER + Math.ceil(size / 4) * 4;
  if (next > end) {
    const left = end - at - OPTION_HEADER;
    return { fault: `option ${code} claims ${size} bytes where ${left} are left` };
  }
  if (CUSTOM_OPTIONS.has(code) && size < ENTERPRISE_NUMBER) {
    return { fault: `custom option ${code} has ${size} bytes, too few for its enterprise number` };
  }
  return { code, size, next };
}

/** The upper bit tells that the rest is a power of 2. */
function resolutionOf(value: number): CaptureInterface['resolution'] {
  return { base: value < 0x80 ? 10 : 2, exponent: value & 0x7f };
}

/** Up to the first zero, as C programs wrote and read it. */
function textOf(value: Uint8Array): string {
  const end = value.indexOf(0);
  return Buffer.from(end < 0 ? value : value.subarray(0, end)).toString();
}

const cut = (what: string, block: Uint8Array): Fault => ({
  fault: `the ${what} has ${block.length} bytes, too few`,
});

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
