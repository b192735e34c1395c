import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { deltaBinaryPack } from 'hyparquet-writer/src/delta.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';

// Bodies of data pages (https://github.com/apache/parquet-format/blob/master/Encodings.md) from typed arrays: the package's own
// way there makes an array of objects of each column, and takes three times as long.

/** Places in a dictionary: their width in bits, then the places. */
export function writePlaces(writer: ByteWriter, places: Uint32Array, dictionarySize: number): void {
  const width = dictionarySize <= 1 ? 0 : 32 - Math.clz32(dictionarySize - 1);
  writer.appendUint8(width);
  writeRleBitPackedHybrid(writer, places, width);
}

/** Which rows have a value: 1 or 0 each. Returns the bytes written. */
export function writePresence(writer: ByteWriter, present: Uint8Array): number {
  return writeRleBitPackedHybrid(writer, present, 1);
}

/** Booleans: the length of the runs, then the runs. */
export function writeFlags(writer: ByteWriter, flags: Uint8Array): void {
  const at = writer.index;
  writer.appendUint32(0);
  const length = writeRleBitPackedHybrid(writer, flags, 1);
  writer.view.setUint32(at, length, true);
}

/** Whole numbers below 2^53 as INT64. */
export function writeCounts(writer: ByteWriter, counts: Float64Array): void {
  const small = new Int32Array(counts);
  for (let i = 0; i < small.length; i++) {
    if (small[i] === counts[i]) continue;
    deltaBinaryPack(writer, BigInt64Array.from(counts, BigInt), 'INT64');
    return;
  }
  deltaBinaryPack(writer, small, 'INT64');
}

/** Numbers below 2^31 as INT32. */
export function writeSmall(writer: ByteWriter, values: Int32Array): void {
  deltaBinaryPack(writer, values, 'INT32');
}

/**
 * 64-bit numbers as INT64. Where they lie within 2^31 of the first, the page of their distances from it is the same but for its
 * head, for it tells differences: so most need no BigInt.
 */
export function writeLongs(writer: ByteWriter, values: BigInt64Array<ArrayBuffer>): void {
  const distances = distancesOf(values);
  if (distances === undefined) {
    deltaBinaryPack(writer, values, 'INT64');
    return;
  }
  const page = new ByteWriter(values.length * 2 + 64);
  deltaBinaryPack(page, distances, 'INT64');
  const head = new ByteWriter();
  writeHead(head, values.length, 0n);
  writeHead(writer, values.length, values[0]!);
  writer.appendBytes(page.getBytes().subarray(head.index));
}

/** Of a page in DELTA_BINARY_PACKED: values of a block, its miniblocks, how many values there are, the first of them. */
function writeHead(writer: ByteWriter, count: number, first: bigint): void {
  writer.appendVarInt(128);
  writer.appendVarInt(4);
  writer.appendVarInt(count);
  writer.appendZigZag(first);
}

/** Undefined unless all are within 32 bits. */
function distancesOf(values: BigInt64Array<ArrayBuffer>): Int32Array | undefined {
  const distances = new Int32Array(values.length);
  const distanceOf = distancesFrom(values);
  for (let i = 0; i < values.length; i++) {
    const distance = distanceOf(i);
    distances[i] = distance;
    if (distances[i] !== distance) return undefined;
  }
  return values.length === 0 ? undefined : distances;
}

/** Distances of values from the first: exact below `EXACT`. */
export function distancesFrom(values: BigInt64Array<ArrayBuffer>): (index: number) => number {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const [low, high] = [words[0]! >>> 0, words[1]!];
  return (i) => (words[2 * i + 1]! - high) * 2 ** 32 + ((words[2 * i]! >>> 0) - low);
}

/** Nanoseconds as microseconds, cut. */
export function microseconds(values: BigInt64Array<ArrayBuffer>): BigInt64Array<ArrayBuffer> {
  const cut = new BigInt64Array(values.length);
  if (values.length === 0) return cut;
  const first = values[0]!;
  const rest = ((first % US) + US) % US;
  const base = (first - rest) / US;
  const [low, high] = [Number(base & 0xffff_ffffn), Number(base >> 32n)];
  const distanceOf = distancesFrom(values);
  const words = new Int32Array(cut.buffer);
  for (let i = 0; i < values.length; i++) {
    const distance = distanceOf(i);
    if (Math.abs(distance) >= EXACT) {
      const value = values[i]!;
      cut[i] = (value - (((value % US) + US) % US)) / US;
      continue;
    }
    const sum = low + Math.floor((distance + Number(rest)) / 1000);
    words[2 * i] = sum; // modulo 2^32
    words[2 * i + 1] = high + Math.floor(sum / 2 ** 32);
  }
  return cut;
}

const US = 1000n;
export const EXACT = 2 ** 52;
