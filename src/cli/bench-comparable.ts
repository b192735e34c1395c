import type { BenchResult } from '../model/bench-result.js';
import { type Diagnostic, inputError } from '../model/diagnostic.js';

/**
 * A warning of what may explain a difference besides the program, if there is any. Throws InputError when the traffic is another: then there is
 * nothing to compare.
 */
export function checkComparable(
  { name, result }: { readonly name: string; readonly result: BenchResult },
  { machine, workload }: Pick<BenchResult, 'machine' | 'workload'>,
): readonly Diagnostic[] {
  if (result.workload.capture !== workload.capture) {
    const fact = `measured other traffic (${result.workload.options})`;
    throw inputError('bench-file', name, fact, 'repeat it with the same options and VPC');
  }
  const differing = (['cpu', 'cores', 'memory', 'system', 'node'] as const)
    .filter((key) => result.machine[key] !== machine[key])
    .map((key) => `${WORDS[key]} ${result.machine[key]} and here ${machine[key]}`);
  if (differing.length === 0) return [];
  const fact = `was measured elsewhere: ${differing.join(', ')}`;
  const fix = 'what differs may be the machines; measure both on one';
  return [{ severity: 'warning', code: 'bench-machine', place: name, fact, fix }];
}

const WORDS = {
  cpu: 'processor',
  cores: 'cores',
  memory: 'bytes of memory',
  system: 'system',
  node: 'node',
} as const;
