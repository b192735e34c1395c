import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manner, Plan } from './reading.js';

/** An input that was not read as it must be. */
export interface Finding {
  readonly input: number;
  readonly plan: Plan;
  readonly manners: readonly [Manner, Manner];
  readonly error: Error;
}

const FOLDER = 'findings';

/** Writes its captures to a folder that no commit takes, and returns what is to be said about it. */
export function saveFinding({ input, plan, manners, error }: Finding): string {
  mkdirSync(FOLDER, { recursive: true });
  const files = plan.inputs.map((bytes, i) => {
    const file = join(FOLDER, `${input}-${i}.capture`);
    writeFileSync(file, bytes);
    return file;
  });
  const { decoding, filter, judge } = plan;
  const how = JSON.stringify({ decoding, filter, tracking: judge?.tracking, manners });
  const where = (error.stack ?? '').split('\n').slice(1, 3).join('\n');
  return `input ${input}: ${error.message}\n${where}\n  ${files.join(', ')}\n  ${how}`;
}
