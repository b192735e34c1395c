import { addFault, cut, type Faults } from './faults.js';

/** Whatever has an id and a place in a document. */
export interface Identified {
  readonly id: string;
  readonly place: string;
}

/** Keeps the first of each id. Repeating the same content is fine, contradicting it is an error. */
export function dropCopies<T extends Identified>(
  items: readonly T[],
  faults: Faults,
): readonly T[] {
  const first = new Map<string, T>();
  for (const item of items) {
    const known = first.get(item.id);
    if (known === undefined) first.set(item.id, item);
    else if (contentOf(known) !== contentOf(item)) contradiction(item, known, faults);
  }
  return [...first.values()];
}

/** Reports that two documents tell different things of one id. */
export function contradiction(item: Identified, known: Identified, faults: Faults): void {
  const fact = `${cut(item.id)} differs from the one at ${known.place}`;
  addFault(faults, 'error', 'duplicate-id', item.place, fact, 'keep one of the two');
}

/** Equal for two nouns that say the same, wherever they stand; public addresses come and go, and decide nothing. */
function contentOf(item: Identified): string {
  return JSON.stringify(item, (key, value: unknown) => {
    if (key === 'place' || key === 'publicAddresses') return undefined;
    return typeof value === 'bigint' ? String(value) : value;
  });
}
