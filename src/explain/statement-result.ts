import { formatAddress } from '../model/address.js';
import type { CaptureStatement } from '../model/expectation.js';
import type { Evidence } from '../model/evidence.js';
import type { Flow } from '../model/flow.js';
import { protocolName } from '../model/protocol.js';
import type { Failure, TestResult } from '../model/test-report.js';
import { decidingAnswer } from './deciding-answer.js';
import { explain } from './explain.js';
import { causeAndRemedy } from './expectation-failure.js';
import { firstEvidence } from './flow-evidence.js';
import type { Sighting } from './sighting.js';
import type { ExplainedWorld } from './world.js';

/** What results rest on. */
export interface StatementGrounds {
  readonly world: ExplainedWorld;
  /** The phase in which a flow began. */
  readonly phaseOf: (flow: Flow) => number;
  /** The first packet of a flow that was dropped, where it was kept. */
  readonly dropOf: (flow: Flow) => Evidence | undefined;
}

/** What was seen decides whether a statement holds. */
export function statementResult(
  grounds: StatementGrounds,
  expectation: CaptureStatement,
  { flows, packets, telling, first }: Sighting,
): TestResult {
  const looked = `${counted(flows, 'flow')}, ${counted(packets, 'packet')}`;
  const { claim } = expectation;
  if (first === undefined) {
    const none = 'nothing in the capture is about it';
    if (claim !== 'something-reaches') return { expectation, status: 'nothing', looked: none };
    const sums = { subjects: [], wrong: 0, asked: 0 };
    const failure = { ...unexplained('unmet'), got: none, ...sums };
    return { expectation, status: 'fails', looked, failure };
  }
  const wantsSome = claim === 'something-reaches';
  const isMet = wantsSome ? telling.packets > 0 : telling.packets === 0;
  if (isMet) return { expectation, status: 'holds', looked };
  const examples = (wantsSome ? [first] : telling.examples).map((flow) =>
    exampleOf(grounds, claim, flow),
  );
  const sum = wantsSome ? { flows, packets } : telling;
  const failure: Failure = {
    ...reasonOf(grounds, examples),
    got: `${DEEDS[claim]} ${counted(sum.packets, 'packet')}`,
    subjects: examples.map(exampleText),
    ...{ wrong: sum.flows, asked: flows },
  };
  return { expectation, status: 'fails', looked, failure };
}

const DEEDS = {
  'no-drops': 'dropped',
  'nothing-reaches': 'let through',
  'something-reaches': 'let through none of',
} as const;

interface Example {
  readonly flow: Flow;
  /** A packet of it that speaks against the statement, where one is known. */
  readonly evidence: Evidence | undefined;
}

function exampleOf(
  { world, phaseOf, dropOf }: StatementGrounds,
  claim: CaptureStatement['claim'],
  flow: Flow,
): Example {
  const dropped = claim === 'no-drops' ? dropOf(flow) : undefined;
  const isFirst = claim !== 'no-drops' || flow.verdict === 'drop';
  return {
    flow,
    evidence: dropped ?? (isFirst ? firstEvidence(world, flow, phaseOf(flow)) : undefined),
  };
}

function reasonOf(
  { world }: StatementGrounds,
  examples: readonly Example[],
): Pick<Failure, 'code' | 'reason' | 'rules' | 'fixes' | 'others'> {
  const told = examples.find(({ evidence }) => evidence !== undefined);
  if (told !== undefined) {
    const explanation = explain(world, told.evidence!, {});
    return { ...causeAndRemedy(world, explanation, told.evidence!.phase), others: [] };
  }
  const [{ flow }] = examples as [Example];
  const reason = `ask \`sgsim why\` about the flow that begins with frame ${flow.firstFrame}`;
  return { ...unexplained('unmet'), reason };
}

function unexplained(code: string): Pick<Failure, 'code' | 'rules' | 'fixes' | 'others'> {
  return { code, rules: [], fixes: [], others: [] };
}

/** `frame 134: 10.0.1.20:45904 > 10.0.2.30:6379 tcp, drop no-rule at eni-0db ingress`. */
function exampleText({ flow, evidence }: Example): string {
  const { source, destination, sourcePort, destinationPort, protocol, icmp } = flow;
  const name = protocolName(protocol);
  const what = name === String(protocol) ? `protocol ${name}` : name;
  const type = icmp === undefined ? '' : ` ${icmp.type}/${icmp.code}`;
  const ends = `${endText(source, sourcePort)} > ${endText(destination, destinationPort)} ${what}${type}`;
  const { frame, verdict, code, at } = evidence?.verdict ?? { ...flow, frame: flow.firstFrame };
  if (evidence === undefined) return `flow of frame ${frame}: ${ends}`;
  const answer = decidingAnswer(at);
  const where = answer === undefined ? '' : ` at ${answer.eni} ${answer.direction}`;
  return `frame ${frame}: ${ends}, ${verdict.replace('-', ' ')} ${code}${where}`;
}

function endText(address: Flow['source'], port: number | undefined): string {
  const text = formatAddress(address);
  if (port === undefined) return text;
  return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
}

function counted(value: number, noun: string): string {
  const text = String(value).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${text} ${noun}${value === 1 ? '' : 's'}`;
}
