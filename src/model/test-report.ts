import type { Expectation } from './expectation.js';
import type { Fix, RuleReference } from './explanation.js';

/** What became of the expectations of one file, in its order. */
export interface TestReport {
  /** As the user named it. */
  readonly file: string;
  readonly results: readonly TestResult[];
}

export interface TestResult {
  readonly expectation: Expectation;
  /** `nothing`: there was nobody or nothing that it could have been about, so that it says nothing. */
  readonly status: 'holds' | 'fails' | 'nothing';
  /** What was looked at, such as `4 packets`; why there was nothing. */
  readonly looked: string;
  /** Of one that fails. */
  readonly failure?: Failure;
}

export interface Failure {
  /** Cause or verdict code of the most common answer; `unmet` where neither tells. */
  readonly code: string;
  /** What came instead, on one line: `drop: port-not-allowed (no-rule) at eni-db ingress`. */
  readonly got: string;
  /**
   * Of whom or what, the first SUBJECTS_MAX of each: `web 10.0.1.20 > db 10.0.2.30`, or the first flows of the capture, with
   * their frames.
   */
  readonly subjects: readonly string[];
  /** How many of those that were looked at: packets that were asked about, or flows of the capture. */
  readonly wrong: number;
  readonly asked: number;
  /** Why, in words; absent where no single answer tells. */
  readonly reason?: string;
  /** Rules that let it pass, or the one that comes nearest to it. */
  readonly rules: readonly RuleReference[];
  readonly fixes: readonly Fix[];
  /** Answers for other reasons than that of the first one, by count. */
  readonly others: readonly { readonly code: string; readonly count: number }[];
}

export const SUBJECTS_MAX = 100;

/** How results are written. */
export const TEST_FORMATS = ['text', 'tap', 'junit', 'sarif', 'github', 'json'] as const;

export type TestFormat = (typeof TEST_FORMATS)[number];
