/** A flat little-endian buffer that grows; everything in it is found by its offset in bytes. */
export interface ImageWriter {
  bytes: Uint8Array;
  view: DataView;
  size: number;
}

/** Larger images are refused: they come from documents made to exhaust memory. */
export const IMAGE_BYTES_MAX = 1 << 30;

export function createWriter(): ImageWriter {
  const bytes = new Uint8Array(1 << 16);
  return { bytes, view: new DataView(bytes.buffer), size: 0 };
}

/** Offset of `size` fresh zero bytes, aligned to 8 or 4. Throws RangeError past IMAGE_BYTES_MAX. */
export function reserve(writer: ImageWriter, size: number, alignment: 4 | 8 = 8): number {
  const offset = (writer.size + alignment - 1) & -alignment;
  const needed = offset + size;
  if (needed > IMAGE_BYTES_MAX) throw new RangeError('rule image too large');
  if (needed > writer.bytes.length) {
    const grown = new Uint8Array(
      Math.min(IMAGE_BYTES_MAX, Math.max(needed, writer.bytes.length * 2)),
    );
    grown.set(writer.bytes);
    writer.bytes = grown;
    writer.view = new DataView(grown.buffer);
  }
  writer.size = needed;
  return offset;
}

export function putU32(writer: ImageWriter, offset: number, value: number): void {
  writer.view.setUint32(offset, value, true);
}

export function putU16(writer: ImageWriter, offset: number, value: number): void {
  writer.view.setUint16(offset, value, true);
}

export function putU64(writer: ImageWriter, offset: number, value: bigint): void {
  writer.view.setBigUint64(offset, value, true);
}

/** Offset of a run of 32-bit words. */
export function putWords(writer: ImageWriter, words: readonly number[]): number {
  const offset = reserve(writer, words.length * 4, 4);
  words.forEach((word, i) => putU32(writer, offset + i * 4, word));
  return offset;
}
