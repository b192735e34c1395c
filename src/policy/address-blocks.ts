import { type Prefix, addressWidth, formatPrefix } from '../model/address.js';

/** The fewest blocks that cover the same addresses, in ascending order, IPv4 first: overlapping and neighbouring ones are put together. */
export function blockTexts(prefixes: readonly Prefix[]): string[] {
  return ([4, 6] as const).flatMap((family) =>
    mergeBlocks(prefixes.filter((prefix) => prefix.family === family)).map(formatPrefix),
  );
}

/** Of one family. */
function mergeBlocks(prefixes: readonly Prefix[]): Prefix[] {
  const sorted = prefixes.toSorted(
    (one, other) => compare(one.value, other.value) || one.length - other.length,
  );
  const merged: Prefix[] = [];
  for (const prefix of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && contains(last, prefix)) continue;
    merged.push(prefix);
    for (let pair = twins(merged); pair !== undefined; pair = twins(merged))
      merged.splice(-2, 2, pair);
  }
  return merged;
}

/** The block that the last two make together, when they are its halves. */
function twins(merged: readonly Prefix[]): Prefix | undefined {
  const [one, other] = [merged.at(-2), merged.at(-1)];
  if (one === undefined || one.length !== other!.length || one.length === 0) return undefined;
  const whole = { ...one, length: one.length - 1 };
  const size = 1n << BigInt(addressWidth(one.family) - one.length);
  const isFirst = (one.value & size) === 0n;
  return isFirst && other!.value === one.value + size ? whole : undefined;
}

function contains(outer: Prefix, { value, length }: Prefix): boolean {
  const host = BigInt(addressWidth(outer.family) - outer.length);
  return length >= outer.length && value >> host === outer.value >> host;
}

const compare = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0);
