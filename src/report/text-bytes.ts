/** Text that grows in one buffer, for files with a row a packet: strings of that many would cost more than all the rest. */
export interface TextBytes {
  bytes: Uint8Array<ArrayBuffer>;
  length: number;
}

export function createTextBytes(): TextBytes {
  return { bytes: new Uint8Array(1 << 16), length: 0 };
}

/** Room for `size` bytes more; ask before they are written. */
export function ensureRoom(text: TextBytes, size: number): void {
  const { bytes, length } = text;
  if (length + size <= bytes.length) return;
  text.bytes = new Uint8Array(Math.max(bytes.length * 2, length + size));
  text.bytes.set(bytes);
}

/** What was written; the buffer begins anew. */
export function takeBytes(text: TextBytes): Uint8Array {
  const taken = text.bytes.slice(0, text.length);
  text.length = 0;
  return taken;
}

/** Copies bytes from `from` up to `to`. */
export function putBytes(text: TextBytes, source: Uint8Array, from: number, to: number): void {
  const { bytes } = text;
  let at = text.length;
  for (let i = from; i < to; i++) bytes[at++] = source[i]!;
  text.length = at;
}

/** Puts a whole number from 0 to 2^53 - 1 in decimal. */
export function putNumber(text: TextBytes, value: number): void {
  const { bytes } = text;
  let digits = 1;
  for (let power = 10; power <= value; power *= 10) digits++;
  let rest = value;
  for (let at = text.length + digits - 1; at >= text.length; at--) {
    const tenth = rest > 0x7fff_ffff ? Math.floor(rest / 10) : (rest / 10) | 0;
    bytes[at] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  text.length += digits;
}

/** Puts so many digits of a number, with zeros in front. */
export function putDigits(text: TextBytes, value: number, digits: number): void {
  const { bytes } = text;
  let rest = value;
  for (let at = text.length + digits - 1; at >= text.length; at--) {
    const tenth = (rest / 10) | 0;
    bytes[at] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  text.length += digits;
}

const ZERO = 0x30;
