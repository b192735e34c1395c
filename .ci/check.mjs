// `npm test`: every check, one after the other; the first that fails ends it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const checks = [
  ['types', 'tsc', '--noEmit'],
  ['types of the page', 'tsc', '--noEmit', '-p', 'src/page'],
  ['lint', 'eslint', '--max-warnings=0', '.'],
  ['format', 'prettier', '--check', '--log-level=warn', '.'],
  ['unused code', 'knip'],
  ['layers', 'depcruise', '--config', '.dependency-cruiser.cjs', 'src'],
  ['tests', 'vitest', 'run', ...process.argv.slice(2)],
];
for (const [name, command, ...args] of checks) {
  const began = performance.now();
  const { status } = spawnSync(join(root, 'node_modules', '.bin', command), args, {
    cwd: root,
    stdio: 'inherit',
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${name} (${seconds} s)`);
  if (status !== 0) process.exit(1);
}
