/** XXH64 with seed 0, the checksum of zstd frames: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md. */
export interface Xxhash64 {
  update(bytes: Uint8Array): void;
  /** The lower 32 bits of the hash of all bytes so far: what a zstd frame keeps. */
  low(): number;
}

const STRIPE = 32;

export function createXxhash64(): Xxhash64 {
  const lanes = BigUint64Array.of(PRIME_1 + PRIME_2, PRIME_2, 0n, -PRIME_1);
  const words = new Uint32Array(lanes.buffer);
  const rest = new Uint8Array(STRIPE);
  const restView = new DataView(rest.buffer);
  let restSize = 0;
  let size = 0;
  const update = (bytes: Uint8Array): void => {
    size += bytes.length;
    let at = 0;
    if (restSize > 0) {
      at = Math.min(STRIPE - restSize, bytes.length);
      rest.set(bytes.subarray(0, at), restSize);
      restSize += at;
      if (restSize < STRIPE) return;
      consume(words, restView, 0, STRIPE);
    }
    const stripes = (bytes.length - at) & -STRIPE;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    consume(words, view, at, at + stripes);
    rest.set(bytes.subarray(at + stripes));
    restSize = bytes.length - at - stripes;
  };
  return {
    update,
    low: () => Number(finish(lanes, size, rest.subarray(0, restSize)) & 0xffff_ffffn),
  };
}

const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;

// PRIME_1 and PRIME_2 in words, and their lower words in halves: a word times a half is exact in a double.
const P1_HIGH = 0x9e3779b1 | 0;
const P1_LOW = 0x85ebca87 | 0;
const P1_LOW_0 = 0xca87;
const P1_LOW_1 = 0x85eb;
const P2_HIGH = 0xc2b2ae3d | 0;
const P2_LOW = 0x27d4eb4f | 0;
const P2_LOW_0 = 0xeb4f;
const P2_LOW_1 = 0x27d4;

/** Whole stripes. Words instead of BigInt, which would take ten times as long. */
function consume(lanes: Uint32Array, view: DataView, from: number, to: number): void {
  for (let lane = 0; lane < 8; lane += 2) {
    let low = lanes[lane]!;
    let high = lanes[lane + 1]!;
    for (let at = from + lane * 4; at < to; at += STRIPE) {
      // lane += word * PRIME_2
      const a = view.getUint32(at, true);
      const upper = Math.floor((a * P2_LOW_1 + Math.floor((a * P2_LOW_0) / 65536)) / 65536);
      const product =
        (upper | 0) + Math.imul(view.getUint32(at + 4, true), P2_LOW) + Math.imul(a, P2_HIGH);
      const sum = low + (Math.imul(a, P2_LOW) >>> 0);
      low = sum >>> 0;
      high = (high + product + (sum > 0xffff_ffff ? 1 : 0)) >>> 0;
      // rotate left by 31: swap, and right by 1
      const l = ((high >>> 1) | (low << 31)) >>> 0;
      high = ((low >>> 1) | (high << 31)) >>> 0;
      // lane *= PRIME_1
      const up = Math.floor((l * P1_LOW_1 + Math.floor((l * P1_LOW_0) / 65536)) / 65536);
      high = ((up | 0) + Math.imul(high, P1_LOW) + Math.imul(l, P1_HIGH)) >>> 0;
      low = Math.imul(l, P1_LOW) >>> 0;
    }
    lanes[lane] = low;
    lanes[lane + 1] = high;
  }
}

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotated = (value: bigint, by: bigint): bigint => u64((value << by) | (value >> (64n - by)));
const round = (lane: bigint, word: bigint): bigint =>
  u64(rotated(u64(lane + word * PRIME_2), 31n) * PRIME_1);

function finish(lanes: BigUint64Array, size: number, rest: Uint8Array): bigint {
  const [a, b, c, d] = [lanes[0]!, lanes[1]!, lanes[2]!, lanes[3]!];
  let hash = PRIME_5;
  if (size >= STRIPE) {
    hash = u64(rotated(a, 1n) + rotated(b, 7n) + rotated(c, 12n) + rotated(d, 18n));
    for (const lane of [a, b, c, d]) hash = u64((hash ^ round(0n, lane)) * PRIME_1 + PRIME_4);
  }
  hash = u64(hash + BigInt(size));
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
  let at = 0;
  for (; at + 8 <= rest.length; at += 8) {
    hash ^= round(0n, view.getBigUint64(at, true));
    hash = u64(rotated(hash, 27n) * PRIME_1 + PRIME_4);
  }
  if (at + 4 <= rest.length) {
    hash ^= u64(BigInt(view.getUint32(at, true)) * PRIME_1);
    hash = u64(rotated(hash, 23n) * PRIME_2 + PRIME_3);
    at += 4;
  }
  for (; at < rest.length; at++) {
    hash = u64(rotated(hash ^ u64(BigInt(rest[at]!) * PRIME_5), 11n) * PRIME_1);
  }
  hash = u64((hash ^ (hash >> 33n)) * PRIME_2);
  hash = u64((hash ^ (hash >> 29n)) * PRIME_3);
  return hash ^ (hash >> 32n);
}
