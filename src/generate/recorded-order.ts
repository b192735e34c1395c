import { ICMP, ICMPV6, SYN, TCP } from '../model/protocol.js';
import type { OrderedFlow, RecordedFlow } from '../model/recorded-flow.js';

/** Records may be out of order by so many. */
const WINDOW = 1 << 16;

/** Longest aggregation interval, in seconds: records of one flow that are further apart do not tell of the same packets. */
const INTERVAL_SECONDS = 600;

/** Puts records in order of their first packets, and tells from those around it what each one is. */
export async function* inOrder(
  flows: AsyncIterable<RecordedFlow>,
  window = WINDOW,
): AsyncGenerator<OrderedFlow> {
  let behind: RecordedFlow[] = [];
  let waiting: RecordedFlow[] = [];
  const take = (count: number): OrderedFlow[] => {
    waiting.sort((one, other) => one.record.start - other.record.start);
    const known = indexed([...behind, ...waiting]);
    behind = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return behind.map((flow) => look(flow, known));
  };
  for await (const flow of flows) {
    waiting.push(flow);
    if (waiting.length === 2 * window) yield* take(window);
  }
  yield* take(waiting.length);
}

type Known = ReadonlyMap<string, readonly RecordedFlow[]>;

function indexed(flows: readonly RecordedFlow[]): Known {
  const known = new Map<string, RecordedFlow[]>();
  for (const flow of flows) {
    const same = known.get(flow.key);
    if (same === undefined) known.set(flow.key, [flow]);
    else same.push(flow);
  }
  return known;
}

/** Records of one flow that are looked at for another one: enough for both ends of an hour. */
const LOOKED_MAX = 256;

function look(flow: RecordedFlow, known: Known): OrderedFlow {
  const near = (key: string): RecordedFlow[] =>
    (known.get(key) ?? []).slice(-LOOKED_MAX).filter((other) => areNear(flow, other));
  const same = near(flow.key);
  const reverse = near(flow.reverseKey);
  const here = [...same, ...reverse].filter(({ record }) => record.eni === flow.record.eni);
  return {
    flow,
    isReply: isReply(flow, same, reverse),
    isLate: !flow.traffic.accepted && here.some((other) => precedes(other, flow)),
    goesOn: [...same, ...reverse].some(
      ({ traffic, record }) => traffic.accepted && record.start < flow.record.start,
    ),
    isMixed: here.some((other) => contradicts(other, flow)),
    isTwice: flow.direction === 'ingress' && same.some((other) => sends(other, flow)),
  };
}

const areNear = ({ record }: RecordedFlow, { record: other }: RecordedFlow): boolean =>
  record.start <= other.end + INTERVAL_SECONDS && other.start <= record.end + INTERVAL_SECONDS;

/** Another interface let the same packets out. */
const sends = (other: RecordedFlow, { record }: RecordedFlow): boolean =>
  other.direction === 'egress' &&
  other.traffic.accepted &&
  other.record.eni !== record.eni &&
  other.record.start <= record.end + 1 &&
  other.record.end >= record.start - 1;

const precedes = ({ traffic, record }: RecordedFlow, late: RecordedFlow): boolean =>
  traffic.accepted && record.start <= late.record.start;

const contradicts = ({ traffic, record }: RecordedFlow, flow: RecordedFlow): boolean =>
  traffic.accepted !== flow.traffic.accepted &&
  (ICMPS.has(traffic.protocol) ||
    (record.start <= flow.record.end && record.end >= flow.record.start));

const ICMPS: ReadonlySet<number> = new Set([ICMP, ICMPV6]);

/**
 * TCP flags tell, where a SYN was seen. Else the side that was seen first opened the flow; where seconds do not tell, the
 * one with the higher port, for that is mostly a client's, or the one that is named first.
 */
function isReply(
  { traffic }: RecordedFlow,
  same: readonly RecordedFlow[],
  reverse: readonly RecordedFlow[],
): boolean {
  const { protocol, tcpFlags = 0, sourcePort, destinationPort } = traffic;
  if (protocol === TCP) {
    if ((tcpFlags & SYN) !== 0) return (tcpFlags & 0x10) !== 0;
    const opened = reverse.find((other) => ((other.traffic.tcpFlags ?? 0) & SYN) !== 0);
    if (opened !== undefined) return ((opened.traffic.tcpFlags ?? 0) & 0x10) === 0;
    return sourcePort < destinationPort;
  }
  if (reverse.length === 0) return false;
  const [here, there] = [firstSecond(same), firstSecond(reverse)];
  if (here !== there) return there < here;
  return sourcePort === destinationPort ? false : sourcePort < destinationPort;
}

const firstSecond = (flows: readonly RecordedFlow[]): number =>
  flows.reduce((least, { record }) => Math.min(least, record.start), Infinity);
