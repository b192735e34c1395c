import {
  ANY_PROTOCOL,
  ENTRY_FROM,
  ENTRY_PROTOCOL,
  ENTRY_RULE,
  ENTRY_SIZE,
  ENTRY_TO,
  INDEX_COUNT,
  INDEX_HEADER,
  INDEX_OTHERS,
  INTERVALS_COUNT,
  INTERVALS_HEADER,
  RULES_COUNT,
  RULES_HEADER,
  RULES_INDEX,
} from './layout';

// A list of rules in document order: a short one is read through, a long one has an index.

/** `first`, or a rule of the list that comes before it and matches. */
export function firstOfRules(image: usize, rules: u32, protocol: u8, port: u32, first: u32): u32 {
  const index = load<u32>(image + rules, RULES_INDEX);
  if (index != 0) return min<u32>(first, firstByIndex(image, index, protocol, port));
  let entry = image + rules + RULES_HEADER;
  const end = entry + <usize>load<u32>(image + rules, RULES_COUNT) * ENTRY_SIZE;
  for (; entry < end; entry += ENTRY_SIZE) {
    const rule = load<u32>(entry, ENTRY_RULE);
    if (rule >= first) break;
    if (carries(entry, protocol, port)) return rule;
  }
  return first;
}

function carries(entry: usize, protocol: u8, port: u32): bool {
  const own = <u32>load<u16>(entry, ENTRY_PROTOCOL);
  const from = <u32>load<u16>(entry, ENTRY_FROM);
  // One comparison for both ends: what is below the first wraps around.
  return (
    (own == protocol || own == ANY_PROTOCOL) && port - from <= load<u32>(entry, ENTRY_TO) - from
  );
}

/** First rule of a long list, by a search in the port intervals of the protocol. */
function firstByIndex(image: usize, index: u32, protocol: u8, port: u32): u32 {
  const intervals = image + intervalsOf(image + index, protocol);
  const count = load<u32>(intervals, INTERVALS_COUNT);
  const starts = intervals + INTERVALS_HEADER;
  return wordAt(starts, count + lastUpTo(starts, count, port));
}

function intervalsOf(index: usize, protocol: u8): u32 {
  const count = load<u32>(index, INDEX_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const pair = index + INDEX_HEADER + ((<usize>i) << 3);
    if (load<u32>(pair) == protocol) return load<u32>(pair, 4);
  }
  return load<u32>(index, INDEX_OTHERS);
}

/** Writes the rules of a list that match to `out` behind the `found` ones, as far as `most` go; returns how many there are then. */
export function copyRules(
  image: usize,
  rules: u32,
  protocol: u8,
  port: u32,
  out: usize,
  found: u32,
  most: u32,
): u32 {
  const count = load<u32>(image + rules, RULES_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const entry = image + rules + RULES_HEADER + <usize>i * ENTRY_SIZE;
    if (!carries(entry, protocol, port)) continue;
    if (found < most) store<u32>(out + ((<usize>found) << 2), load<u32>(entry, ENTRY_RULE));
    found++;
  }
  return found;
}

/** Position of the last of `count` ascending words that is not above `value`. */
function lastUpTo(words: usize, count: u32, value: u32): u32 {
  let low: u32 = 0;
  for (let size = count; size > 1;) {
    const half = size >> 1;
    // Without a branch: no processor could guess it.
    low = select<u32>(low + half, low, wordAt(words, low + half) <= value);
    size -= half;
  }
  return low;
}

export function wordAt(words: usize, i: u32): u32 {
  return load<u32>(words + ((<usize>i) << 2));
}
