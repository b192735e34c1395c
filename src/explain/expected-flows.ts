import { InputError } from '../model/diagnostic.js';
import type { ExpectedFlow } from '../model/expectation.js';
import type { Packet } from '../model/packet.js';
import { SUBJECTS_MAX, type TestResult } from '../model/test-report.js';
import type { FrameVerdict, Verdict } from '../model/verdict.js';
import type { VpcDescription } from '../model/vpc.js';
import type { ResolvedPolicy } from '../policy/resolve.js';
import type { Phase } from '../policy/timeline.js';
import { type UnexpectedAnswer, failureOf, unexplained } from './expectation-failure.js';
import {
  type Ends,
  type PacketKind,
  type Stationed,
  countKinds,
  expectedPackets,
} from './expected-packets.js';
import { hasPrivateAddress } from './peer-identity.js';
import { type Members, findMembers } from './question-ends.js';
import { forget } from './reference-memory.js';
import { createReference } from './reference.js';
import { type TellingAddress, tellingAddresses } from './telling-addresses.js';
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

/** Kinds of packets of one expectation, different answers that are told apart, and expectations whose failure is explained. */
const KINDS_MAX = 1_000_000;
const ANSWERS_MAX = 8;
const EXPLAINED_MAX = 250;

export function planFlows(world: ExplainedWorld): FlowPlan {
  const [{ description: whole, policy }] = world.timeline.phases as [Phase, ...Phase[]];
  // NI-5: the packets are those of the VPC that was chosen.
  const interfaces = policy.interfaces.map(({ eni }) => eni);
  const membersOf = memberFinder({ ...whole, interfaces });
  const stationed = stationedIn(whole, policy);
  const judge = freshJudge(world, policy);
  let explained = 0;
  return {
    plan: (expected) => {
      const [source, destination] = bothOf(
        () => membersOf(expected, 'source'),
        () => membersOf(expected, 'destination'),
      );
      const ends = { source, destination };
      if (countKinds(expected.question, ends, stationed) > KINDS_MAX) throw tooMany();
      return { expected, ends };
    },
    check: ({ expected, ends }) => {
      const empty = emptyEnd(expected, ends);
      if (empty !== undefined) return { expectation: expected, status: 'nothing', looked: empty };
      const several = ends.source.several || ends.destination.several;
      const answers = new Map<string, UnexpectedAnswer>();
      const subjects: string[] = [];
      const total = { asked: 0, wrong: 0 };
      for (const kind of expectedPackets(expected.question, ends, stationed)) {
        const verdict = judge(kind.packet);
        if (several && NOBODYS.has(verdict.code)) continue;
        total.asked += kind.count;
        if (isAs(expected.expected, verdict.verdict)) continue;
        total.wrong += kind.count;
        addFirst(subjects, kind.subjects());
        note(answers, kind, answerKind(verdict, stationed));
      }
      const looked = counted(total.asked);
      if (total.asked === 0) return { expectation: expected, status: 'nothing', looked: APART };
      if (total.wrong === 0) return { expectation: expected, status: 'holds', looked };
      const sums = { ...total, subjects };
      const failure =
        ++explained > EXPLAINED_MAX
          ? unexplained(world, [...answers.values()], sums)
          : failureOf(world, [...answers.values()], sums);
      return { expectation: expected, status: 'fails', looked, failure };
    },
  };
}

const APART = 'nobody at one end has an address of the family of somebody else at the other';

function memberFinder(
  description: VpcDescription,
): (expected: ExpectedFlow, side: 'source' | 'destination') => Members {
  const known = new Map<string, Members>();
  return ({ question }, side) => {
    const end = question[side];
    const key = end.kind === 'name' ? `name ${end.name}` : end.kind;
    const found = known.get(key) ?? findMembers(end, question, description);
    if (end.kind !== 'address') known.set(key, found);
    return found;
  };
}

function stationedIn(description: VpcDescription, policy: ResolvedPolicy): Stationed {
  const byId = new Map(policy.interfaces.map((it) => [it.eni.id, it]));
  const telling = tellingAddresses(description);
  const known = new Map<string, readonly TellingAddress[]>();
  return {
    holderOf: (address) =>
      policy.interfaces.find(({ eni }) => hasPrivateAddress(eni, address))?.eni.id,
    interfaceOf: (id) => byId.get(id)!,
    addressesOf: (id) => {
      const found = known.get(id) ?? telling(byId.get(id)!.eni);
      known.set(id, found);
      return found;
    },
  };
}

/** Judges each packet as if it were the first: what its interfaces remember of it is forgotten at once. */
function freshJudge(
  { tracking }: ExplainedWorld,
  policy: ResolvedPolicy,
): (packet: Packet) => FrameVerdict {
  let reference = createReference(policy, tracking);
  return (packet) => {
    const verdict = reference.judge(packet);
    // CT-19: what it takes of an allowance is not for the next.
    if (tracking.maxTracked !== undefined) reference = createReference(policy, tracking);
    for (const { eni } of verdict.at) {
      const memory = reference.memories.get(eni);
      if (memory !== undefined) forget(memory);
    }
    return verdict;
  };
}

function addFirst(subjects: string[], all: Iterable<string>): void {
  if (subjects.length >= SUBJECTS_MAX) return;
  for (const subject of all) {
    subjects.push(subject);
    if (subjects.length === SUBJECTS_MAX) return;
  }
}

function note(
  answers: Map<string, UnexpectedAnswer>,
  { packet, count }: PacketKind,
  key: string,
): void {
  const alike = answers.get(key);
  if (alike !== undefined) answers.set(key, { ...alike, count: alike.count + count });
  else if (answers.size < ANSWERS_MAX) answers.set(key, { packet, count });
}

/** A packet of an interface to itself, and one that is no packet of the VPC, are not what a group was named for. */
const NOBODYS: ReadonlySet<string> = new Set(['local', 'no-interface']);

function isAs(expected: 'pass' | 'drop', verdict: Verdict): boolean {
  return expected === 'drop'
    ? verdict === 'drop'
    : verdict === 'allow' || verdict === 'not-filtered';
}

/** Answers of one kind come from the same rules. */
function answerKind({ code, at }: FrameVerdict, { interfaceOf }: Stationed): string {
  return JSON.stringify([
    code,
    ...at.map(({ eni, direction, code: answer, rule }) => [
      ...[interfaceOf(eni).set, direction, answer, rule],
    ]),
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
      fact: `it is about more than ${KINDS_MAX} kinds of packets`,
      fix: 'name smaller groups',
    },
  ]);
}
