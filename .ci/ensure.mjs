// Installs the dependencies when they are missing or not those of the lock file. Only node: imports: it runs before any
// package is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'node_modules', '.ensure-stamp');
const guard = join(root, '.ensure-guard');
const GUARD_STALE_MS = 600_000;

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `error[node-version] node ${process.versions.node} is too old; install node 20.19 or newer`,
  );
  process.exit(2);
}

const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
  .digest('hex');
const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

if (!installed()) {
  takeGuard();
  try {
    if (!installed()) install();
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

/** Two commands at once on a fresh clone: the second waits for the first. */
function takeGuard() {
  for (;;) {
    try {
      mkdirSync(guard);
      return;
    } catch {
      const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? 0);
      if (age > GUARD_STALE_MS) rmSync(guard, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}

function install() {
  console.error('installing dependencies (once) ...');
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([key]) => key !== 'NODE_ENV' && !key.startsWith('npm_package_'),
    ),
  );
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const { status } = spawnSync(
    command,
    [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      env,
      stdio: ['ignore', 2, 2],
    },
  );
  if (status !== 0) {
    console.error(
      'error[install] the dependencies could not be installed; is the npm registry reachable?',
    );
    process.exit(2);
  }
  writeFileSync(stamp, wanted);
}
