import { expect, it } from 'vitest';
import { createTable } from '../../bench/table.js';
import { ALLOW_RULE, ALLOW_TRACKED } from '../../src/kernel/layout.js';
import type { FlowRecord } from '../../src/generate/flow-records.js';
import { createRandom, below } from '../../src/generate/random.js';

/** CT-12, in seconds, of UDP that nobody answers. */
const IDLE = 30;
const STEPS = 90;
const NEW_EACH = 1500;

it('every connection is found while the index grows and what is over leaves it', () => {
  const table = createTable(7n);
  const random = createRandom(3);
  const lastSeen: number[] = [];
  let opened = 0;
  let tracked = 0;
  let most = 0;
  for (let second = 1; second <= STEPS; second++) {
    const flows: FlowRecord[] = [];
    const send = (number: number): void => {
      const last = lastSeen[number];
      if (last !== undefined && second - last < IDLE) tracked++;
      else opened++;
      lastSeen[number] = second;
      flows.push({
        timeNs: second * 1e9,
        source: 0x0100_0000 + number,
        sourcePort: 1024 + (number % 50_000),
        destinationPort: 53,
      });
    };
    for (let i = 0; i < NEW_EACH; i++) {
      send(lastSeen.length);
      // An old one each time, which is live or over.
      send(below(random, lastSeen.length));
    }
    table.judge('udp', flows);
    most = Math.max(most, table.records());
    expect([second, table.packets(ALLOW_RULE), table.packets(ALLOW_TRACKED)]).toEqual([
      ...[second, opened, tracked],
    ]);
  }
  // The index has grown three times at the least, and records have left it.
  expect(most).toBeGreaterThan(8192 * 0.625 * 4);
  expect(table.records()).toBeLessThan(opened);
});
