import { IMAGE_PATHS4, IMAGE_PATHS6 } from '../kernel/layout.js';
import { formatPrefix } from '../model/address.js';
import { PATH_KINDS, type Path } from '../model/vpc.js';
import { type ImageWriter, putU32 } from './image-writer.js';
import { writeTrie } from './prefix-trie.js';

/** Writes the kinds of paths, counted from 1, by remote prefix (CT-7, CT-23). Of two for one prefix the first counts. */
export function writePaths(writer: ImageWriter, header: number, paths: readonly Path[]): void {
  const first = new Map<string, Path>();
  for (const path of paths) {
    const key = formatPrefix(path.prefix);
    if (!first.has(key)) first.set(key, path);
  }
  for (const family of [4, 6] as const) {
    const entries = [...first.values()]
      .filter(({ prefix }) => prefix.family === family)
      .map(({ prefix, via }) => ({ prefix, value: PATH_KINDS.indexOf(via) + 1 }));
    const root = entries.length === 0 ? 0 : writeTrie(writer, entries);
    putU32(writer, header + (family === 4 ? IMAGE_PATHS4 : IMAGE_PATHS6), root);
  }
}
