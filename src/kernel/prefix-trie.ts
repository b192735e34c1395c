import {
  LEAF_LONE,
  LONE_HI,
  LONE_LENGTH,
  LONE_LO,
  LONE_OTHERWISE,
  LONE_VALUE,
  NODE_CHILDREN,
  NODE_FIRST_CHILD,
  NODE_FIRST_LEAF,
  NODE_LEAVES,
  NODE_SIZE,
} from './layout';

/**
 * Leaf value of the longest prefix that covers a 128-bit key; 0 when none does. The trie is a poptrie (Asai and Ohara,
 * SIGCOMM 2015): six bits a level, children and leaves found by counting bits, equal neighbour leaves stored once. A prefix
 * that is alone below a node has no nodes of its own: the key is compared with it.
 */
export function lookupPrefix(image: usize, root: u32, hi: u64, lo: u64): u32 {
  let node = image + root;
  let shift: i32 = 122;
  while (true) {
    const bit = six(hi, lo, shift);
    const upTo = ((<u64>2) << bit) - 1;
    const children = load<u64>(node, NODE_CHILDREN);
    if (!((children >> bit) & 1)) {
      const leaf = popcnt<u64>(load<u64>(node, NODE_LEAVES) & upTo) - 1;
      const value = load<u32>(image + load<u32>(node, NODE_FIRST_LEAF) + ((<usize>leaf) << 2));
      return value & LEAF_LONE ? valueOfLone(image + (value & ~LEAF_LONE), hi, lo) : value;
    }
    const child = popcnt<u64>(children & upTo) - 1;
    node = image + load<u32>(node, NODE_FIRST_CHILD) + <usize>child * NODE_SIZE;
    shift -= 6;
  }
}

/** Six bits of the key, `shift` above its end; the last level runs four bits past it, which are zero. */
function six(hi: u64, lo: u64, shift: i32): u64 {
  if (shift >= 64) return (hi >> (shift - 64)) & 63;
  if (shift > 58) return ((hi << (64 - shift)) | (lo >> shift)) & 63;
  return (shift >= 0 ? lo >> shift : lo << -shift) & 63;
}

function valueOfLone(lone: usize, hi: u64, lo: u64): u32 {
  const length = load<u32>(lone, LONE_LENGTH);
  const other = hi ^ load<u64>(lone, LONE_HI);
  // Neither shift is by the whole width, which would be one by nothing.
  const differs =
    length <= 64
      ? other >> (64 - length)
      : other | ((lo ^ load<u64>(lone, LONE_LO)) >> (128 - length));
  return differs != 0 ? load<u32>(lone, LONE_OTHERWISE) : load<u32>(lone, LONE_VALUE);
}
