import { type Address, type Prefix, addressWidth } from '../model/address.js';

/** Finds what is filed under the prefixes that hold an address. */
export interface PrefixIndex<Item> {
  add(prefix: Prefix, item: Item): void;
  /** Of the shortest prefix first; an item filed under several of them comes as often. */
  holding(address: Address): Item[];
}

/** One map for each length that occurs: a search costs as many look-ups, however many prefixes there are. */
export function createPrefixIndex<Item>(): PrefixIndex<Item> {
  const families = {
    4: new Map<number, Lengthwise<Item>>(),
    6: new Map<number, Lengthwise<Item>>(),
  };
  let sorted: Readonly<Record<4 | 6, readonly [number, Lengthwise<Item>][]>> | undefined;
  return {
    add({ family, value, length }, item) {
      const lengths = families[family];
      const known = lengths.get(length);
      const items = known ?? new Map<number | bigint, Item[]>();
      if (known === undefined) {
        lengths.set(length, items);
        sorted = undefined;
      }
      const key = keyOf(family, value, length);
      const there = items.get(key);
      if (there === undefined) items.set(key, [item]);
      else there.push(item);
    },
    holding({ family, value }) {
      sorted ??= { 4: byLength(families[4]), 6: byLength(families[6]) };
      const found: Item[] = [];
      for (const [length, items] of sorted[family]) {
        const there = items.get(keyOf(family, value, length));
        if (there !== undefined) for (const item of there) found.push(item);
      }
      return found;
    },
  };
}

type Lengthwise<Item> = Map<number | bigint, Item[]>;

const byLength = <Item>(lengths: Map<number, Lengthwise<Item>>): [number, Lengthwise<Item>][] =>
  [...lengths].sort(([one], [other]) => one - other);

/** The bits that a prefix of the length fixes: a number where it is one. */
function keyOf(family: 4 | 6, value: bigint, length: number): number | bigint {
  if (family === 6) return value >> BigInt(addressWidth(6) - length);
  return Math.floor(Number(value) / 2 ** (32 - length));
}
