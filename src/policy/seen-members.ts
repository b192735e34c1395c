import { type Address, type Prefix, formatPrefix } from '../model/address.js';
import { createPrefixIndex } from './prefix-index.js';
import type { Phase } from './timeline.js';

/** Which of the prefixes that a rule's group or prefix list stands for had packets. */
export interface SeenMembers {
  note(address: Address): void;
  readonly count: number;
  used(): number;
  /** As many as are asked for, in the order of the documents. */
  unused(most: number): Prefix[];
}

/** Of a rule, by number, whatever it stands for at any time. */
export function createSeenMembers(phases: readonly Phase[], rule: number): SeenMembers {
  const members = new Map<string, Prefix>();
  for (const { policy } of phases) {
    for (const { index, prefixes } of policy.rules) {
      if (index !== rule) continue;
      for (const prefix of prefixes) members.set(formatPrefix(prefix), prefix);
    }
  }
  const index = createPrefixIndex<string>();
  for (const [text, prefix] of members) index.add(prefix, text);
  const seen = new Set<string>();
  return {
    note(address) {
      for (const text of index.holding(address)) seen.add(text);
    },
    count: members.size,
    used: () => seen.size,
    unused: (most) =>
      [...members].flatMap(([text, prefix]) => (seen.has(text) ? [] : [prefix])).slice(0, most),
  };
}
