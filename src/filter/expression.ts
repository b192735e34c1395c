import type { Span } from '../model/span.js';
import type { IpLayer } from './protocol-names.js';

/** A filter expression as parsed: what is asked, before it is known where the frame holds it. */
export type Expression =
  | { readonly kind: 'chain'; readonly first: Expression; readonly rest: readonly Link[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | Primitive;

/** `and` and `or` have the same precedence and group to the left. */
export interface Link {
  readonly join: 'and' | 'or';
  readonly term: Expression;
}

/** A question of its own; the span is what a refusal points at. */
export type Primitive = Question & { readonly span: Span };

type Question =
  | { readonly kind: 'ether-type'; readonly value: number }
  | { readonly kind: 'ip-protocol'; readonly layer: IpLayer; readonly number: number }
  | {
      readonly kind: 'address4';
      readonly layers: readonly Layer4[];
      readonly direction: Direction;
      readonly value: number;
      readonly mask: number;
    }
  | {
      readonly kind: 'address6';
      readonly direction: Direction;
      readonly value: bigint;
      readonly mask: bigint;
    }
  | { readonly kind: 'mac'; readonly direction: Direction; readonly value: bigint }
  | {
      readonly kind: 'ports';
      readonly protocols: readonly number[];
      readonly direction: Direction;
      readonly low: number;
      readonly high: number;
    }
  | { readonly kind: 'broadcast' }
  | { readonly kind: 'multicast'; readonly layer: 'link' | 'ip' | 'ip6' }
  | { readonly kind: 'vlan' | 'mpls' | 'pppoes'; readonly number?: number }
  | {
      readonly kind: 'relation';
      readonly operator: '=' | '!=' | '>' | '>=' | '<' | '<=';
      readonly left: Arithmetic;
      readonly right: Arithmetic;
    };

/** Which of the two addresses or ports is asked. */
export type Direction = 'source' | 'destination' | 'either' | 'both';

/** Headers that hold IPv4 addresses. */
export type Layer4 = 'ip' | 'arp' | 'rarp';

/** Unsigned 32-bit arithmetic over the frame. */
export type Arithmetic =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'length' }
  | {
      readonly kind: 'load';
      readonly layer: string;
      readonly index: Arithmetic;
      readonly size: 1 | 2 | 4;
      readonly span: Span;
    }
  | { readonly kind: 'negate'; readonly operand: Arithmetic }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Arithmetic;
      readonly right: Arithmetic;
      readonly span: Span;
    };

export type Operator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';
