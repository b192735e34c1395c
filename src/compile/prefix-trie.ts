import {
  LEAF_LONE,
  LONE_HI,
  LONE_LENGTH,
  LONE_LO,
  LONE_OTHERWISE,
  LONE_SIZE,
  LONE_VALUE,
  NODE_CHILDREN,
  NODE_FIRST_CHILD,
  NODE_FIRST_LEAF,
  NODE_LEAVES,
  NODE_SIZE,
  STRIDE,
} from '../kernel/layout.js';
import type { Prefix } from '../model/address.js';
import { type ImageWriter, putU32, putWords, reserve } from './image-writer.js';
import { type Spot, bitsOf, compareSpots, spotOf } from './key.js';

export interface TrieEntry {
  readonly prefix: Prefix;
  /** What a lookup yields when this is the longest prefix; not 0. */
  readonly value: number;
}

/** The same, as tries are made of it. */
export interface Branch extends Spot {
  readonly value: number;
}

const WAYS = 1 << STRIDE;

/** Writes a trie of prefixes, all of one family and distinct, and returns its root's offset. */
export function writeTrie(writer: ImageWriter, entries: readonly TrieEntry[]): number {
  const branches = entries.map(({ prefix, value }): Branch => ({ ...spotOf(prefix), value }));
  return writeSortedTrie(writer, branches.sort(compareSpots));
}

/**
 * Writes a poptrie of branches in the order of `compareSpots`, and returns its root's offset. A node has 64 ways:
 *
 *   | children: bit n = way n leads on | leaves: bit n = the value changes at way n | first child | first leaf |
 *
 * Children stand side by side in order of their ways, and so do the leaf values. A branch that is alone on its way is a leaf,
 * with the prefix to compare the key with.
 */
export function writeSortedTrie(writer: ImageWriter, branches: readonly Branch[]): number {
  const root = reserve(writer, NODE_SIZE);
  writeNode(writer, root, 0, branches, 0, branches.length, 0);
  return root;
}

/**
 * The branches from `first` up to `end` lie below this node; `inherited` is the value of the prefix that covers all of it.
 * In their order those that lead on through one way stand together, behind those that cover it.
 */
function writeNode(
  writer: ImageWriter,
  node: number,
  depth: number,
  branches: readonly Branch[],
  first: number,
  end: number,
  inherited: number,
): void {
  const values = new Array<number>(WAYS).fill(inherited);
  const ahead: { readonly way: number; readonly first: number; end: number }[] = [];
  for (let i = first; i < end; i++) {
    const { key, length, value } = branches[i]!;
    const way = bitsOf(key, depth, STRIDE);
    const left = length - depth;
    const last = ahead.at(-1);
    if (left <= STRIDE) values.fill(value, way, way + (1 << (STRIDE - left)));
    else if (last?.way === way) last.end = i + 1;
    else ahead.push({ way, first: i, end: i + 1 });
  }
  for (const each of ahead) {
    if (each.end - each.first > 1) continue;
    values[each.way] = writeLone(writer, branches[each.first]!, values[each.way]!);
  }
  const below = ahead.filter((each) => each.end - each.first > 1);
  const children: [number, number] = [0, 0];
  const leaves: [number, number] = [0, 0];
  const leafValues: number[] = [];
  let next = 0;
  for (let way = 0; way < WAYS; way++) {
    if (below[next]?.way === way) {
      children[way >>> 5]! |= 1 << (way & 31);
      next++;
    } else if (leafValues.length === 0 || leafValues.at(-1) !== values[way]) {
      leaves[way >>> 5]! |= 1 << (way & 31);
      leafValues.push(values[way]!);
    }
  }
  const firstChild = reserve(writer, below.length * NODE_SIZE);
  putBits(writer, node + NODE_CHILDREN, children);
  putBits(writer, node + NODE_LEAVES, leaves);
  putU32(writer, node + NODE_FIRST_CHILD, firstChild);
  putU32(writer, node + NODE_FIRST_LEAF, putWords(writer, leafValues));
  below.forEach((each, i) => {
    const child = firstChild + i * NODE_SIZE;
    const covering = values[each.way]!;
    writeNode(writer, child, depth + STRIDE, branches, each.first, each.end, covering);
  });
}

/** Leaf value of a branch that is alone below what has the value `otherwise`. */
function writeLone(
  writer: ImageWriter,
  { key: [first, second, third, fourth], length, value }: Branch,
  otherwise: number,
): number {
  const lone = reserve(writer, LONE_SIZE);
  putBits(writer, lone + LONE_HI, [second, first]);
  putBits(writer, lone + LONE_LO, [fourth, third]);
  putU32(writer, lone + LONE_LENGTH, length);
  putU32(writer, lone + LONE_VALUE, value);
  putU32(writer, lone + LONE_OTHERWISE, otherwise);
  return (lone | LEAF_LONE) >>> 0;
}

function putBits(writer: ImageWriter, at: number, [low, high]: readonly [number, number]): void {
  putU32(writer, at, low);
  putU32(writer, at + 4, high);
}
