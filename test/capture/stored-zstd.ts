const MAGIC = 0xfd2fb528;
/** 128 KB: the largest block. */
const BLOCK = 1 << 17;
/** RFC 8878 section 3.1.1.1.2: a window of 2 to the power of 10 + 7. */
const WINDOW = 7 << 3;

/** A zstd frame that compresses nothing (RFC 8878 section 3.1.1): raw blocks, neither size nor checksum. */
export function storedZstd(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32LE(MAGIC);
  head[5] = WINDOW;
  const parts: Uint8Array[] = [head];
  for (let at = 0; at === 0 || at < bytes.length; at += BLOCK) {
    const block = bytes.subarray(at, at + BLOCK);
    const last = at + BLOCK >= bytes.length ? 1 : 0;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | last, 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}
