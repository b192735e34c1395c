/** More of them than this are not asked for: the first are as good as the others. */
const MOST = 64;

/**
 * Where the records or blocks of a capture begin, and the last one ends, as far as it can be followed. Knows as much of the
 * formats as a mutation needs: it must not be the code that is put to the test.
 */
export function boundariesOf(bytes: Uint8Array): number[] {
  if (bytes.length < 28) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isBlocks = view.getUint32(0) === 0x0a0d0d0a;
  const little = isBlocks
    ? view.getUint8(8) === 0x4d
    : view.getUint8(0) >= 0x34 && view.getUint8(0) !== 0xa1;
  const boundaries = [];
  let at = isBlocks ? 0 : 24;
  while (at + 16 <= bytes.length && boundaries.length < MOST) {
    boundaries.push(at);
    const length = isBlocks
      ? (view.getUint32(at + 4, little) + 3) & ~3
      : 16 + view.getUint32(at + 8, little);
    if (length < 12 || length > bytes.length) break;
    at += length;
  }
  return boundaries;
}
