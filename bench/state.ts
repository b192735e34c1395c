import type { FlowRecord } from '../src/generate/flow-records.js';
import { ALLOW_RULE, ALLOW_TRACKED } from '../src/kernel/layout.js';
import { createTable } from './table.js';

/** Live connections. */
const CURVE = [1000, 10_000, 100_000, 1_000_000, 10_000_000] as const;
const HITS = 4_000_000;
/** Flows that come when all others have expired. */
const AFTER = 2_000_000;
/** Seconds of packet time, less than the idle limit of UDP, 30 s, and more. */
const START = 1_000_000;
const SOON = 20;
const LATE = 100;

/**
 * The connection table from a thousand live connections to ten million, on one core: memory for each, packets a second that
 * open connections and that find them, and the longest time that one batch of packets took: while the table grew, and while
 * all of it expired. Throws when an answer is wrong.
 */
export function benchState(): void {
  const heads = ['live', 'bytes each', 'new M/s', 'hits M/s', 'longest ms', 'expiring ms'];
  console.log(heads.map((head) => head.padStart(11)).join(' '));
  for (const live of CURVE) {
    const table = createTable(BigInt(Date.now()));
    const before = table.memory.buffer.byteLength;
    table.judge('udp', flows(0, live, START));
    const each = (table.memory.buffer.byteLength - before) / live;
    const opening = table.spent();
    const growing = table.longest();
    table.judge('udp', hits(live));
    const hitting = table.spent() - opening;
    table.longest();
    table.judge('udp', flows(live, AFTER, START + SOON + LATE));
    if (table.packets(ALLOW_RULE) !== live + AFTER || table.packets(ALLOW_TRACKED) !== HITS) {
      throw new Error(`${live} live connections: a wrong answer`);
    }
    const cells = [each, live / opening / 1000, HITS / hitting / 1000, growing, table.longest()];
    console.log(
      [String(live), ...cells.map((cell) => cell.toFixed(1))]
        .map((cell) => cell.padStart(11))
        .join(' '),
    );
  }
}

function flowOf(number: number, seconds: number): FlowRecord {
  const source = (0x0100_0000 + number) >>> 0;
  const sourcePort = 1024 + (number % 60_000);
  return { timeNs: seconds * 1e9, source, sourcePort, destinationPort: 53 };
}

function* flows(first: number, count: number, seconds: number): Generator<FlowRecord> {
  for (let i = first; i < first + count; i++) yield flowOf(i, seconds);
}

/** One after the other, far apart: no cache holds what ten million need. */
function* hits(live: number): Generator<FlowRecord> {
  for (let i = 0, at = 0; i < HITS; i++) {
    at = (at + 611_953) % live;
    yield flowOf(at, START + SOON);
  }
}
