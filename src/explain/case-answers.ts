import type { Answer, Answers } from '../model/answers.js';
import type { Case, Findings } from '../model/case.js';
import type { CauseShare } from '../model/explanation.js';
import type { Evidence } from '../model/evidence.js';
import { type CapturedFrom, capturedAs } from './captured-as.js';
import { type Finding, explain, findOut } from './explain.js';
import type { ExplainedWorld } from './world.js';

/** The answer for every cause, largest first, at most `most`; what remains is counted. */
export function answerCases(
  world: ExplainedWorld,
  { cases, unlisted, docket }: Findings,
  from: CapturedFrom,
  most: number,
): Answers {
  const causes = mergeByCause(world, cases);
  const shown = causes.slice(0, most).map(({ first, share, finding }): Answer => {
    const captured = capturedAs(first, from);
    return { explanation: explain(world, first, { captured, share, docket }, finding) };
  });
  const sum = (pick: 'packets' | 'flows'): number =>
    causes.reduce((known, { share }) => known + share[pick], 0);
  return {
    shown,
    total: {
      answers: causes.length + (unlisted.packets > 0 ? 1 : 0),
      packets: sum('packets') + unlisted.packets,
      flows: sum('flows'),
    },
  };
}

/** The answer for the frame that was asked about; undefined when there is no such frame. */
export function answerFrame(
  world: ExplainedWorld,
  { cases, asked, docket }: Findings,
  from: CapturedFrom,
): Answer | undefined {
  if (asked === undefined) return undefined;
  const { evidence } = asked;
  const own = asked.case;
  const merged =
    own === undefined
      ? undefined
      : mergeByCause(
          world,
          cases.filter(({ kind }) => kind === own.kind),
        ).find((cause) => cause.members.includes(own));
  const share = merged?.share ?? own?.share;
  return {
    explanation: explain(world, evidence, {
      captured: capturedAs(evidence, from),
      ...(share === undefined ? {} : { share }),
      docket,
    }),
  };
}

/** Cases of one kind that are looked into one by one: a scan has thousands of ports. */
const EXAMINED_OF_A_KIND = 6;
/** Ports that are answered one by one. */
const PORTS_APART = 3;

interface MergedCause {
  readonly first: Evidence;
  readonly share: CauseShare;
  readonly finding: Finding;
  readonly members: readonly Case[];
}

/** Puts cases together that differ in their port alone and have one cause, when there are many of them. */
function mergeByCause(world: ExplainedWorld, cases: readonly Case[]): MergedCause[] {
  const byKind = new Map<string, Case[]>();
  for (const one of cases) {
    const alike = byKind.get(one.kind);
    if (alike === undefined) byKind.set(one.kind, [one]);
    else alike.push(one);
  }
  return [...byKind.values()].flatMap((alike) => causesOf(world, alike)).sort(byWeight);
}

function causesOf(world: ExplainedWorld, alike: readonly Case[]): MergedCause[] {
  const ranked = alike.toSorted(bySize);
  const examined = ranked.slice(0, EXAMINED_OF_A_KIND);
  const causes = new Map<string, { found: { case: Case; finding: Finding }[]; more: Case[] }>();
  for (const one of examined) {
    const finding = findOut(world, one.first);
    const known = causes.get(finding.cause);
    if (known === undefined)
      causes.set(finding.cause, { found: [{ case: one, finding }], more: [] });
    else known.found.push({ case: one, finding });
  }
  const largest = [...causes.values()].toSorted((a, b) => b.found.length - a.found.length)[0];
  largest?.more.push(...ranked.slice(EXAMINED_OF_A_KIND));
  return [...causes.values()].flatMap(({ found, more }) => {
    const together = found.length + more.length > PORTS_APART;
    if (!together) return found.map(({ case: one, finding }) => merged(finding, [one]));
    return [merged(found[0]!.finding, [...found.map((each) => each.case), ...more])];
  });
}

/** The first member is the largest, and the one that is explained. */
function merged(finding: Finding, members: readonly Case[]): MergedCause {
  const [largest] = members;
  const share = members.slice(1).reduce<CauseShare>(
    (sum, { share: one }) => ({
      packets: sum.packets + one.packets,
      bytes: sum.bytes + one.bytes,
      flows: sum.flows + one.flows,
      firstFrame: Math.min(sum.firstFrame, one.firstFrame),
      firstTimeNs: sum.firstTimeNs < one.firstTimeNs ? sum.firstTimeNs : one.firstTimeNs,
      lastTimeNs: sum.lastTimeNs > one.lastTimeNs ? sum.lastTimeNs : one.lastTimeNs,
    }),
    largest!.share,
  );
  const ports = new Set(members.flatMap(({ port }) => port ?? [])).size;
  const interfaces = new Set(members.flatMap(({ enis }) => enis)).size;
  return {
    first: largest!.first,
    share: {
      ...share,
      ...(interfaces > 1 ? { interfaces } : {}),
      ...(ports > 1 ? { ports } : {}),
      ...(members.some(({ isRest }) => isRest) ? { hasMorePorts: true as const } : {}),
    },
    finding,
    members,
  };
}

/** Where kernel and reference do not agree comes before all: nobody must overlook it. */
function byWeight(one: MergedCause, other: MergedCause): number {
  const loud = ({ finding }: MergedCause): number =>
    Number(finding.again.disagreement !== undefined);
  return loud(other) - loud(one) || bySize(one, other);
}

function bySize(one: { share: CauseShare }, other: { share: CauseShare }): number {
  return other.share.packets - one.share.packets || one.share.firstFrame - other.share.firstFrame;
}
