import { ALLOW_RULE } from '../src/kernel/layout.js';
import type { FlowRecord } from '../src/generate/flow-records.js';
import { createFlowHash } from './flow-hashes.js';
import { type Table, createTable } from './table.js';

const TRIED = 3_000_000;
/** An attacker keeps the flows whose hash ends in zeros under the seed that he knows. */
const ZERO_BITS = 8;
const PASSES = 40;
const ROUNDS = 7;
const KNOWN_SEED = 1n;
const START_NS = 1e15;
/** 10.0.1.20, the address of the table's interface. */
const LOCAL = 0x0a00_0114;

/**
 * UDP flows that collide under a seed that an attacker knows, judged under that seed and under secret ones, beside as many
 * random flows: nanoseconds a packet, interleaved, median of the rounds.
 */
export function benchHash(): void {
  const hashOf = createFlowHash(KNOWN_SEED, LOCAL);
  const colliding: FlowRecord[] = [];
  for (const flow of flowsOf(TRIED)) {
    if ((hashOf(flow) & ((1 << ZERO_BITS) - 1)) === 0) colliding.push(flow);
  }
  const random = [...flowsOf(colliding.length)];
  const times: Record<string, number[]> = { random: [], known: [], secret: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const secret = BigInt(round + 2) * 0x9e37_79b9_7f4a_7c15n;
    times.random!.push(timeOf(createTable(secret), random));
    times.known!.push(timeOf(createTable(KNOWN_SEED), colliding));
    times.secret!.push(timeOf(createTable(secret), colliding));
  }
  const median = (name: string): number => times[name]!.sort((a, b) => a - b)[ROUNDS >> 1]!;
  const base = median('random');
  console.log(`${colliding.length} UDP flows, one packet each in turn, ${PASSES} times over\n`);
  for (const [name, text] of [
    ['random', 'random flows'],
    ['known', 'colliding flows, seed known'],
    ['secret', 'colliding flows, seed secret'],
  ] as const) {
    const time = median(name);
    console.log(
      `${text.padEnd(30)} ${time.toFixed(1).padStart(6)} ns  ${(time / base).toFixed(2)}x`,
    );
  }
}

/** Nanoseconds a packet once all flows are there. Throws when one of them was not allowed. */
function timeOf(table: Table, flows: readonly FlowRecord[]): number {
  table.judge('udp', flows);
  if (table.packets(ALLOW_RULE) !== flows.length) throw new Error('a wrong answer');
  const before = table.spent();
  for (let pass = 0; pass < PASSES; pass++) table.judge('udp', flows);
  return ((table.spent() - before) * 1e6) / (PASSES * flows.length);
}

/** Distinct flows to one service from sources all over. */
function* flowsOf(count: number): Generator<FlowRecord> {
  for (let i = 0; i < count; i++) {
    const source = 0x0b00_0000 + ((Math.imul(i, 0x0001_0dcd) >>> 0) % 0x5000_0000);
    yield { timeNs: START_NS, source, sourcePort: 1024 + (i % 60_000), destinationPort: 53 };
  }
}
