const BLOCK_BYTES = 1000;
const LAST = 1;

/** A zstd frame (RFC 8878) of blocks that hold the bytes as they are, or one byte many times over. */
export function zstdOf(bytes: Uint8Array): Uint8Array {
  const out = [0x28, 0xb5, 0x2f, 0xfd, 0xa0, ...littleEndian(bytes.length, 4)];
  for (let at = 0; ; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    const last = at + BLOCK_BYTES >= bytes.length ? LAST : 0;
    const run = block.length > 0 && block.every((byte) => byte === block[0]);
    out.push(...littleEndian((block.length << 3) | (run ? 2 : 0) | last, 3));
    out.push(...(run ? block.subarray(0, 1) : block));
    if (last === LAST) return Uint8Array.from(out);
  }
}

const littleEndian = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => (value >>> (8 * i)) & 0xff);
