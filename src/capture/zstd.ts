import { Decompress } from 'fzstd';
import type { ByteStream } from './byte-stream.js';
import { createXxhash64 } from './xxhash64.js';
import { isMagic, isSkippable } from './zstd-magic.js';

/** The largest window that the zstd tool accepts unasked; a header can claim terabytes. */
const WINDOW_MAX = 1 << 27;

/** RFC 8878 section 3.1.1.2.3: no block holds more, before or after. */
const BLOCK_MAX = 1 << 17;

/**
 * The decoder moves its window at every block, and makes one for every frame. Bytes that it may move so, in all and for each
 * byte that comes of it: a full block in the largest window takes 1024.
 */
const MOVED_MAX = 2 ** 33;
const MOVED_PER_BYTE = 2048;
/** Making a window takes as long as moving it so many times. */
const MOVES_TO_MAKE = 8;

const CUT = 'the zstd data ends in the middle';
const TRAILING = 'bytes that are no zstd data follow it';
const DAMAGED = 'the zstd data is damaged';

/**
 * Decompresses frames one behind the other. Yields all bytes that can be had; returns what is wrong with the data, if
 * anything is. Frames are cut into blocks here, so that no piece makes more than a block, and a decoder sees whole ones.
 */
export async function* unzstd(source: ByteStream): AsyncGenerator<Uint8Array, string | undefined> {
  const input = createInput(source);
  const effort = { moved: 0, made: 0 };
  for (let first = true; ; first = false) {
    const magic = await input.take(4);
    if (magic === undefined) return first || input.rest() > 0 ? CUT : undefined;
    const word = wordAt(magic, 0);
    if (!isMagic(word)) return TRAILING;
    const damage = isSkippable(word) ? await skipFrame(input) : yield* frame(input, effort);
    if (damage !== undefined) return damage;
  }
}

async function skipFrame(input: Input): Promise<string | undefined> {
  const size = await input.take(4);
  if (size === undefined) return CUT;
  for (let left = wordAt(size, 0); left > 0; left -= BLOCK_MAX) {
    if ((await input.take(Math.min(left, BLOCK_MAX))) === undefined) return CUT;
  }
  return undefined;
}

/** What decoding cost so far, in bytes. */
interface Effort {
  moved: number;
  made: number;
}

async function* frame(
  input: Input,
  effort: Effort,
): AsyncGenerator<Uint8Array, string | undefined> {
  const header = await takeFrameHeader(input);
  if (typeof header === 'string') return header;
  effort.moved += MOVES_TO_MAKE * header.window;
  const made: Uint8Array[] = [];
  const decoder = new Decompress((bytes) => made.push(bytes));
  const checksum = header.checksum ? createXxhash64() : undefined;
  let size = 0;
  let pending = header.bytes;
  for (let last = false; !last;) {
    const prefix = await input.take(3);
    if (prefix === undefined) return CUT;
    const field = prefix[0]! | (prefix[1]! << 8) | (prefix[2]! << 16);
    last = (field & 1) !== 0;
    const runLength = ((field >> 1) & 3) === 1;
    if (field >> 3 > BLOCK_MAX) return DAMAGED;
    const bytes = await input.take(
      3 + (runLength ? 1 : field >> 3) + (last && header.checksum ? 4 : 0),
      prefix,
    );
    if (bytes === undefined) return CUT;
    effort.moved += header.window;
    if (effort.moved > MOVED_MAX + MOVED_PER_BYTE * effort.made) {
      return `the zstd data comes in blocks that are too small for its window of ${header.window} bytes`;
    }
    try {
      decoder.push(Buffer.concat([pending, bytes]), last);
    } catch {
      return DAMAGED;
    }
    pending = EMPTY;
    for (const block of made.splice(0)) {
      size += block.length;
      effort.made += block.length;
      checksum?.update(block);
      if (block.length > 0) yield block;
    }
    if (last && checksum !== undefined && wordAt(bytes, bytes.length - 4) !== checksum.low()) {
      return 'the checksum of the zstd data does not match';
    }
  }
  return header.size !== undefined && BigInt(size) !== header.size ? DAMAGED : undefined;
}

interface FrameHeader {
  /** Magic number and all. */
  readonly bytes: Uint8Array;
  readonly checksum: boolean;
  /** Bytes that it looks back, at most. */
  readonly window: number;
  /** Of the content, when the frame says so. */
  readonly size: bigint | undefined;
}

const EMPTY = new Uint8Array(0);

/** RFC 8878 section 3.1.1.1. Returns what is wrong with it as a text. */
async function takeFrameHeader(input: Input): Promise<FrameHeader | string> {
  const first = await input.take(1);
  if (first === undefined) return CUT;
  const descriptor = first[0]!;
  const single = (descriptor & 0x20) !== 0;
  const dictionarySize = [0, 1, 2, 4][descriptor & 3]!;
  const sizeSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const windowSize = single ? 0 : 1;
  if ((descriptor & 8) !== 0) return DAMAGED;
  const fields = await input.take(windowSize + dictionarySize + sizeSize);
  if (fields === undefined) return CUT;
  const dictionary = fields.subarray(windowSize, windowSize + dictionarySize);
  if (dictionary.some((byte) => byte !== 0)) return 'the zstd data needs a dictionary';
  const size =
    sizeSize === 0
      ? undefined
      : littleEndian(fields.subarray(-sizeSize)) + (sizeSize === 2 ? 256n : 0n);
  const exponent = 10n + BigInt(fields[0]! >> 3);
  const window = single
    ? size!
    : (1n << exponent) + (1n << (exponent - 3n)) * BigInt(fields[0]! & 7);
  if (window > WINDOW_MAX) {
    return `the zstd data needs a window of ${window} bytes, above the bound of ${WINDOW_MAX}`;
  }
  const magic = [0x28, 0xb5, 0x2f, 0xfd];
  return {
    bytes: Uint8Array.of(...magic, descriptor, ...fields),
    checksum: (descriptor & 4) !== 0,
    window: Number(window),
    size,
  };
}

const littleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function wordAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}

interface Input {
  /** The next bytes, or with those that were taken before, anew; undefined when there are not so many. Good until the next call. */
  take(size: number, again?: Uint8Array): Promise<Uint8Array | undefined>;
  /** Bytes that were too few for what was asked for last. */
  rest(): number;
}

const BUFFER_BYTES = 1 << 18;

function createInput(source: ByteStream): Input {
  const buffer = new Uint8Array(BUFFER_BYTES);
  let start = 0;
  let end = 0;
  const take = async (size: number, again = EMPTY): Promise<Uint8Array | undefined> => {
    start -= again.length;
    if (start + size > buffer.length) {
      buffer.copyWithin(0, start, end);
      end -= start;
      start = 0;
    }
    while (end - start < size) {
      const count = await source.read(buffer.subarray(end));
      if (count === 0) return undefined;
      end += count;
    }
    start += size;
    return buffer.subarray(start - size, start);
  };
  return { take, rest: () => end - start };
}
