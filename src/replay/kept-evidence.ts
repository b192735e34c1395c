import { ROW_CLOCK, ROW_SIZE, TRACE_SIZE } from '../kernel/layout.js';
import { viewAt } from '../engine/memory.js';
import { readMemories } from '../engine/memories.js';
import type { RecordNames } from '../engine/remembered.js';
import { readPacket } from '../engine/row-packet.js';
import { readVerdicts } from '../engine/verdicts.js';
import type { Evidence } from '../model/evidence.js';
import { phaseAt } from './case-book.js';
import type { KeptRows } from './kept-rows.js';

/** The first `count` kept rows as evidence. */
export function readEvidence(
  memory: WebAssembly.Memory,
  kept: KeptRows,
  count: number,
  names: RecordNames,
  phasesFrom: readonly bigint[],
): Evidence[] {
  const { addresses } = kept;
  const rows = viewAt(memory, addresses.rows, count * ROW_SIZE);
  const traces = viewAt(memory, addresses.traces, count * TRACE_SIZE);
  return [...readVerdicts(memory, addresses, count, names)].map((verdict, i) => {
    const clockNs = rows.getBigInt64(i * ROW_SIZE + ROW_CLOCK, true);
    return {
      packet: readPacket(rows, i * ROW_SIZE),
      verdict,
      clockNs,
      phase: phaseAt(phasesFrom, clockNs),
      memories: readMemories(traces, i, names).slice(0, verdict.at.length),
    };
  });
}
