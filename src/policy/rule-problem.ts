/** Why a rule matches nothing whatever arrives (SG-9, SG-13 to SG-16, SG-19). */
export type RuleProblem =
  'unresolved' | 'stale' | 'unknown-group' | 'not-peered' | 'egress-reference';

/** Such a rule's problem in words. */
export interface Unmatched {
  readonly problem: RuleProblem;
  readonly fact: string;
  readonly fix: string;
  /** Set when it is a VPC peering that is not active (SG-13, SG-19). */
  readonly overPeering?: true;
}
