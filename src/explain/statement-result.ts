import { formatAddress } from '../model/address.js';
import type { CaptureStatement } from '../model/expectation.js';
import type { Explanation } from '../model/explanation.js';
import type { Flow } from '../model/flow.js';
import type { Packet, Transport } from '../model/packet.js';
import { SYN, TCP, UDP, protocolName } from '../model/protocol.js';
import type { Failure, TestResult } from '../model/test-report.js';
import { askPacket } from './ask.js';
import { decidingAnswer } from './deciding-answer.js';
import { explain } from './explain.js';
import { causeAndRemedy } from './expectation-failure.js';
import type { Sighting } from './sighting.js';
import type { ExplainedWorld } from './world.js';

/** What was seen decides whether a statement holds. */
export function statementResult(
  world: ExplainedWorld,
  expectation: CaptureStatement,
  { flows, packets, telling, first }: Sighting,
  phaseOf: (flow: Flow) => number,
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
  const holds = claim === 'something-reaches' ? telling.packets > 0 : telling.packets === 0;
  if (holds) return { expectation, status: 'holds', looked };
  const examples = claim === 'something-reaches' ? [first] : telling.examples;
  const [example] = examples;
  const sum = claim === 'something-reaches' ? { flows, packets } : telling;
  const failure: Failure = {
    ...reasonOf(world, claim, example!, phaseOf(example!)),
    got: `${DEEDS[claim]} ${counted(sum.packets, 'packet')} of ${sum.flows === 0 ? 'no new flow' : counted(sum.flows, 'flow')}`,
    subjects: examples.map(flowText),
    wrong: sum.flows,
    asked: flows,
  };
  return { expectation, status: 'fails', looked, failure };
}

const DEEDS = {
  'no-drops': 'dropped',
  'nothing-reaches': 'let through',
  'something-reaches': 'let nothing through of',
} as const;

/** By the first packet, where the reference, which remembers nothing, judges it as it was judged. */
function reasonOf(
  world: ExplainedWorld,
  claim: CaptureStatement['claim'],
  flow: Flow,
  phase: number,
): Pick<Failure, 'code' | 'reason' | 'rules' | 'fixes' | 'others'> {
  const isDrop = flow.verdict === 'drop';
  if (claim === 'no-drops' && !isDrop) {
    const reason = `its first packet passes (${flow.code}), a later one does not: ${askWhy(flow)}`;
    return { ...unexplained('unmet'), reason };
  }
  const explanation = explainFirst(world, flow, phase);
  if (explanation === undefined) return { ...unexplained(flow.code), reason: askWhy(flow) };
  return { ...causeAndRemedy(world, explanation, phase), others: [] };
}

function unexplained(code: string): Pick<Failure, 'code' | 'rules' | 'fixes' | 'others'> {
  return { code, rules: [], fixes: [], others: [] };
}

function askWhy({ firstFrame }: Flow): string {
  return `ask \`sgsim why\` about its packets, of which frame ${firstFrame} is the first`;
}

function explainFirst(world: ExplainedWorld, flow: Flow, phase: number): Explanation | undefined {
  const evidence = askPacket(world, firstPacket(flow), phase);
  const { verdict, code, at } = evidence.verdict;
  const isSame =
    code === flow.code && JSON.stringify(at.map(placeOf)) === JSON.stringify(flow.at.map(placeOf));
  if (!isSame || verdict === 'not-judged') return undefined;
  return explain(world, evidence, {});
}

const placeOf = ({ eni, direction, code }: Flow['at'][number]): readonly string[] => [
  eni,
  direction,
  code,
];

/** Flags are known of all packets together: who opens sends a SYN. */
function firstPacket(flow: Flow): Packet {
  const { source, destination, protocol } = flow;
  const transport = transportOf(flow);
  const ip = { source, destination, protocol, ...(transport && { transport }) };
  return { timeNs: flow.firstTimeNs, length: 60, content: { kind: 'ip', ip } };
}

function transportOf(flow: Flow): Transport | undefined {
  const { protocol, sourcePort, destinationPort, icmp, tcpFlags } = flow;
  if (icmp !== undefined) return { kind: 'icmp', ...icmp };
  if (sourcePort === undefined || destinationPort === undefined) return undefined;
  const ports = { sourcePort, destinationPort };
  if (protocol === UDP) return { kind: 'udp', ...ports };
  if (protocol !== TCP) return undefined;
  return { kind: 'tcp', ...ports, flags: (tcpFlags & SYN) === 0 ? tcpFlags : SYN };
}

/** `frame 134: 10.0.1.20:45904 > 10.0.2.30:6379 tcp, drop no-rule at eni-0db ingress`. */
function flowText(flow: Flow): string {
  const { source, destination, sourcePort, destinationPort, protocol, icmp } = flow;
  const end = ({ family, ...address }: Flow['source'], port: number | undefined): string => {
    const text = formatAddress({ family, ...address });
    if (port === undefined) return text;
    return family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
  };
  const name = protocolName(protocol);
  const what = name === String(protocol) ? `protocol ${name}` : name;
  const type = icmp === undefined ? '' : ` ${icmp.type}/${icmp.code}`;
  const answer = decidingAnswer(flow.at);
  const at = answer === undefined ? '' : ` at ${answer.eni} ${answer.direction}`;
  const ends = `${end(source, sourcePort)} > ${end(destination, destinationPort)}`;
  return `frame ${flow.firstFrame}: ${ends} ${what}${type}, ${flow.verdict.replace('-', ' ')} ${flow.code}${at}`;
}

function counted(value: number, noun: string): string {
  const text = String(value).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${text} ${noun}${value === 1 ? '' : 's'}`;
}
