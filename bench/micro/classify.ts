import { resolvePolicy } from '../../src/policy/resolve.js';
import { awsSet } from '../rules/aws-sets.js';
import { createContest } from '../rules/compare.js';
import { createClassifiers } from '../rules/image-classifier.js';
import type { Stage } from './stage.js';

/** The first rule of a new flow among a thousand, in the rule image and by a look at one rule after the other. */
export async function classifyStage(): Promise<Stage> {
  const policy = resolvePolicy(awsSet('groups', 1000));
  const { run, scan, probes } = createContest(policy, await createClassifiers());
  return { name: 'classify', naiveText: 'linear scan', packets: probes, kernel: run, naive: scan };
}
