import type { RuleReference } from '../model/explanation.js';
import type { Remembered } from '../model/remembered.js';

/** `tcp/443 from 0.0.0.0/0 (sgr-1 in sg-web)` */
export function nameRule({ id, groupId, text }: RuleReference): string {
  return `${text} (${id} in ${groupId})`;
}

/** `sg-a`, `sg-a and sg-b`, `sg-a, sg-b and sg-c` */
export function listed(words: readonly string[]): string {
  const last = words.at(-1)!;
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** The frame that began what is remembered. */
export function openingFrame({ account }: Remembered): string {
  return `frame ${account.createdFrame}`;
}

/** A span of time in seconds, cut to milliseconds: `41 s`, `0.25 s`. */
export function seconds(ns: bigint): string {
  return `${Number(ns / 1_000_000n) / 1000} s`;
}
