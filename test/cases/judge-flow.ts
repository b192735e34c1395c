import { expect } from 'vitest';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { resolveTimeline, type Timeline } from '../../src/policy/timeline.js';
import { createKernelJudge } from '../differential/judge-with-kernel.js';
import { judgeWithReference } from '../differential/judge-with-reference.js';
import { bare, icmp, tcp, udp } from '../explain/packets.js';

export interface Flow {
  readonly source: string;
  readonly destination: string;
  readonly traffic: FlowTraffic;
}

/** What a flow begins with; `bare` is any protocol without ports. */
export type FlowTraffic =
  | {
      readonly kind: 'tcp' | 'udp';
      readonly ports: readonly [source: number, destination: number];
    }
  | { readonly kind: 'icmp'; readonly message: readonly [type: number, code: number] }
  | { readonly kind: 'bare'; readonly protocol: number };

export interface Answer {
  readonly flow: Flow;
  readonly opening: FrameVerdict;
  /** Absent where no reply is due: ICMP other than an echo request. */
  readonly reply?: FrameVerdict;
}

/** Each flow's first packet and the reply to it, as if no other flow were; kernel and reference must agree. */
export function judgeFlows(vpc: VpcDescription, flows: readonly Flow[]): Answer[] {
  const timeline = resolveTimeline(vpc);
  const answers: Answer[] = [];
  for (let at = 0; at < flows.length; at += AT_A_TIME) {
    answers.push(...judgeSome(timeline, flows.slice(at, at + AT_A_TIME)));
  }
  return answers;
}

/** As many as one batch of the kernel holds with their replies. */
const AT_A_TIME = 1000;
/** Whatever an opening and a reply leave behind is gone after 600 seconds (CT-13, CT-15, CT-17, CT-25). */
const APART = 3600;

const judgeWithKernel = createKernelJudge();

function judgeSome(timeline: Timeline, flows: readonly Flow[]): Answer[] {
  const packets = flows.flatMap((flow, n) => packetsOf(flow, n * APART));
  const verdicts = judgeWithReference(timeline, DEFAULT_TRACKING, packets);
  expect(judgeWithKernel(timeline, DEFAULT_TRACKING, packets)).toEqual(verdicts);
  let next = 0;
  return flows.map((flow) => ({
    flow,
    opening: verdicts[next++]!,
    ...(isAnswered(flow) ? { reply: verdicts[next++]! } : {}),
  }));
}

const isAnswered = ({ traffic }: Flow): boolean =>
  traffic.kind !== 'icmp' || traffic.message[0] === 8;

function packetsOf({ source, destination, traffic }: Flow, seconds: number): Packet[] {
  const there = `${source} > ${destination}`;
  const back = `${destination} > ${source}`;
  switch (traffic.kind) {
    case 'tcp':
    case 'udp': {
      const [from, to] = traffic.ports;
      const request = `${source}:${from} > ${destination}:${to}`;
      const reply = `${destination}:${to} > ${source}:${from}`;
      return traffic.kind === 'tcp'
        ? [tcp(request, 'S', seconds), tcp(reply, 'SA', seconds + 1)]
        : [udp(request, seconds), udp(reply, seconds + 1)];
    }
    case 'icmp': {
      const request = icmp(there, traffic.message, seconds);
      return traffic.message[0] === 8 ? [request, icmp(back, [0, 0], seconds + 1)] : [request];
    }
    case 'bare':
      return [bare(there, traffic.protocol, seconds), bare(back, traffic.protocol, seconds + 1)];
  }
}
