import type { Address, Prefix } from './address.js';
import type { FlowQuestion } from './flow-question.js';
import type { Traffic } from './security-group.js';
import type { Span } from './span.js';

/** What a user wants to hold of a VPC, or of a capture that it judges. */
export type Expectation = ExpectedFlow | CaptureStatement;

interface Written {
  /** What is expected, on one line: `pass tcp web > db:5432`, `no drops to db`. */
  readonly text: string;
  readonly because?: string;
  readonly place: WrittenPlace;
}

/** Where an expectation stands. */
export interface WrittenPlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The same as diagnostics have it, with the path inside the file. */
  readonly text: string;
}

/** A flow that nobody needs to capture: from every member of one end to every member of the other. */
export interface ExpectedFlow extends Written {
  readonly kind: 'flow';
  readonly expected: 'pass' | 'drop';
  readonly question: FlowQuestion;
}

/** About the flows of a capture. A flow goes from whoever sent its first packet. */
export interface CaptureStatement extends Written {
  readonly kind: 'capture';
  readonly claim: 'no-drops' | 'nothing-reaches' | 'something-reaches';
  /** As written, without what stands around it. */
  readonly statement: string;
  /** Only flows that a rule with this would be about: by the port that the opener addressed. */
  readonly traffic?: Traffic;
  /** Whoever it is, when absent. */
  readonly source?: CaptureEnd;
  readonly destination?: CaptureEnd;
}

/** Whose addresses a statement means; `span` tells where in it they stand. */
export type CaptureEnd = { readonly span: Span } & (
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'block'; readonly prefix: Prefix }
  /** Addresses that are routed in the internet and belong to none of the VPCs. */
  | { readonly kind: 'internet' }
  | { readonly kind: 'any' }
  /** Id or name of an interface or group, or id of an instance. */
  | { readonly kind: 'name'; readonly name: string }
);
