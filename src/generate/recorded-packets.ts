import { ACK, FIN, RST, SYN, TCP } from '../model/protocol.js';
import type { OrderedFlow } from '../model/recorded-flow.js';

/** Packets that a record may have told of: as many, as long and with such flags that their record would be the same. */
export interface RecordedPackets {
  readonly count: number;
  /** Microseconds since 1970; ascending. */
  timeOf(index: number): number;
  /** TCP flags. */
  flagsOf(index: number): number;
  /** Bytes of the IP packet. */
  lengthOf(index: number): number;
}

// Microseconds behind the first second of a record, and behind its last. A record tells seconds alone: what answers must come
// after what it answers, and what is rejected after the rest, so late that a connection which expired at that second has.
const ANSWER_AFTER = 1000;
const LAST_AFTER = 500_000;
const LATE_AFTER = 600_000;
const LATE_SPREAD = 200_000;

/** Packets between the first and the last are evenly spread. `thinned`: no more than show how the flow went on. */
export function packetsOf(ordered: OrderedFlow, thinned: boolean): RecordedPackets {
  const { flow, isReply, isLate } = ordered;
  const { record, traffic } = flow;
  const { packets, bytes } = traffic;
  const seconds = record.end - record.start;
  const count = thinned ? Math.min(packets, thinnedCount(seconds)) : packets;
  const from = record.start * 1_000_000 + (isReply ? ANSWER_AFTER : 0) + (isLate ? LATE_AFTER : 0);
  const span = seconds * 1_000_000 + (isLate ? LATE_SPREAD : LAST_AFTER);
  const least = Math.floor(bytes / packets);
  const longer = bytes - least * packets;
  return {
    count,
    timeOf: (i) => (count === 1 ? from : from + Math.floor((i * span) / (count - 1))),
    flagsOf: flagsFor(ordered, count),
    lengthOf: (i) => (i < longer ? least + 1 : least),
  };
}

/** Shortest idle limit of all is 10 s (CT-13): what went on all the time must not seem silent. */
const SILENT_SECONDS = 5;

const thinnedCount = (seconds: number): number =>
  Math.max(4, Math.ceil(seconds / SILENT_SECONDS) + 1);

/** FL-4: of a record without flags, the first packet opens or answers, unless its flow goes on. */
function flagsFor(
  { flow, isReply, isLate, goesOn }: OrderedFlow,
  count: number,
): (index: number) => number {
  const { protocol, tcpFlags, accepted } = flow.traffic;
  if (protocol !== TCP) return () => 0;
  const told = tcpFlags ?? (isLate || goesOn ? 0 : isReply ? SYN | ACK : SYN);
  const opening = (told & SYN) === 0 ? ACK : told & (SYN | ACK);
  const last = count - 1;
  const finAt = (told & FIN) === 0 ? -1 : (told & RST) !== 0 && last > 0 ? last - 1 : last;
  const rstAt = (told & RST) === 0 ? -1 : last;
  // Nobody answered: it was sent again.
  const repeats = !accepted && (told & (SYN | ACK | FIN | RST)) === SYN;
  return (i) =>
    (i === 0 || repeats ? opening : ACK) | (i === finAt ? FIN : 0) | (i === rstAt ? RST : 0);
}
