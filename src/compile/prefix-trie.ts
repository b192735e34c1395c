import {
  NODE_CHILDREN,
  NODE_FIRST_CHILD,
  NODE_FIRST_LEAF,
  NODE_LEAVES,
  NODE_SIZE,
  STRIDE,
} from '../kernel/layout.js';
import type { Prefix } from '../model/address.js';
import { type ImageWriter, putU32, putU64, putWords, reserve } from './image-writer.js';
import { type KeyWords, bitsOf, trieKey } from './key.js';

export interface TrieEntry {
  readonly prefix: Prefix;
  /** What a lookup yields when this is the longest prefix; not 0. */
  readonly value: number;
}

interface Branch {
  readonly key: KeyWords;
  readonly length: number;
  readonly value: number;
}

/**
 * Writes a poptrie of the prefixes, all of one family and distinct, and returns its root's offset. A node has 64 ways:
 *
 *   | children: bit n = way n leads on | leaves: bit n = the value changes at way n | first child | first leaf |
 *
 * Children stand side by side in order of their ways, and so do the leaf values.
 */
export function writeTrie(writer: ImageWriter, entries: readonly TrieEntry[]): number {
  const branches = entries
    .map(({ prefix, value }) => ({ key: trieKey(prefix), length: prefix.length, value }))
    .sort((a, b) => a.length - b.length);
  const root = reserve(writer, NODE_SIZE);
  writeNode(writer, root, 0, branches, 0);
  return root;
}

/** `branches` lie below this node, shorter first; `inherited` is the value of the prefix that covers all of it. */
function writeNode(
  writer: ImageWriter,
  node: number,
  depth: number,
  branches: readonly Branch[],
  inherited: number,
): void {
  const ways = 1 << STRIDE;
  const values = new Array<number>(ways).fill(inherited);
  const below = new Map<number, Branch[]>();
  for (const branch of branches) {
    const way = bitsOf(branch.key, depth, STRIDE);
    const left = branch.length - depth;
    if (left > STRIDE) {
      const list = below.get(way);
      if (list === undefined) below.set(way, [branch]);
      else list.push(branch);
    } else {
      values.fill(branch.value, way, way + (1 << (STRIDE - left)));
    }
  }
  let children = 0n;
  let leaves = 0n;
  const leafValues: number[] = [];
  for (let way = 0; way < ways; way++) {
    if (below.has(way)) {
      children |= 1n << BigInt(way);
    } else if (leafValues.length === 0 || leafValues.at(-1) !== values[way]) {
      leaves |= 1n << BigInt(way);
      leafValues.push(values[way]!);
    }
  }
  const firstChild = reserve(writer, below.size * NODE_SIZE);
  putU64(writer, node + NODE_CHILDREN, children);
  putU64(writer, node + NODE_LEAVES, leaves);
  putU32(writer, node + NODE_FIRST_CHILD, firstChild);
  const firstLeaf = putWords(writer, leafValues);
  putU32(writer, node + NODE_FIRST_LEAF, firstLeaf);
  [...below.keys()]
    .sort((a, b) => a - b)
    .forEach((way, i) => {
      writeNode(writer, firstChild + i * NODE_SIZE, depth + STRIDE, below.get(way)!, values[way]!);
    });
}
