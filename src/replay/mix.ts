/** A round of MurmurHash3's 32-bit mixing. */
export function mix(hash: number, word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  const h = hash ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const m = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  return m ^ (m >>> 16);
}
