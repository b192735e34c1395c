import type { Address } from './address.js';
import { InputError } from './diagnostic.js';
import { type Span, excerptOf } from './span.js';

/** A flow that nobody captured, e.g. `tcp 10.0.1.5 > sg-db:5432`: would its packet pass? */
export interface FlowQuestion {
  /** As written; the ends tell where in it they stand. */
  readonly text: string;
  readonly traffic: AskedTraffic;
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
}

export type AskedTraffic =
  /** Flags of the TCP header. The source port is absent when none was named. */
  | {
      readonly kind: 'tcp';
      readonly flags: number;
      readonly sourcePort?: number;
      readonly destinationPort: number;
    }
  | { readonly kind: 'udp'; readonly sourcePort?: number; readonly destinationPort: number }
  | {
      readonly kind: 'icmp';
      readonly protocol: 1 | 58;
      readonly type: number;
      readonly code: number;
    }
  /** Any other IP protocol. */
  | { readonly kind: 'protocol'; readonly protocol: number };

/** Who sends, or who is sent to. */
export type FlowEnd =
  | { readonly kind: 'address'; readonly address: Address; readonly span: Span }
  /** Anywhere outside the VPC. */
  | { readonly kind: 'internet'; readonly span: Span }
  /** Every interface of the VPC, and the internet. */
  | { readonly kind: 'any'; readonly span: Span }
  /** Id or name of an interface or group, or id of an instance. */
  | { readonly kind: 'name'; readonly name: string; readonly span: Span };

/** What is wrong with a question, shown with a caret under the characters that are meant. */
export function questionFault(text: string, span: Span, fact: string, fix: string): InputError {
  const excerpt = excerptOf(text, span);
  return new InputError([
    { severity: 'error', code: 'flow', place: 'flow question', fact, fix, excerpt },
  ]);
}
