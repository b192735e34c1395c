import { type JudgedAgain, judgeAgain } from '../../src/explain/judge-again.js';
import { flowOf } from '../../src/explain/reference-connection.js';
import type { ExplainedWorld } from '../../src/explain/world.js';
import type { Evidence } from '../../src/model/evidence.js';
import type { Packet } from '../../src/model/packet.js';
import type { Remembered } from '../../src/model/remembered.js';
import type { Direction } from '../../src/model/security-group.js';
import { DEFAULT_TRACKING, type TrackingOptions } from '../../src/model/tracking.js';
import { type InterfaceVerdict, type VerdictCode, verdictOf } from '../../src/model/verdict.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { ipOf } from './packets.js';

/** What `eni-web` remembers of the flow that a packet began there: at frame 7, last seen when that was captured. */
export function remember(
  kind: Remembered['kind'],
  opener: Packet,
  direction: Direction,
  more: Partial<Remembered> = {},
): Remembered {
  const none = { packets: 0, bytes: 0 };
  return {
    ...{ kind, eni: 'eni-web', flow: flowOf(ipOf(opener), direction)!, original: direction },
    ...{ lastSeenNs: opener.timeNs, wasEstablished: false, turns: 0, lastWasOriginal: true },
    idleSeconds: 60,
    account: { createdNs: opener.timeNs, createdFrame: 7, original: none, reply: none },
    ...more,
  };
}

export interface Asked {
  /** At `eni-web`: direction, code, rule. */
  readonly answer: readonly [Direction, VerdictCode, string?];
  readonly memory?: Remembered;
  readonly options?: Partial<TrackingOptions>;
}

export function worldOf(
  vpc: VpcDescription,
  options: Partial<TrackingOptions> = {},
): ExplainedWorld {
  const tracking = { ...DEFAULT_TRACKING, ...options };
  return { timeline: resolveTimeline(vpc), tracking, sourceOf: () => undefined };
}

/** Evidence of a packet that one interface answered for. */
export function evidenceOf(
  packet: Packet,
  [direction, code, rule]: Asked['answer'],
  memory?: Remembered,
): Evidence {
  const verdict = verdictOf(code);
  const answer: InterfaceVerdict = {
    ...{ eni: 'eni-web', direction, verdict, code },
    ...(rule === undefined ? {} : { rule }),
  };
  return {
    packet,
    verdict: { frame: 9, timeNs: packet.timeNs, verdict, code, at: [answer] },
    clockNs: packet.timeNs,
    phase: 0,
    memories: [memory, undefined],
  };
}

export function again(vpc: VpcDescription, packet: Packet, asked: Asked): JudgedAgain {
  const { answer, memory, options } = asked;
  return judgeAgain(worldOf(vpc, options), evidenceOf(packet, answer, memory));
}

/** `connection pass opened at frame 7 ...`: each step, without its place. */
export function stepTexts({ steps }: JudgedAgain): string[] {
  return steps.map(({ question, result, text }) => `${question} ${result} ${text}`);
}
