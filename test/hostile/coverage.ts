/** Pairs of places in the kernel that one call after another led to: each counts once in 64 Ki buckets, as AFL has it. */
export interface Coverage {
  readonly visit: (place: number) => void;
  /** Takes what was visited since the last time into account; returns how many buckets or magnitudes are new. */
  gain(): number;
  /** Buckets that were ever visited. */
  reached(): number;
  /** Places that were ever visited: loads and stores in the kernel's code. */
  places(): number;
}

const BUCKETS = 1 << 16;

export function createCoverage(): Coverage {
  const hits = new Uint32Array(BUCKETS);
  /** Bits of the magnitudes that were seen of each bucket. */
  const seen = new Uint16Array(BUCKETS);
  const places = new Uint8Array(BUCKETS);
  let touched: number[] = [];
  let previous = 0;
  return {
    visit: (place) => {
      places[place] = 1;
      const bucket = (Math.imul(place, 0x9e3779b1) ^ previous) & (BUCKETS - 1);
      previous = (Math.imul(place, 0x9e3779b1) >>> 1) & (BUCKETS - 1);
      if (hits[bucket]!++ === 0) touched.push(bucket);
    },
    gain: () => {
      let fresh = 0;
      for (const bucket of touched) {
        const magnitude = 1 << magnitudeOf(hits[bucket]!);
        hits[bucket] = 0;
        if ((seen[bucket]! & magnitude) !== 0) continue;
        seen[bucket]! |= magnitude;
        fresh++;
      }
      touched = [];
      previous = 0;
      return fresh;
    },
    places: () => places.reduce((sum, visited) => sum + visited, 0),
    reached: () => seen.reduce((sum, bits) => sum + (bits === 0 ? 0 : 1), 0),
  };
}

/** 1, 2, 3, then up to 7, 15, 31, 127 and more: another number of rounds is another way only if it is quite another. */
function magnitudeOf(count: number): number {
  if (count < 4) return count - 1;
  if (count < 8) return 3;
  if (count < 16) return 4;
  if (count < 32) return 5;
  return count < 128 ? 6 : 7;
}
