import type { Address } from '../model/address.js';
import { InputError } from '../model/diagnostic.js';
import type { ExpectedFlow } from '../model/expectation.js';
import { SUBJECTS_MAX, type TestResult } from '../model/test-report.js';
import type { FrameVerdict, Verdict } from '../model/verdict.js';
import type { VpcDescription } from '../model/vpc.js';
import type { Phase } from '../policy/timeline.js';
import { type Ends, countPackets, expectedPackets } from './expected-packets.js';
import { type UnexpectedAnswer, failureOf } from './expectation-failure.js';
import { type Members, findMembers } from './question-ends.js';
import { createReference } from './reference.js';
import { tellingAddresses } from './telling-addresses.js';
import type { ExplainedWorld } from './world.js';

/** An expectation and who it is about. */
export interface PlannedFlow {
  readonly expected: ExpectedFlow;
  readonly ends: Ends;
}

export interface FlowPlan {
  /** Who stands at the ends. Throws InputError for names that mean nobody, or when there are too many packets. */
  readonly plan: (expected: ExpectedFlow) => PlannedFlow;
  /** Judges every packet by the reference, as the VPC is before any event, with nothing remembered. */
  readonly check: (planned: PlannedFlow) => TestResult;
}

/** Packets of one expectation. */
const PACKETS_MAX = 1_000_000;

/** Different answers of one expectation that are told apart. */
const ANSWERS_MAX = 8;

export function planFlows(world: ExplainedWorld): FlowPlan {
  const [{ description: whole, policy }] = world.timeline.phases as [Phase, ...Phase[]];
  // NI-5: the packets are those of the VPC that was chosen.
  const interfaces = policy.interfaces.map(({ eni }) => eni);
  const description: VpcDescription = { ...whole, interfaces };
  const byId = new Map(policy.interfaces.map((it) => [it.eni.id, it]));
  const telling = tellingAddresses(whole);
  const known = new Map<string, readonly Address[]>();
  const addressesOf = (id: string): readonly Address[] => {
    const found = known.get(id) ?? telling(byId.get(id)!.eni);
    known.set(id, found);
    return found;
  };
  const members = new Map<string, Members>();
  const membersOf = (expected: ExpectedFlow, side: 'source' | 'destination'): Members => {
    const { question } = expected;
    const end = question[side];
    const key = end.kind === 'name' ? `name ${end.name}` : end.kind;
    const found = members.get(key) ?? findMembers(end, question, description);
    if (end.kind !== 'address') members.set(key, found);
    return found;
  };
  return {
    plan: (expected) => {
      const [source, destination] = bothOf(
        () => membersOf(expected, 'source'),
        () => membersOf(expected, 'destination'),
      );
      const ends = { source, destination };
      if (countPackets(expected.question, ends, addressesOf) > PACKETS_MAX) throw tooMany();
      return { expected, ends };
    },
    check: ({ expected, ends }) => {
      const { question } = expected;
      const empty = emptyEnd(expected, ends);
      if (empty !== undefined) return { expectation: expected, status: 'nothing', looked: empty };
      const several = ends.source.several || ends.destination.several;
      const answers = new Map<string, UnexpectedAnswer>();
      const subjects: string[] = [];
      const total = { asked: 0, wrong: 0 };
      const setOf = (id: string): string => String(byId.get(id)?.set);
      for (const batch of expectedPackets(question, ends, addressesOf, (id) => byId.get(id)?.eni)) {
        let reference = createReference(policy, world.tracking);
        for (const { packet, subject } of batch) {
          const verdict = reference.judge(packet);
          // CT-19: what the packets before it take of an allowance is none of its business.
          if (world.tracking.maxTracked !== undefined) {
            reference = createReference(policy, world.tracking);
          }
          if (several && NOBODYS.has(verdict.code)) continue;
          total.asked++;
          if (isAs(expected.expected, verdict.verdict)) continue;
          total.wrong++;
          if (subjects.length < SUBJECTS_MAX) subjects.push(subject);
          const key = kindOf(verdict, setOf);
          const alike = answers.get(key);
          if (alike !== undefined) answers.set(key, { ...alike, count: alike.count + 1 });
          else if (answers.size < ANSWERS_MAX) answers.set(key, { packet, count: 1 });
        }
      }
      const looked = counted(total.asked);
      if (total.asked === 0) {
        const why =
          'nobody at one end has somebody else at the other, with an address of one family';
        return { expectation: expected, status: 'nothing', looked: why };
      }
      if (total.wrong === 0) return { expectation: expected, status: 'holds', looked };
      const failure = failureOf(world, [...answers.values()], { ...total, subjects });
      return { expectation: expected, status: 'fails', looked, failure };
    },
  };
}

/** A packet of an interface to itself, and one that is no packet of the VPC, are not what a group was named for. */
const NOBODYS: ReadonlySet<string> = new Set(['local', 'no-interface']);

function isAs(expected: 'pass' | 'drop', verdict: Verdict): boolean {
  return expected === 'drop'
    ? verdict === 'drop'
    : verdict === 'allow' || verdict === 'not-filtered';
}

/** Packets of one kind get their answers from the same rules. */
function kindOf({ code, at }: FrameVerdict, setOf: (eni: string) => string): string {
  return JSON.stringify([
    code,
    ...at.map(({ eni, direction, code: answer, rule }) => [setOf(eni), direction, answer, rule]),
  ]);
}

function emptyEnd({ question }: ExpectedFlow, ends: Ends): string | undefined {
  for (const side of ['source', 'destination'] as const) {
    if (ends[side].members.length > 0) continue;
    const { at, length } = question[side].span;
    return `no interface carries ${question.text.slice(at, at + length)}`;
  }
  return undefined;
}

const counted = (packets: number): string => (packets === 1 ? '1 packet' : `${packets} packets`);

/** Both, or the faults of both. */
function bothOf<T>(one: () => T, other: () => T): [T, T] {
  const results: T[] = [];
  const faults: InputError[] = [];
  for (const each of [one, other]) {
    try {
      results.push(each());
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new InputError(faults.flatMap(({ diagnostics }) => diagnostics));
  return results as [T, T];
}

function tooMany(): InputError {
  return new InputError([
    {
      severity: 'error',
      code: 'expectation',
      place: '',
      fact: `it is about more than ${PACKETS_MAX} packets`,
      fix: 'name smaller groups',
    },
  ]);
}
