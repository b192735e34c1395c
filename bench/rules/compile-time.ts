import { compileImage } from '../../src/compile/rule-image.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { cpuMs } from '../cpu-time.js';
import { type RuleSetName, ruleSet } from './rule-sets.js';

/** What it took to resolve and compile a set of rules. */
export interface CompileTime {
  readonly rules: number;
  readonly groupSets: number;
  readonly imageBytes: number;
  /** Milliseconds of processor time, all threads': in a process that has compiled nothing before, and the median of some more in the same. */
  readonly cold: number;
  readonly warm: number;
}

const WARM_ROUNDS = 5;

/** For a process of its own. */
export function timeCompile(name: RuleSetName, count: number): CompileTime {
  const description = ruleSet(name, count);
  const times: number[] = [];
  let imageBytes = 0;
  for (let round = 0; round <= WARM_ROUNDS; round++) {
    const began = cpuMs();
    imageBytes = compileImage(resolvePolicy(description)).bytes.length;
    times.push(cpuMs() - began);
  }
  const [cold, ...warm] = times;
  const { rules, sets } = resolvePolicy(description);
  return {
    rules: rules.length,
    groupSets: sets.length,
    imageBytes,
    cold: cold!,
    warm: warm.sort((a, b) => a - b)[WARM_ROUNDS >> 1]!,
  };
}
