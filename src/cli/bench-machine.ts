import { availableParallelism, cpus, totalmem } from 'node:os';
import type { BenchMachine } from '../model/bench-result.js';

/** This machine, as far as the system tells. */
export function describeMachine(): BenchMachine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}
