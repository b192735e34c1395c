import type { Operator } from './expression.js';

/** A question about the bytes of one frame, with every offset known. */
export type Condition =
  | { readonly kind: 'constant'; readonly value: boolean }
  | Test
  | Relation
  | { readonly kind: 'not'; readonly operand: Condition }
  | { readonly kind: 'chain'; readonly first: Condition; readonly rest: readonly Join[] };

/** Grouped to the left; later terms are asked only when needed. */
export interface Join {
  readonly join: 'and' | 'or';
  readonly term: Condition;
}

/** Big-endian bytes of the frame. A frame that does not hold them fails the whole filter. */
export interface Load {
  readonly at: number;
  readonly size: 1 | 2 | 4;
  /** The offset counts from behind the IPv4 header that begins here. */
  readonly behindIpv4?: number;
}

/** `set`: some bit of the value is set. */
export interface Test {
  readonly kind: 'test';
  readonly load: Load;
  readonly mask: number;
  readonly compare: 'equal' | 'above' | 'from' | 'set';
  readonly value: number;
}

export interface Relation {
  readonly kind: 'relation';
  readonly compare: 'equal' | 'above' | 'from';
  readonly left: Value;
  readonly right: Value;
}

export type Value =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'length' }
  | { readonly kind: 'load'; readonly load: Load; readonly index: Value }
  | { readonly kind: 'negate'; readonly operand: Value }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Value;
      readonly right: Value;
    };

const ALL = 0xffff_ffff;

export const always = (value: boolean): Condition => ({ kind: 'constant', value });

export const negated = (operand: Condition): Condition =>
  operand.kind === 'constant' ? always(!operand.value) : { kind: 'not', operand };

/** Whether the masked bytes are a value. Without any bit asked nothing is read, as in libpcap's optimized code. */
export const equals = (load: Load, value: number, mask = ALL): Condition =>
  mask === 0 ? always(value === 0) : { kind: 'test', load, mask, compare: 'equal', value };

export const above = (load: Load, value: number): Condition => compare(load, 'above', value);

export const from = (load: Load, value: number): Condition => compare(load, 'from', value);

export const hasBits = (load: Load, bits: number): Condition => compare(load, 'set', bits);

function compare(load: Load, compare: Test['compare'], value: number): Condition {
  return { kind: 'test', load, mask: ALL, compare, value };
}

export const all = (...terms: readonly Condition[]): Condition => joined('and', terms);

export const any = (...terms: readonly Condition[]): Condition => joined('or', terms);

function joined(join: 'and' | 'or', [first, ...rest]: readonly Condition[]): Condition {
  if (first === undefined) return always(join === 'and');
  return chained(
    first,
    rest.map((term) => ({ join, term })),
  );
}

/**
 * Terms grouped to the left. Constants that decide nothing are left out, and what is never asked behind others; what is
 * asked in vain stays, as bytes that a frame does not hold fail the whole filter.
 */
export function chained(first: Condition, rest: readonly Join[]): Condition {
  let head = first;
  const kept: Join[] = [];
  for (const link of rest) {
    const neutral = link.join === 'and';
    const known = kept.length === 0 && head.kind === 'constant' ? head.value : undefined;
    if (known === neutral) head = link.term;
    else if (known === undefined && !isConstant(link.term, neutral)) kept.push(link);
  }
  return kept.length === 0 ? head : { kind: 'chain', first: head, rest: kept };
}

function isConstant(condition: Condition, value: boolean): boolean {
  return condition.kind === 'constant' && condition.value === value;
}
