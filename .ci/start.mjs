// `npm start`: the bundled capture through the bundled VPC; `npm start -- ARGS`: sgsim with these arguments.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const given = process.argv.slice(2);
const demo = join(root, 'fixtures', 'demo');
const args =
  given.length > 0
    ? given
    : ['replay', '-r', join(demo, 'capture.pcap'), '--vpc', join(demo, 'vpc')];
// npm changes to the repository's folder; paths are meant from where the user stands.
const { status, signal } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...args], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: 'inherit',
});
process.exitCode = signal === null ? status : 130;
