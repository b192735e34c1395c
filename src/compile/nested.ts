import type { ImageWriter } from './image-writer.js';
import { type Spot, compareSpots, covers } from './key.js';
import { type Branch, writeSortedTrie } from './prefix-trie.js';

/** A record in the image that a trie leads to. */
interface Written {
  readonly offset: number;
}

/**
 * Writes a record for each of some distinct prefixes of one family, told which record is that of the next shorter prefix
 * around it, and a trie that leads to them. Returns the trie's root; 0 for no prefixes.
 */
export function writeNested<T extends { readonly spot: Spot }, W extends Written>(
  writer: ImageWriter,
  entries: T[],
  write: (entry: T, parent: W | undefined) => W,
): number {
  if (entries.length === 0) return 0;
  entries.sort((one, other) => compareSpots(one.spot, other.spot));
  const around: { readonly spot: Spot; readonly written: W }[] = [];
  const branches = entries.map((entry): Branch => {
    const { spot } = entry;
    while (around.length > 0 && !covers(around.at(-1)!.spot, spot)) around.pop();
    const written = write(entry, around.at(-1)?.written);
    around.push({ spot, written });
    return { key: spot.key, length: spot.length, value: written.offset };
  });
  return writeSortedTrie(writer, branches);
}
