import type { Agreement, Difference, DifferenceKind, NotJudgedReason } from '../model/agreement.js';
import { isPortless } from '../model/logged-flow.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import type { OrderedFlow, RecordAccount } from '../model/recorded-flow.js';
import type { FrameVerdict, InterfaceVerdict } from '../model/verdict.js';
import { reasonsFor } from './difference-reasons.js';
import type { ExplainedWorld } from './world.js';

/** Holds our verdicts on the packets of records against what the records say. */
export interface AgreementTally {
  /** Is told, in the order of frames, which record each frame is of. */
  readonly onFrame: (ordered: OrderedFlow, isLast: boolean) => void;
  /** Takes the verdicts in frame order; frames that were left out have none. */
  take(verdicts: Iterable<FrameVerdict>): void;
  /** What came of it; `top` differences are explained. Throws InputError. */
  finish(account: RecordAccount, world: ExplainedWorld, top: number): Agreement;
}

/** Differences that are told apart; scans would make one for each port. */
const KINDS_MAX = 1 << 16;

/** `interfaces`: ids of those that the VPC has. */
export function createAgreementTally(interfaces: ReadonlySet<string>): AgreementTally {
  /** Frames that were not judged yet. */
  let queue: { readonly ordered: OrderedFlow; readonly isLast: boolean }[] = [];
  let taken = 0;
  /** Number of the frame that `queue[taken]` tells of. */
  let next = 1;
  const open = new Map<OrderedFlow, Map<string, Vote>>();
  const notJudged = new Map<NotJudgedReason, number>();
  const kinds = new Map<string, MutableDifference>();
  let agree = 0;
  let differ = 0;

  const count = (reason: NotJudgedReason, records = 1): void => {
    if (records > 0) notJudged.set(reason, (notJudged.get(reason) ?? 0) + records);
  };
  const settle = (ordered: OrderedFlow): void => {
    const votes = [...(open.get(ordered)?.values() ?? [])];
    open.delete(ordered);
    // What most of its packets got, of equals, what came first; and why the first of those got it.
    const most = votes.reduce<Vote | undefined>(
      (best, vote) => (best !== undefined && best.frames >= vote.frames ? best : vote),
      undefined,
    );
    const answer = most?.answer ?? 'left-out';
    if (typeof answer === 'string') {
      count(answer);
      return;
    }
    if (passes(answer) === ordered.flow.traffic.accepted) {
      agree++;
      return;
    }
    const unsure = unsureReason(ordered);
    if (unsure !== undefined) {
      count(unsure);
      return;
    }
    differ++;
    note(kinds, ordered, answer);
  };
  const advance = (): void => {
    const { ordered, isLast } = queue[taken]!;
    if (isLast) settle(ordered);
    taken++;
    next++;
    if (taken < 4096 || taken * 2 < queue.length) return;
    queue = queue.slice(taken);
    taken = 0;
  };
  return {
    onFrame: (ordered, isLast) => void queue.push({ ordered, isLast }),
    take: (verdicts) => {
      for (const verdict of verdicts) {
        while (next < verdict.frame) advance();
        const { ordered } = queue[taken]!;
        const votes = open.get(ordered) ?? new Map<string, Vote>();
        open.set(ordered, votes);
        const answer = answerTo(ordered, verdict, interfaces);
        const key = typeof answer === 'string' ? answer : String(passes(answer));
        const vote = votes.get(key);
        if (vote === undefined) votes.set(key, { answer, frames: 1 });
        else vote.frames++;
        advance();
      }
    },
    finish: (account, world, top) => {
      while (taken < queue.length) advance();
      count('malformed', account.malformed);
      count('nodata', account.noData);
      count('skipdata', account.skipped);
      const all = [...kinds.values()].sort((one, other) => other.records - one.records);
      const others = all.slice(top);
      return {
        records: account.records,
        ...{ agree, differ },
        notJudged: [...notJudged].map(([reason, records]) => ({ reason, records })),
        differences: all
          .slice(0, top)
          .map((each) => ({ ...each, reasons: reasonsFor(world, each, each.isReply) })),
        otherDifferences: {
          differences: others.length,
          records: others.reduce((sum, { records }) => sum + records, 0),
        },
      };
    },
  };
}

interface Vote {
  readonly answer: InterfaceVerdict | NotJudgedReason;
  frames: number;
}

interface MutableDifference extends DifferenceKind {
  records: number;
  packets: number;
  bytes: number;
  readonly example: Difference['example'];
  /** Whether that is of packets that went against the opener's. */
  readonly isReply: boolean;
}

/** A service interface without groups lets everything pass. */
const passes = ({ verdict, code }: InterfaceVerdict): boolean =>
  verdict === 'allow' || code === 'no-groups';

/** Why it may be the packets that were made up for the record which differ. */
function unsureReason({ flow: { traffic }, isMixed }: OrderedFlow): NotJudgedReason | undefined {
  const { protocol } = traffic;
  if (isMixed) return protocol === ICMP || protocol === ICMPV6 ? 'icmp-type' : 'same-seconds';
  return isPortless(traffic) ? 'no-ports' : undefined;
}

/** What the record's interface answered; a drop before the packets came there counts as its answer. */
function answerTo(
  { flow }: OrderedFlow,
  { at, code, verdict }: FrameVerdict,
  interfaces: ReadonlySet<string>,
): InterfaceVerdict | NotJudgedReason {
  const { record, direction } = flow;
  if (!interfaces.has(record.eni)) return 'unknown-interface';
  const own = at.find(
    (answer) =>
      answer.eni === record.eni && (direction === undefined || answer.direction === direction),
  );
  if (own !== undefined) {
    return own.verdict === 'drop' || passes(own) ? own : own.code;
  }
  const last = at.at(-1);
  if (direction === 'ingress' && last?.verdict === 'drop') return last;
  return direction === undefined || verdict === 'allow' || verdict === 'drop'
    ? 'not-at-interface'
    : code;
}

function note(
  kinds: Map<string, MutableDifference>,
  { flow, isReply }: OrderedFlow,
  ours: InterfaceVerdict,
): void {
  const { accepted, protocol, sourcePort, destinationPort, rejectReason, packets, bytes } =
    flow.traffic;
  const port = isReply ? sourcePort : destinationPort;
  const hasPort = (protocol === TCP || protocol === UDP) && kinds.size < KINDS_MAX;
  const { code, eni, direction, rule } = ours;
  const key = JSON.stringify([
    ...[accepted, rejectReason, code, eni, direction, rule, protocol],
    hasPort ? port : undefined,
  ]);
  let kind = kinds.get(key);
  if (kind === undefined) {
    kind = {
      accepted,
      ...(rejectReason !== undefined && { rejectReason }),
      ...{ ours, protocol },
      ...(hasPort && { port }),
      ...{ records: 0, packets: 0, bytes: 0, example: flow, isReply },
    };
    kinds.set(key, kind);
  }
  kind.records++;
  kind.packets += packets;
  kind.bytes += bytes;
}
