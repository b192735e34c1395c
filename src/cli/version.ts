import { readFileSync } from 'node:fs';
import { builtFile } from '../engine/built-file.js';

/** Version of sgsim, as its package tells. */
export function version(): string {
  const text = readFileSync(builtFile('../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
