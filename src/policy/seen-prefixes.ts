import {
  type Address,
  type Prefix,
  addressWidth,
  prefixContains,
  prefixOf,
} from '../model/address.js';

/** Addresses that were seen, as few prefixes. */
export interface SeenPrefixes {
  note(address: Address): void;
  /** Ascending, IPv4 first; none holds another. Each is the smallest around what was seen in it. */
  prefixes(): Prefix[];
  /** Whether addresses were put together: a prefix may hold some that were not seen. */
  readonly isMerged: boolean;
}

/** Keeps `most` prefixes of each family at the most: the two neighbours that have the most bits in common become one. */
export function createSeenPrefixes(most: number): SeenPrefixes {
  const lists: Record<4 | 6, Prefix[]> = { 4: [], 6: [] };
  let merged = false;
  return {
    note(address) {
      const list = lists[address.family];
      const place = placeOf(list, address);
      const before = list[place - 1];
      if (before !== undefined && prefixContains(before, address)) return;
      list.splice(place, 0, prefixOf(address, addressWidth(address.family)));
      if (list.length <= most) return;
      merged = true;
      mergeNearest(list);
    },
    prefixes: () => [...lists[4], ...lists[6]],
    get isMerged() {
      return merged;
    },
  };
}

/** The smallest prefix that holds both. */
export function around(one: Prefix, other: Prefix): Prefix {
  const different = (one.value ^ other.value).toString(2).replace(/^0$/, '').length;
  const common = addressWidth(one.family) - different;
  return prefixOf(one, Math.min(common, one.length, other.length));
}

/** How many of the sorted prefixes begin at the address or before it. */
function placeOf(list: readonly Prefix[], { value }: Address): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.value <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mergeNearest(list: Prefix[]): void {
  let at = 0;
  let longest = -1;
  for (let i = 0; i + 1 < list.length; i++) {
    const { length } = around(list[i]!, list[i + 1]!);
    if (length > longest) [at, longest] = [i, length];
  }
  // No other prefix can lie in the new one: it would have had as many bits in common with its neighbour.
  list.splice(at, 2, around(list[at]!, list[at + 1]!));
}
