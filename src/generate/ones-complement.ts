/** The two words of 16 bits in one of 32, added. */
export const halves = (word: number): number => (word >>> 16) + (word & 0xffff);

/** RFC 1071: the checksum of words of 16 bits that were added, 2^16 of them at most. */
export function complement(sum: number): number {
  return ~halves(halves(sum)) & 0xffff;
}

/** What words of 32 bits add to a checksum. */
export function halvesOf(words: Int32Array, at: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += halves(words[at + i]!);
  return sum;
}
