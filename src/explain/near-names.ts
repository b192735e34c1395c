/** The names of a list that are nearest to a mistyped or shortened one; of the characters, a third may differ. */
export function nearNames(word: string, names: Iterable<string>, most: number): readonly string[] {
  const wanted = word.toLowerCase();
  let bound = Math.max(1, Math.floor(wanted.length / 3));
  let nearest: string[] = [];
  for (const name of new Set(names)) {
    const lower = name.toLowerCase();
    const isShortened = wanted.length >= SHORTEST && lower.startsWith(wanted);
    const distance = isShortened ? 0 : editDistance(wanted, lower, bound);
    if (distance > bound) continue;
    if (distance < bound) nearest = [];
    bound = distance;
    nearest.push(name);
  }
  return nearest.slice(0, most);
}

/** Characters of a beginning that is no chance. */
const SHORTEST = 3;

/**
 * Characters to insert, remove, replace or swap with their neighbour (optimal string alignment); anything above `bound`
 * when there are more.
 */
function editDistance(one: string, other: string, bound: number): number {
  if (Math.abs(one.length - other.length) > bound) return bound + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      let least = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        least = Math.min(least, beforeLast[j - 2]! + 1);
      }
      row.push(least);
    }
    if (Math.min(...row) > bound) return bound + 1;
    beforeLast = last;
    last = row;
  }
  return last[other.length]!;
}
