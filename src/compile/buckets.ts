import {
  ADDRESS_BUCKET_NUMBERS,
  ADDRESS_BUCKET_SIZE,
  BUCKET_ENTRIES,
  BUCKET_ENTRY_SIZE,
  BUCKET_SIZE,
} from '../kernel/layout.js';
import { type ImageWriter, putU32, putU64, reserve } from './image-writer.js';

export interface BucketEntry {
  /** Up to 48 bits: an IPv4 or a MAC address. */
  readonly key: bigint;
  /** Of the interface, from 1. */
  readonly number: number;
}

/**
 * Writes a hash table in which a key stands in one bucket or nowhere: a lookup compares four entries and takes no branch,
 * because whether an address is an interface's or not is a coin toss for every packet. Grows until no bucket overflows.
 * `shift` is by how much the kernel shifts its product. Throws RangeError when keys are made to collide.
 */
export function writeBuckets(
  writer: ImageWriter,
  entries: readonly BucketEntry[],
  kind: 'ipv4' | 'mac',
): { offset: number; shift: number } {
  const size = kind === 'ipv4' ? ADDRESS_BUCKET_SIZE : BUCKET_SIZE;
  for (let bits = 4; bits <= BITS_MAX; bits++) {
    const shift = 64 - bits;
    const filled = new Map<number, number>();
    const places = entries.map(({ key }) => {
      const bucket = bucketOf(key, shift);
      const taken = filled.get(bucket) ?? 0;
      filled.set(bucket, taken + 1);
      return { bucket, taken };
    });
    if (places.some(({ taken }) => taken >= BUCKET_ENTRIES)) continue;
    const offset = reserve(writer, 2 ** bits * size);
    places.forEach(({ bucket, taken }, i) => {
      const { key, number } = entries[i]!;
      const at = offset + bucket * size;
      if (kind === 'ipv4') {
        putU32(writer, at + taken * 4, Number(key));
        putU32(writer, at + ADDRESS_BUCKET_NUMBERS + taken * 4, number);
      } else {
        putU64(writer, at + taken * BUCKET_ENTRY_SIZE, key);
        putU32(writer, at + taken * BUCKET_ENTRY_SIZE + 8, number);
      }
    });
    return { offset, shift };
  }
  throw new RangeError('interface addresses collide');
}

/** Four million buckets hold a million usual addresses. */
const BITS_MAX = 22;

/** The kernel's `ownerOf` hashes likewise. */
function bucketOf(key: bigint, shift: number): number {
  return Number(BigInt.asUintN(64, key * 0x9e3779b97f4a7c15n) >> BigInt(shift));
}
