import { ALLOW_RULE, ALLOW_TRACKED, DROP_NO_RULE } from '../src/kernel/layout.js';
import type { FlowRecord } from '../src/generate/flow-records.js';
import { createTable } from './table.js';

/** New flows in a second of packet time. */
const RATE = 50_000;
const STEPS = 10;
/** In seconds: nanoseconds since then still count exactly in a double. */
const START = 1_000_000;

const FLOODS = [
  { name: 'SYN flood, allowed', kind: 'syn', port: 443, code: ALLOW_RULE, idle: 120 },
  { name: 'SYN scan, denied', kind: 'syn', port: 0, code: DROP_NO_RULE, idle: 120 },
  { name: 'UDP flood, allowed', kind: 'udp', port: 53, code: ALLOW_RULE, idle: 30 },
] as const;

/**
 * Floods of distinct flows: records in the table beside the flows that are live by definition (those of the last idle limit),
 * and an established connection before and after. Throws when an answer is wrong.
 */
export function benchFlood(flows: number): void {
  console.log(`${flows} distinct flows, ${RATE} new ones a second of packet time\n`);
  for (const { name, kind, port, code, idle } of FLOODS) {
    const table = createTable(BigInt(Date.now()));
    establish(table);
    const per = Math.floor(flows / STEPS);
    console.log(`${name}: idle limit ${idle} s`);
    console.log('     flows      live   records  MB memory  million/s');
    for (let step = 0; step < STEPS; step++) {
      const before = table.spent();
      table.judge(kind, flood(step * per, per, port));
      const seen = (step + 1) * per;
      const live = Math.min(seen, idle * RATE);
      const rate = per / (table.spent() - before) / 1000;
      const cells = [seen, live, table.records(), table.memory.buffer.byteLength / 1e6];
      console.log(
        [...cells.map((cell) => cell.toFixed(0).padStart(9)), rate.toFixed(1).padStart(9)].join(
          ' ',
        ),
      );
    }
    const last = START + flows / RATE;
    table.judge('ack', [{ ...CLIENT, timeNs: (last + 1) * 1e9 }]);
    if (table.packets(ALLOW_TRACKED) !== 2) throw new Error(`${name}: the connection was lost`);
    if (table.packets(code) !== per * STEPS) throw new Error(`${name}: a wrong answer`);
    console.log('  an established connection outlived it\n');
  }
}

const CLIENT = { source: 0xcb00_7107, sourcePort: 50_000, destinationPort: 443 };

/** Two packets of a connection that began before: the first is taken for one (CT-14), the second goes through it. */
function establish(table: ReturnType<typeof createTable>): void {
  table.judge('ack', [{ ...CLIENT, timeNs: START * 1e9 }]);
  table.judge('ack', [{ ...CLIENT, timeNs: START * 1e9 }]);
}

/** Sources and ports from 1.0.0.0 up; port 0 stands for one that nobody opened, another for each flow. */
function* flood(first: number, count: number, port: number): Generator<FlowRecord> {
  for (let i = first; i < first + count; i++) {
    yield {
      timeNs: (START + i / RATE) * 1e9,
      source: (0x0100_0000 + i) >>> 0,
      sourcePort: 1024 + (i % 60_000),
      destinationPort: port === 0 ? 1024 + (i % 64_000) : port,
    };
  }
}
