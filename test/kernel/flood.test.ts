// CT-13, CT-21: what strangers send must not grow the connection table past what is live by definition.
import { describe, expect, it } from 'vitest';
import { createTable } from '../../bench/table.js';
import {
  ALLOW_INFERRED,
  ALLOW_RULE,
  ALLOW_TRACKED,
  DROP_NO_RULE,
} from '../../src/kernel/layout.js';
import type { FlowRecord } from '../../src/generate/flow-records.js';

const START_SECONDS = 1_000_000;
const FLOWS = 200_000;
/** New flows in a second of packet time: the whole flood takes many idle limits. */
const RATE = 500;
const CLIENT = { source: 0xcb00_7107, sourcePort: 50_000, destinationPort: 443 };

const FLOODS = [
  { name: 'allowed openings', kind: 'syn', port: 443, code: ALLOW_RULE, idleSeconds: 120 },
  { name: 'a denied scan', kind: 'syn', port: 0, code: DROP_NO_RULE, idleSeconds: 120 },
  { name: 'allowed datagrams', kind: 'udp', port: 53, code: ALLOW_RULE, idleSeconds: 30 },
] as const;

describe('a flood of distinct flows', () => {
  it.each(FLOODS)(
    'of $name keeps the table within a third of the live, and a connection',
    ({ kind, port, code, idleSeconds }) => {
      const table = createTable(0x5eedn);
      const client = (seconds: number): FlowRecord => ({
        ...CLIENT,
        timeNs: (START_SECONDS + seconds) * 1e9,
      });
      table.judge('ack', [client(0), client(0)]);
      expect(table.packets(ALLOW_INFERRED)).toBe(1);
      expect(table.packets(ALLOW_TRACKED)).toBe(1);

      const step = 10_000;
      const live = idleSeconds * RATE;
      let most = 0;
      for (let first = 0; first < FLOWS; first += step) {
        table.judge(kind, flood(first, step, port));
        most = Math.max(most, table.records());
      }
      expect(table.packets(code)).toBe(FLOWS);
      expect(most).toBeGreaterThanOrEqual(live);
      expect(most).toBeLessThan((live * 4) / 3 + step);

      table.judge('ack', [client(FLOWS / RATE)]);
      expect(table.packets(ALLOW_TRACKED)).toBe(2);
    },
  );

  it('that comes again within its idle limit makes no second record', () => {
    const table = createTable(0x5eedn);
    table.judge('udp', flood(0, 1000, 53));
    table.judge('udp', flood(0, 1000, 53));
    expect(table.packets(ALLOW_TRACKED)).toBe(1000);
    expect(table.records()).toBe(1000);
  });
});

function* flood(first: number, count: number, port: number): Generator<FlowRecord> {
  for (let i = first; i < first + count; i++) {
    yield {
      timeNs: (START_SECONDS + i / RATE) * 1e9,
      source: 0x0100_0000 + i,
      sourcePort: 1024 + (i % 60_000),
      destinationPort: port === 0 ? 1024 + (i % 64_000) : port,
    };
  }
}
