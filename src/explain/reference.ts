import type { Question } from '../model/explanation.js';
import type { IpPacket, Packet } from '../model/packet.js';
import type { Remembered } from '../model/remembered.js';
import type { Direction } from '../model/security-group.js';
import type { TrackingOptions } from '../model/tracking.js';
import { verdictOf } from '../model/verdict.js';
import type { FrameVerdict, InterfaceVerdict, VerdictCode } from '../model/verdict.js';
import type { ResolvedInterface, ResolvedPolicy } from '../policy/resolve.js';
import {
  isBeyondCheck,
  exemptionAnywhere,
  exemptionAt,
  isNeighborDiscovery,
  isUnsupportedByVpc,
  localAddress,
} from './reference-exempt.js';
import { decidingAnswer } from './deciding-answer.js';
import { recall } from './recall.js';
import { type SeenFrame, createEarlyFragments } from './reference-early.js';
import { type Allowances, createAllowances } from './reference-allowance.js';
import { judgeByGroups } from './reference-groups.js';
import { type GuardedInterface, forgetExpired } from './reference-state.js';
import { type Finding, type Memory, emptyMemory, sizeOf } from './reference-memory.js';
import { holderOf, holdsAddress, indexHolders } from './reference-holders.js';
import type { Holders } from './reference-holders.js';
import type { Observer, Tell } from './reference-observer.js';

export { matchingRules } from './reference-rules.js';

/** The specification made runnable: slow, obvious, and the judge of every faster implementation. */
export interface Reference {
  /**
   * Judges the next frame of the capture by what came before it. Never throws; frames are numbered from 1 unless `number`
   * tells, which ascends.
   */
  judge(packet: Packet, number?: number): FrameVerdict;
  /** Other verdicts of earlier frames, since the last call: what came behind them has covered them (CT-18). */
  revise(): FrameVerdict[];
  /** From the next frame on, other rules, groups and addresses hold; what is remembered stays (CT-8, SG-21). */
  change(policy: ResolvedPolicy): void;
  /** From the next frame on, an interface remembers this of a flow or a datagram, whatever it did before. */
  recall(remembered: Remembered): void;
  /** What it remembers now, by interface. */
  readonly memories: ReadonlyMap<string, Memory>;
}

export interface ReferenceContext {
  /** Of each instance; those of the options when left out. */
  readonly allowances?: Allowances;
  readonly observer?: Observer;
}

/** A reference with empty memory. It keeps what can still change a verdict, not the capture's length. */
export function createReference(
  policy: ResolvedPolicy,
  options: TrackingOptions,
  { allowances = createAllowances(options.maxTracked), observer }: ReferenceContext = {},
): Reference {
  const memories = new Map<string, Memory>();
  const worldOf = (holding: ResolvedPolicy): World => ({
    options,
    holders: indexHolders(holding.interfaces),
    guarded: guardInterfaces(holding, options, memories, allowances),
    ...(observer === undefined ? {} : { observer }),
  });
  let world = worldOf(policy);
  let frame = 0;
  let clock = 0n;
  let untilSweep = SWEEP_FRAMES;
  const early = createEarlyFragments();
  return {
    judge(packet, number = frame + 1) {
      frame = number;
      // CP-7: packet time is the clock; a packet dated before an earlier one is judged at the later time.
      if (packet.timeNs > clock) clock = packet.timeNs;
      untilSweep -= 1;
      if (untilSweep === 0) untilSweep = sweep(world, clock);
      const { judgement, datagram } = judgeFrame(world, packet, clock);
      const verdict = { frame, timeNs: packet.timeNs, ...judgement };
      early.see({ packet, clock, verdict, datagram });
      return verdict;
    },
    revise: () => early.revise(),
    change(next) {
      world = worldOf(next);
    },
    recall(remembered) {
      for (const [at, guarded] of world.guarded) {
        if (at.eni.id === remembered.eni) recall(guarded, remembered);
      }
    },
    memories,
  };
}

interface World {
  readonly options: TrackingOptions;
  readonly holders: Holders;
  /** Interfaces with security groups; the others filter nothing (SG-7). */
  readonly guarded: ReadonlyMap<ResolvedInterface, GuardedInterface>;
  readonly observer?: Observer;
}

type Judgement = Omit<FrameVerdict, 'frame' | 'timeNs'>;

interface Judged {
  readonly judgement: Judgement;
  /** Of each interface's answer. */
  readonly datagram: SeenFrame['datagram'];
}

