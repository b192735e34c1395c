import { VERDICT_CODES } from '../src/model/verdict.js';
import type { ResolvedPolicy } from '../src/policy/resolve.js';

/** What native/reference.c prints. Lists of numbers, in the order of its `print_counts`. */
export interface NativeCounts {
  readonly packets: number;
  readonly notHandled: number;
  /** Bytes, first and last time, packets earlier than one before them: numbers as text, since times do not fit. */
  readonly capture: readonly string[];
  readonly byCode: readonly (readonly [code: number, ...tally: number[]])[];
  readonly byInterface: readonly (readonly [
    eni: number,
    direction: number,
    verdict: number,
    packets: number,
    bytes: number,
  ])[];
  readonly byRule: readonly (readonly [rule: number, ...tally: number[]])[];
  readonly dropGroups: number;
  readonly groups?: readonly (readonly [code: number, eni: number, ...rest: number[]])[];
}

interface Tally {
  readonly packets: number;
  readonly bytes: number;
}
interface FlowTally extends Tally {
  readonly flows: number;
}
type Direction = 'egress' | 'ingress';

/** Of `sgsim replay --json`, the part that is compared. */
export interface ReplayReport {
  readonly totals: { readonly packets: number };
  readonly captures: readonly {
    readonly bytes: number;
    readonly firstTimeNs: string;
    readonly lastTimeNs: string;
    readonly disordered: number;
  }[];
  readonly byCode: readonly (FlowTally & { readonly code: string })[];
  readonly byInterface: readonly {
    readonly eni: string;
    readonly direction: Direction;
    readonly allowed: Tally;
    readonly dropped: Tally;
    readonly notFiltered: Tally;
    readonly notJudged: Tally;
  }[];
  readonly byRule: readonly (FlowTally & { readonly rule: string })[];
  readonly droppedFlows: readonly (FlowTally & {
    readonly code: string;
    readonly eni: string;
    readonly direction: Direction;
    readonly protocol: number;
    readonly ports: { readonly from: number } | null;
    readonly example: { readonly frame: number };
  })[];
}

const NUMBERS: ReadonlyMap<string, number> = new Map(
  VERDICT_CODES.map(({ name, number }) => [name, number]),
);
const DIRECTIONS = ['egress', 'ingress'];

/** Packets, bytes and flows by code: what every run is checked by. */
export function codesOfReport({ byCode }: ReplayReport): string {
  return sorted(byCode.map((each) => line('code', NUMBERS.get(each.code)!, ...tally(each))));
}

/** The same of the reference. */
export function codesOfNative({ byCode }: NativeCounts): string {
  return sorted(byCode.map((each) => line('code', ...each)));
}

/**
 * Where the two counts differ, a line each: of the capture, by code, by interface, direction and verdict, by rule, by group of drops. Both
 * must be whole: a report that leaves nothing out, and counts with their groups.
 */
export function differences(
  report: ReplayReport,
  native: NativeCounts,
  policy: ResolvedPolicy,
): readonly string[] {
  const ours = linesOfReport(report, policy);
  const theirs = linesOfNative(native);
  return [
    ...[...ours].filter((each) => !theirs.has(each)).map((each) => `sgsim: ${each}`),
    ...[...theirs].filter((each) => !ours.has(each)).map((each) => `reference: ${each}`),
  ];
}

function linesOfReport(report: ReplayReport, policy: ResolvedPolicy): ReadonlySet<string> {
  const interfaces = new Map(policy.interfaces.map(({ eni }, i) => [eni.id, i]));
  const rules = new Map(policy.rules.map(({ rule, index }) => [rule.id, index]));
  return new Set([
    ...report.captures.map(({ bytes, firstTimeNs, lastTimeNs, disordered }) =>
      line('capture', bytes, firstTimeNs, lastTimeNs, disordered),
    ),
    ...codesOfReport(report).split('\n'),
    ...report.byInterface.flatMap(({ eni, direction, ...seen }) =>
      [seen.allowed, seen.dropped, seen.notFiltered, seen.notJudged]
        .map(({ packets, bytes }, verdict) => ({ packets, bytes, verdict }))
        .filter(({ packets }) => packets > 0)
        .map(({ packets, bytes, verdict }) => {
          const at = [interfaces.get(eni)!, DIRECTIONS.indexOf(direction), verdict];
          return line('interface', ...at, packets, bytes);
        }),
    ),
    ...report.byRule
      .filter(({ packets }) => packets > 0)
      .map((each) => line('rule', rules.get(each.rule)!, ...tally(each))),
    ...report.droppedFlows.map((each) =>
      line(
        'group',
        NUMBERS.get(each.code)!,
        interfaces.get(each.eni)!,
        DIRECTIONS.indexOf(each.direction),
        each.protocol,
        each.ports?.from ?? -1,
        ...tally(each),
        each.example.frame,
      ),
    ),
  ]);
}

function linesOfNative(native: NativeCounts): ReadonlySet<string> {
  return new Set([
    line('capture', ...native.capture),
    ...codesOfNative(native).split('\n'),
    ...native.byInterface.map((each) => line('interface', ...each)),
    ...native.byRule.map((each) => line('rule', ...each)),
    ...native.groups!.map((each) => line('group', ...each)),
  ]);
}

const tally = ({ packets, bytes, flows }: FlowTally): number[] => [packets, bytes, flows];
const line = (what: string, ...numbers: readonly (number | string)[]): string =>
  `${what} ${numbers.join(' ')}`;
const sorted = (lines: readonly string[]): string => lines.toSorted().join('\n');
