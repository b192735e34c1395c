import { mulberry32 } from '../mulberry32.js';

/** Choices that a seed fully determines. */
export interface Random {
  /** A whole number from 0 up to `limit`, which it never is. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
}

export function createRandom(seed: number): Random {
  const next = mulberry32(seed);
  return {
    below: (limit) => Math.floor(next() * limit),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
  };
}
