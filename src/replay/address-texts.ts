import { ipv6Text } from '../model/ipv6-text.js';
import { mix } from './mix.js';

/** Texts of addresses, each made once. */
export interface AddressTexts {
  /** What places stand for; another list after `forget`. */
  readonly texts: readonly string[];
  /** Place of the text of the address that stands at a word of rows: ::ffff:a.b.c.d if it is IPv4. */
  placeOf(rows: Uint32Array, at: number, ipv6: boolean): number;
  /** Begins anew if there are more than enough. */
  forget(): void;
}

/** Texts that are kept when a table begins anew. */
const KEPT_MAX = 65_536;
const KEY_WORDS = 5;

/** `seed` is secret: whoever makes a capture could make all of its addresses collide. */
export function createAddressTexts(seed: number): AddressTexts {
  let texts: string[] = [];
  /** The address and its family, by place. */
  let keys = new Uint32Array(1024 * KEY_WORDS);
  /** Places from 1; 0 is free. At most half are taken. */
  let slots = new Uint32Array(2048);

  const slotFor = (words: Uint32Array, at: number, family: number, hash: number): number => {
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const key = (slots[slot]! - 1) * KEY_WORDS;
      if (key < 0) return slot;
      if (
        keys[key] === words[at] &&
        keys[key + 1] === words[at + 1] &&
        keys[key + 2] === words[at + 2] &&
        keys[key + 3] === words[at + 3] &&
        keys[key + 4] === family
      ) {
        return slot;
      }
    }
  };
  const hashOf = (words: Uint32Array, at: number, family: number): number => {
    const low = mix(seed ^ family, words[at + 2]!);
    return family === 4 ? low : mix(mix(mix(low, words[at + 3]!), words[at]!), words[at + 1]!);
  };
  const grow = (): void => {
    const old = keys;
    keys = new Uint32Array(old.length * 2);
    keys.set(old);
    slots = new Uint32Array(slots.length * 2);
    for (let place = 0; place < texts.length; place++) {
      const at = place * KEY_WORDS;
      const family = keys[at + 4]!;
      slots[slotFor(keys, at, family, hashOf(keys, at, family))] = place + 1;
    }
  };
  return {
    get texts() {
      return texts;
    },
    placeOf: (rows, at, ipv6) => {
      const family = ipv6 ? 6 : 4;
      const hash = hashOf(rows, at, family);
      let slot = slotFor(rows, at, family, hash);
      const known = slots[slot]!;
      if (known !== 0) return known - 1;
      const place = texts.length;
      if (place * 2 >= slots.length) {
        grow();
        slot = slotFor(rows, at, family, hash);
      }
      slots[slot] = place + 1;
      const key = place * KEY_WORDS;
      for (let i = 0; i < 4; i++) keys[key + i] = rows[at + i]!;
      keys[key + 4] = family;
      texts.push(textOf(rows, at, ipv6));
      return place;
    },
    forget: () => {
      if (texts.length <= KEPT_MAX) return;
      texts = [];
      slots.fill(0);
    },
  };
}

/** Rows hold the two halves of an address high half first, each as a little-endian word of 64 bits. */
function textOf(rows: Uint32Array, at: number, ipv6: boolean): string {
  const low = rows[at + 2]!;
  if (!ipv6) return `${low >>> 24}.${(low >>> 16) & 255}.${(low >>> 8) & 255}.${low & 255}`;
  return ipv6Text(rows[at + 1]!, rows[at]!, rows[at + 3]!, low);
}
