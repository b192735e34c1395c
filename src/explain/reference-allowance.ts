import type { NetworkInterface } from '../model/vpc.js';

/** CT-19: how many connections the interfaces of one instance track together. */
export interface Allowance {
  /** No limit when undefined. */
  readonly most: number | undefined;
  readonly places: Set<Place>;
  /** When expired connections were last looked for, in nanoseconds. */
  searchedNs: bigint | undefined;
}

/** What one tracked connection takes of the allowance. */
export interface Place {
  expiresNs: bigint;
  readonly entries: number;
}

export interface Allowances {
  /** Interfaces of one instance have one allowance. */
  of(eni: NetworkInterface): Allowance;
}

export function createAllowances(most: number | undefined): Allowances {
  const byInstance = new Map<string, Allowance>();
  return {
    of({ id, instanceId }) {
      const instance = instanceId ?? id;
      const known = byInstance.get(instance);
      if (known !== undefined) return known;
      const fresh = { most, places: new Set<Place>(), searchedNs: undefined };
      byInstance.set(instance, fresh);
      return fresh;
    },
  };
}

/** For a packet judged without what else its instances track: these interfaces have no place left, the others have. */
export function allowancesFullAt(enis: readonly string[]): Allowances {
  return {
    of: ({ id }) => ({
      most: enis.includes(id) ? 0 : undefined,
      places: new Set(),
      searchedNs: undefined,
    }),
  };
}

/**
 * Whether so many entries can be taken. A full table gives those of expired connections back, which it looks for once a
 * second.
 */
export function hasPlace(allowance: Allowance, entries: number, now: bigint): boolean {
  const { most, places, searchedNs } = allowance;
  const isFull = (limit: number): boolean =>
    [...places].reduce((sum, place) => sum + place.entries, entries) > limit;
  if (most === undefined || !isFull(most)) return true;
  if (searchedNs === undefined || now - searchedNs >= 1_000_000_000n) {
    for (const place of places) if (place.expiresNs <= now) places.delete(place);
    allowance.searchedNs = now;
  }
  return !isFull(most);
}
