/**
 * Writes the next flow at `words[at]` (see flow-words.ts) and begins it; false when there are no more. Throws InputError when
 * five-tuples have run out.
 */
export type Planner = (words: Int32Array, at: number) => boolean;

/** Ports that hosts open flows from, as in Linux; then others above all that DHCP and tunnels use. */
const EPHEMERAL = { first: 32_768, count: 28_232 } as const;
const FURTHER = { first: 10_000, count: 22_768 } as const;
/** Openers' ports for one service between two addresses. */
export const OPENER_PORTS = EPHEMERAL.count + FURTHER.count;

/** The `n`-th port, from 0 up to OPENER_PORTS, each another. */
export function openerPort(n: number): number {
  if (n >= EPHEMERAL.count) return FURTHER.first + n - EPHEMERAL.count;
  // A prime step goes through all of them, and neighbours do not look like a count.
  return EPHEMERAL.first + ((n * 7919) % EPHEMERAL.count);
}
