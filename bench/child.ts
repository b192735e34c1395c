import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs this program again with other arguments, so that nothing inherits warm code or memory; what it prints is JSON. */
export function runChild(args: readonly string[]): unknown {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--no-deprecation', fileURLToPath(new URL('./bench.js', import.meta.url)), ...args],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return JSON.parse(stdout);
}
