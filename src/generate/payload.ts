import { type Random, next } from './random.js';

/** Bytes that packets carry, and what any stretch of them adds to a checksum. */
export interface Payload {
  readonly view: DataView;
  /** Sums of the 16-bit words before each. */
  readonly sums: Int32Array;
}

/** Stretches begin at multiples of four among so many bytes. */
export const PAYLOAD_STARTS = 4096;
export const PAYLOAD_MAX = 1536;

export function createPayload(random: Random): Payload {
  const words = (PAYLOAD_STARTS + PAYLOAD_MAX) >> 1;
  const view = new DataView(new ArrayBuffer(words * 2));
  const sums = new Int32Array(words + 1);
  for (let i = 0; i < words; i++) {
    const word = next(random) & 0xffff;
    view.setUint16(i * 2, word);
    sums[i + 1] = sums[i]! + word;
  }
  return { view, sums };
}

/** One's complement sum (RFC 1071), not folded; an odd byte is padded with zero. `start` is even. */
export function payloadSum({ view, sums }: Payload, start: number, size: number): number {
  const end = (start + size) >> 1;
  const sum = sums[end]! - sums[start >> 1]!;
  return (size & 1) === 0 ? sum : sum + (view.getUint8(start + size - 1) << 8);
}

/** Copies what stands from `start` on into `target` between two places, by whole words: up to three bytes more. */
export function copyPayload(
  { view }: Payload,
  start: number,
  target: DataView,
  from: number,
  to: number,
): void {
  for (let i = 0; from + i < to; i += 4) target.setInt32(from + i, view.getInt32(start + i));
}
