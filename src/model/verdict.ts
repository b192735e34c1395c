import type { Direction } from './security-group.js';

export type Verdict = 'allow' | 'drop' | 'not-filtered' | 'not-judged';

/**
 * Why a packet got its verdict. The table only grows: a code that was published keeps its number, name and
 * meaning. The kernel knows the numbers (`kernel/layout.ts`), people see the names.
 */
export const VERDICT_CODES = [
  { number: 1, name: 'rule', verdict: 'allow', text: 'a rule allows it' },
  { number: 2, name: 'tracked', verdict: 'allow', text: 'belongs to a tracked connection' },
  { number: 3, name: 'related', verdict: 'allow', text: 'icmp error about a tracked connection' },
  { number: 4, name: 'untracked', verdict: 'allow', text: 'a rule allows it; flow is not tracked' },
  { number: 5, name: 'inferred', verdict: 'allow', text: 'mid-stream start of an allowed flow' },
  { number: 16, name: 'no-rule', verdict: 'drop', text: 'no rule allows it' },
  { number: 17, name: 'no-state', verdict: 'drop', text: 'its connection had expired or closed' },
  { number: 18, name: 'not-opened', verdict: 'drop', text: 'follows an opening that was denied' },
  {
    number: 19,
    name: 'source-dest-check',
    verdict: 'drop',
    text: 'not an address of the interface',
  },
  { number: 20, name: 'unsupported-by-vpc', verdict: 'drop', text: 'multicast or broadcast' },
  {
    number: 21,
    name: 'allowance-exceeded',
    verdict: 'drop',
    text: 'its instance tracks no more',
  },
  { number: 32, name: 'exempt', verdict: 'not-filtered', text: 'Amazon service or VPC router' },
  {
    number: 33,
    name: 'not-applicable',
    verdict: 'not-filtered',
    text: 'not IP, or neighbor discovery',
  },
  { number: 34, name: 'local', verdict: 'not-filtered', text: 'both ends on one interface' },
  {
    number: 35,
    name: 'no-groups',
    verdict: 'not-filtered',
    text: 'service interface without groups',
  },
  {
    number: 36,
    name: 'recorded-twice',
    verdict: 'not-filtered',
    text: 'judged where its sender was captured',
  },
  {
    number: 48,
    name: 'no-interface',
    verdict: 'not-judged',
    text: 'no interface has its addresses',
  },
  { number: 49, name: 'state-full', verdict: 'not-judged', text: 'no memory for its connection' },
  { number: 50, name: 'cut', verdict: 'not-judged', text: 'captured too short to judge' },
  { number: 51, name: 'malformed', verdict: 'not-judged', text: 'headers contradict each other' },
  { number: 52, name: 'link-type', verdict: 'not-judged', text: 'link type is not read' },
  { number: 53, name: 'encapsulation', verdict: 'not-judged', text: 'encapsulation is not read' },
] as const satisfies readonly VerdictEntry[];

interface VerdictEntry {
  readonly number: number;
  readonly name: string;
  readonly verdict: Verdict;
  /** Meaning in a few words. */
  readonly text: string;
}

export type VerdictCode = (typeof VERDICT_CODES)[number]['name'];

/** The verdict that a code stands for. */
export function verdictOf(code: VerdictCode): Verdict {
  return BY_NAME.get(code)!.verdict;
}

/** What a code means, in a few words. */
export function codeText(code: VerdictCode): string {
  return BY_NAME.get(code)!.text;
}

const BY_NAME = new Map<VerdictCode, (typeof VERDICT_CODES)[number]>(
  VERDICT_CODES.map((entry) => [entry.name, entry]),
);

/** The answer at one interface. */
export interface InterfaceVerdict {
  readonly eni: string;
  readonly direction: Direction;
  readonly verdict: Verdict;
  readonly code: VerdictCode;
  /** The rule that allowed the packet or opened its connection. */
  readonly rule?: string;
}

/** The answer for one frame: at the sender's interface, then at the receiver's. */
export interface FrameVerdict {
  /** Position in the capture, from 1; with several captures, in all of them merged by time. */
  readonly frame: number;
  /** With several captures: the one it is from, and its position there. */
  readonly origin?: { readonly capture: string; readonly frame: number };
  readonly timeNs: bigint;
  readonly verdict: Verdict;
  readonly code: VerdictCode;
  readonly at: readonly InterfaceVerdict[];
}
