/** State of a generator of random numbers: fully determined by its seed, and by integers alone the same on any machine. */
export type Random = Int32Array;

/** Chris Doty-Humphrey's sfc32 (PractRand): three words of chaos and a counter, 2^32 states away from its cycle's start. */
export function createRandom(seed: number): Random {
  // A seed may have up to 53 bits.
  const random = Int32Array.of(seed, seed / 0x1_0000_0000, 0x9e3779b9, 1);
  for (let i = 0; i < 16; i++) next(random);
  return random;
}

/** The next 32 bits, signed. */
export function next(random: Random): number {
  const b = random[1]!;
  const c = random[2]!;
  const counter = random[3]!;
  const sum = (random[0]! + b + counter) | 0;
  random[0] = b ^ (b >>> 9);
  random[1] = (c + (c << 3)) | 0;
  random[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
  random[3] = (counter + 1) | 0;
  return sum;
}

/** From 0 up to 1, 1 left out, in steps of 2^-32. */
export function fraction(random: Random): number {
  return (next(random) >>> 0) / 0x1_0000_0000;
}

/** A whole number from 0 up to `n`, `n` left out; `n` at most 2^32. */
export function below(random: Random, n: number): number {
  return Math.floor(fraction(random) * n);
}

/** One of a list that is not empty. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[below(random, list.length)]!;
}
