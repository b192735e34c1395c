// `npm start`: the bundled capture through the bundled VPC; `npm start -- ARGS`: sgsim with these arguments.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const given = process.argv.slice(2);
const demo = ['replay', '-r', 'fixtures/demo/capture.pcap', '--vpc', 'fixtures/demo/vpc'];
// npm changes to the repository's folder; a user's paths are meant from where the user stands.
const { status, signal } = spawnSync(
  process.execPath,
  [join(root, 'dist', 'cli.js'), ...(given.length > 0 ? given : demo)],
  { cwd: given.length > 0 ? (process.env.INIT_CWD ?? root) : root, stdio: 'inherit' },
);
process.exitCode = signal === null ? status : 130;
