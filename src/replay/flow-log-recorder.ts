import { randomBytes } from 'node:crypto';
import {
  ANSWER_CODE,
  ANSWER_DIRECTION,
  ANSWER_INTERFACE,
  CODE_VERDICT_SHIFT,
  CONTENT_IP,
  FLAG_IPV6,
  FLAG_TRANSPORT,
  FRAME_SIZE,
  FRAME_TIME,
  INGRESS,
  IP_LENGTH_MOST,
  NOT_FILTERED_NO_GROUPS,
  ROW_CONTENT,
  ROW_DESTINATION_PORT,
  ROW_FLAGS,
  ROW_IP_LENGTH,
  ROW_LENGTH,
  ROW_PROTOCOL,
  ROW_SIZE,
  ROW_SOURCE,
  ROW_SOURCE_PORT,
  ROW_TCP_FLAGS,
  VERDICT_ANSWERS,
  VERDICT_FIRST,
  VERDICT_SECOND,
  VERDICT_SIZE,
} from '../kernel/layout.js';
import { type LoggedFlow, loggedTcpFlags } from '../model/logged-flow.js';
import { TCP, UDP } from '../model/protocol.js';
import {
  KEY_ENI,
  KEY_KIND,
  KEY_PORTS,
  KIND_ACCEPTED,
  KIND_INGRESS,
  KIND_IPV6,
  createLoggedEntries,
  isBefore,
} from './logged-entries.js';
import type { Observer } from './observer.js';
import { type RunViews, createRunViews } from './run-views.js';

export interface FlowLogOptions {
  /** Aggregates at a time: what comes beyond ends an interval early, as AWS's own capacity does. */
  readonly flowsMax?: number;
  /** Takes what was aggregated when its interval is over, in the order in which it began. */
  readonly onClosed: (flows: Iterable<LoggedFlow>) => void | Promise<void>;
}

/** An interval is at most a minute long on Nitro (FL-5); it is counted from the first packet. */
const INTERVAL_NS = 60_000_000_000n;
const FLOWS_MAX = 1 << 17;

/**
 * Aggregates what each interface let pass and what it denied, as VPC flow logs do (FL-3 to FL-9): the same for any number of
 * workers. `finish` closes the last interval. Packets that security groups do not filter are not logged; what a service
 * interface without groups passes on is.
 */
export function createFlowLogRecorder({
  flowsMax = FLOWS_MAX,
  onClosed,
}: FlowLogOptions): Observer & { finish(): Promise<void> } {
  const entries = createLoggedEntries(flowsMax, randomBytes(4).readUInt32LE());
  const viewsOf = createRunViews();
  let interfaces: readonly string[] = [];
  let startNs: bigint | undefined;
  /** First time that is not in the interval, in words. */
  let endLow = 0;
  let endHigh = 0;

  const close = async (): Promise<void> => {
    if (entries.count > 0) await onClosed(entries.flows(interfaces));
    entries.clear();
  };
  const beginInterval = (low: number, high: number): void => {
    const timeNs = (BigInt(high | 0) << 32n) | BigInt(low);
    startNs ??= timeNs;
    const endNs = startNs + ((timeNs - startNs) / INTERVAL_NS + 1n) * INTERVAL_NS;
    endLow = Number(endNs & 0xffff_ffffn);
    endHigh = Number(endNs >> 32n) >>> 0;
  };
  /** Adds a packet as one interface answered it; false when there is no room for a new aggregate. */
  const add = (views: RunViews, i: number, answer: number): boolean => {
    const code = views.verdicts.bytes[answer + ANSWER_CODE]!;
    const accepted = code >> CODE_VERDICT_SHIFT === 0 || code === NOT_FILTERED_NO_GROUPS;
    if (!accepted && code >> CODE_VERDICT_SHIFT !== 1) return true;
    const row = i * ROW_SIZE;
    const { rows, frames } = views;
    const { key } = entries;
    for (let word = 0; word < 8; word++) key[word] = rows.words[(row + ROW_SOURCE) / 4 + word]!;
    const flags = rows.bytes[row + ROW_FLAGS]!;
    const protocol = rows.bytes[row + ROW_PROTOCOL]!;
    const hasPorts = (protocol === TCP || protocol === UDP) && (flags & FLAG_TRANSPORT) !== 0;
    key[KEY_PORTS] = hasPorts
      ? (rows.halves[(row + ROW_SOURCE_PORT) / 2]! << 16) |
        rows.halves[(row + ROW_DESTINATION_PORT) / 2]!
      : 0;
    key[KEY_ENI] = views.verdicts.words[(answer + ANSWER_INTERFACE) / 4]!;
    key[KEY_KIND] =
      protocol |
      ((flags & FLAG_IPV6) === 0 ? 0 : KIND_IPV6) |
      (views.verdicts.bytes[answer + ANSWER_DIRECTION] === INGRESS ? KIND_INGRESS : 0) |
      (accepted ? KIND_ACCEPTED : 0);
    const place = entries.place();
    if (place < 0) return false;
    const time = (i * FRAME_SIZE + FRAME_TIME) / 4;
    const tcpFlags = protocol === TCP ? loggedTcpFlags(rows.bytes[row + ROW_TCP_FLAGS]!) : 0;
    const bytes = ipLengthOf(views, i);
    entries.add(place, bytes, tcpFlags, frames.words[time]!, frames.words[time + 1]!);
    return true;
  };
  return {
    onSettled: async (run) => {
      interfaces = run.names.interfaces;
      const views = viewsOf(run);
      const { frames, rows, verdicts } = views;
      for (let i = 0; i < run.count; i++) {
        const time = (i * FRAME_SIZE + FRAME_TIME) / 4;
        const [low, high] = [frames.words[time]!, frames.words[time + 1]!];
        if (startNs === undefined || !isBefore(low, high, endLow, endHigh)) {
          await close();
          beginInterval(low, high);
        }
        const answers = verdicts.bytes[i * VERDICT_SIZE + VERDICT_ANSWERS]!;
        if (answers === 0 || rows.bytes[i * ROW_SIZE + ROW_CONTENT] !== CONTENT_IP) continue;
        for (const place of PLACES[answers]!) {
          const answer = i * VERDICT_SIZE + place;
          if (add(views, i, answer)) continue;
          await close();
          add(views, i, answer);
        }
      }
    },
    finish: close,
  };
}

const PLACES: readonly (readonly number[])[] = [
  [],
  [VERDICT_FIRST],
  [VERDICT_FIRST, VERDICT_SECOND],
];
/** What stands before the IP header of an Ethernet frame, which a packet beyond what the header can say most likely came in. */
const ETHERNET = 14;

/** FL-6: by the IP header, whatever the frame has around it. */
function ipLengthOf({ rows }: RunViews, index: number): number {
  const told = rows.halves[(index * ROW_SIZE + ROW_IP_LENGTH) / 2]!;
  if (told < IP_LENGTH_MOST) return told;
  return Math.max(told, rows.words[(index * ROW_SIZE + ROW_LENGTH) / 4]! - ETHERNET);
}
