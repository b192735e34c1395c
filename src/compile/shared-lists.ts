import {
  IMAGE_LISTS4,
  IMAGE_LISTS6,
  LISTED_COUNT,
  LISTED_HEADER,
  LISTED_PARENT,
} from '../kernel/layout.js';
import { type ImageWriter, putU32, reserve } from './image-writer.js';
import { type Spot, nameOf } from './key.js';
import type { PeerList } from './peer-list.js';
import { writeNested } from './nested.js';

/** Writes the trie of each family over all shared lists; what it finds tells which of them hold a prefix. */
export function writeSharedLists(
  writer: ImageWriter,
  header: number,
  lists: readonly PeerList[],
): void {
  for (const family of [4, 6] as const) {
    const held = new Map<number | string, { readonly spot: Spot; readonly numbers: number[] }>();
    lists.forEach((list, number) => {
      for (const spot of list.spots(family)) {
        const name = nameOf(spot, family);
        const known = held.get(name);
        if (known === undefined) held.set(name, { spot, numbers: [number] });
        else known.numbers.push(number);
      }
    });
    const root = writeNested(writer, [...held.values()], ({ numbers }, parent) => {
      const at = reserve(writer, LISTED_HEADER + numbers.length * 4, 4);
      putU32(writer, at + LISTED_PARENT, parent?.offset ?? 0);
      putU32(writer, at + LISTED_COUNT, numbers.length);
      numbers.forEach((number, i) => putU32(writer, at + LISTED_HEADER + i * 4, number));
      return { offset: at };
    });
    putU32(writer, header + (family === 4 ? IMAGE_LISTS4 : IMAGE_LISTS6), root);
  }
}
