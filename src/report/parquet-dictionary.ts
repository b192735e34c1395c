import { NO_VALUE } from '../model/table.js';

/** Texts as a dictionary page holds them: a length and UTF-8 each. */
export interface Dictionary {
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** The texts that values name, and where in the dictionary of these each stands; NO_VALUE stays. */
export function dictionaryOf(
  values: Uint32Array,
  entries: readonly string[],
): { readonly places: Uint32Array<ArrayBuffer>; readonly dictionary: Dictionary } {
  const placeOf = new Uint32Array(entries.length).fill(NO_VALUE);
  const places = new Uint32Array(values.length);
  const used: string[] = [];
  for (let i = 0; i < values.length; i++) {
    const entry = values[i]!;
    if (entry === NO_VALUE) {
      places[i] = NO_VALUE;
      continue;
    }
    let place = placeOf[entry]!;
    if (place === NO_VALUE) {
      place = used.length;
      placeOf[entry] = place;
      used.push(entries[entry]!);
    }
    places[i] = place;
  }
  return { places, dictionary: { count: used.length, bytes: encodeTexts(used) } };
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
