const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/** Whether a file begins with a frame (RFC 8878 section 3.1). */
export function isZstd(head: Uint8Array): boolean {
  const [a, b, c, d] = head;
  return d !== undefined && isMagic((a! | (b! << 8) | (c! << 16) | (d << 24)) >>> 0);
}

/** Whether the first word of a frame, little-endian, is one. */
export const isMagic = (word: number): boolean => word === MAGIC || isSkippable(word);

/** Whether it begins a frame that holds no data (section 3.1.2). */
export const isSkippable = (word: number): boolean => (word & 0xffff_fff0) >>> 0 === SKIPPABLE;
