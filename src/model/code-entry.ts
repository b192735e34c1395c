import type { Verdict } from './verdict.js';

/** `diagnostic`: an error or a warning about an input. `refusal`: AWS's own code for an edit that it would refuse. */
export const CODE_KINDS = ['verdict', 'cause', 'diagnostic', 'refusal'] as const;

export type CodeKind = (typeof CODE_KINDS)[number];

/** What a user who met a code wants to know. Texts are lowercase, without full stop. */
export interface CodeEntry extends CodeNote {
  readonly code: string;
  readonly kind: CodeKind;
  /** Of a verdict code: what it stands for. */
  readonly verdict?: Verdict;
}

export interface CodeNote extends Advice {
  /** Meaning in a line. */
  readonly text: string;
}

export interface Advice {
  /** The usual cause. */
  readonly usually: string;
  /** What to do about it. */
  readonly remedy: string;
}
