/** Texts as a dictionary page holds them: a length and UTF-8 each. */
export interface Dictionary {
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** A dictionary of the entries that are named by values, which become places in it. */
export function dictionaryOf(values: Uint32Array, entries: readonly string[]): Dictionary {
  const placeOf = new Uint32Array(entries.length);
  const used: string[] = [];
  for (let i = 0; i < values.length; i++) {
    const entry = values[i]!;
    let place = placeOf[entry]!;
    if (place === 0) {
      place = used.push(entries[entry]!);
      placeOf[entry] = place;
    }
    values[i] = place - 1;
  }
  return { count: used.length, bytes: encodeTexts(used) };
}

const LENGTH = 4;
/** UTF-8 has at most three bytes for a UTF-16 unit. */
const UNIT_MAX = 3;

function encodeTexts(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  let most = 0;
  for (const text of texts) most += LENGTH + text.length * UNIT_MAX;
  const bytes = new Uint8Array(most);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const text of texts) {
    const from = at + LENGTH;
    const length =
      writeAscii(bytes, from, text) ?? encoder.encodeInto(text, bytes.subarray(from)).written;
    view.setUint32(at, length, true);
    at = from + length;
  }
  return bytes.subarray(0, at);
}

/** Most texts are short and ASCII: a call of the encoder takes longer. Undefined for one that is not. */
function writeAscii(bytes: Uint8Array, at: number, text: string): number | undefined {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return undefined;
    bytes[at + i] = unit;
  }
  return text.length;
}