/** Section 0, from the top: what is it, whose is it, egress at the sender, then ingress at the receiver. */
function judgeFrame(world: World, packet: Packet, now: bigint): Judged {
  const { content, sourceMac, destinationMac } = packet;
  if (content.kind === 'unread') return judgedNowhere(content.code);
  if (content.kind === 'non-ip') return judgedNowhere('not-applicable');
  const { ip } = content;
  if (isNeighborDiscovery(ip)) return judgedNowhere('not-applicable');

  const sender = holderOf(world.holders, sourceMac, ip.source);
  const receiver = holderOf(world.holders, destinationMac, ip.destination);
  world.observer?.holders(sender, receiver);
  if (sender === undefined && receiver === undefined) {
    return judgedNowhere(exemptionAnywhere(ip, world.options.exempt) ? 'exempt' : 'no-interface');
  }
  if (sender === receiver) return judgedNowhere('local'); // SG-20

  const findings: Finding[] = [];
  const at: InterfaceVerdict[] = [];
  const ask = (eni: ResolvedInterface, direction: Direction): void => {
    const finding = findAt(world, eni, ip, direction, now);
    findings.push(finding);
    at.push(answerOf(eni, direction, finding));
  };
  if (sender !== undefined) ask(sender, 'egress');
  if (receiver !== undefined && at.every(({ verdict }) => verdict !== 'drop')) {
    ask(receiver, 'ingress');
  }
  return { judgement: summed(at), datagram: findings.map(({ datagram }) => datagram) };
}

function judgedNowhere(code: VerdictCode): Judged {
  return { judgement: { verdict: verdictOf(code), code, at: [] }, datagram: [] };
}

function summed(at: readonly InterfaceVerdict[]): Judgement {
  const { verdict, code } = decidingAnswer(at)!;
  return { verdict, code, at };
}

function answerOf(
  { eni: { id: eni } }: ResolvedInterface,
  direction: Direction,
  { code, rule }: Finding,
): InterfaceVerdict {
  const answer = { eni, direction, verdict: verdictOf(code), code };
  return rule === undefined ? answer : { ...answer, rule };
}

/** One line of section 0: source/dest check, exempt, and then the security groups. */
function findAt(
  world: World,
  at: ResolvedInterface,
  packet: IpPacket,
  direction: Direction,
  now: bigint,
): Finding {
  const { options, observer } = world;
  const tell: Tell = (question, finding) => observer?.asked(at, direction, { question, finding });
  const guarded = world.guarded.get(at);
  const first: readonly (readonly [Question, VerdictCode, boolean])[] = [
    ['source-dest-check', 'source-dest-check', failsSourceDestCheck(world, at, packet, direction)],
    ['exempt', 'exempt', exemptionAt(at, packet, direction, options.exempt) !== undefined],
    ['multicast', 'unsupported-by-vpc', isUnsupportedByVpc(at, packet.destination)],
    ['groups', 'no-groups', guarded === undefined],
  ];
  for (const [question, code, decides] of first) {
    const finding = decides ? { code } : undefined;
    tell(question, finding);
    if (finding !== undefined) return finding;
  }
  return judgeByGroups(guarded!, packet, direction, now, tell);
}

/** NI-3: a host sends from and receives at its own addresses only. */
function failsSourceDestCheck(
  { holders }: World,
  at: ResolvedInterface,
  packet: IpPacket,
  direction: Direction,
): boolean {
  if (!at.eni.sourceDestCheck) return false;
  const local = localAddress(packet, direction);
  return !holdsAddress(holders, at.eni, local) && !isBeyondCheck(at, local, direction);
}

function guardInterfaces(
  policy: ResolvedPolicy,
  options: TrackingOptions,
  memories: Map<string, Memory>,
  allowances: Allowances,
): Map<ResolvedInterface, GuardedInterface> {
  const guarded = new Map<ResolvedInterface, GuardedInterface>();
  for (const it of policy.interfaces) {
    if (it.set === undefined) continue;
    const memory = memories.get(it.eni.id) ?? emptyMemory();
    memories.set(it.eni.id, memory);
    guarded.set(it, {
      policy,
      set: it.set,
      idleSeconds: it.idleSeconds,
      options,
      allowance: allowances.of(it.eni),
      memory,
    });
  }
  return guarded;
}

/** Frames between two sweeps, at least: rare enough to cost nothing, often enough to stay small. */
const SWEEP_FRAMES = 4096;

/** Forgets what no longer matters; returns the frames until the next sweep, in proportion to what is left. */
function sweep({ guarded }: World, now: bigint): number {
  let left = 0;
  for (const it of guarded.values()) {
    forgetExpired(it, now);
    left += sizeOf(it.memory);
  }
  return Math.max(SWEEP_FRAMES, left);
}
