import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SGSIM } from '../cli/sgsim.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sgsim-package-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** Where the package is installed, and where its user stands. */
const installed = join(folder, 'installed');
const elsewhere = join(folder, 'elsewhere');
mkdirSync(installed);
mkdirSync(elsewhere);

/** npm as a user's shell would start it, not as this run of npm was started. */
function npm(cwd: string, ...args: string[]): { stdout: string; stderr: string; ok: boolean } {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(npm_|NODE_ENV$|INIT_CWD$)/i.test(key)),
  );
  const { stdout, stderr, status } = spawnSync('npm', args, { cwd, env, encoding: 'utf8' });
  return { stdout, stderr, ok: status === 0 };
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

function pack(): Packed {
  const { stdout, stderr, ok } = npm(ROOT, 'pack', '--json', '--pack-destination', folder);
  expect(ok, stderr).toBe(true);
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as Packed[];
  return packed!;
}

describe('npm pack', { timeout: 300_000 }, () => {
  let packed: Packed;
  let paths: string[];
  beforeAll(() => {
    packed = pack();
    paths = packed.files.map(({ path }) => path);
  }, 300_000);

  it('holds what running needs, and the licences of what is bundled', () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        'package.json',
        'dist/cli.js',
        'dist/worker.js',
        'dist/parquet-thread.js',
        'dist/bench-process.js',
        'dist/kernel.wasm',
        'dist/page.js',
        'dist/page.css',
        'dist/LICENSES.txt',
        'fixtures/demo/capture.pcap',
        'fixtures/demo/expectations.yaml',
      ]),
    );
  });

  it('holds nothing else: no sources, tests or benchmarks', () => {
    const wanted =
      /^(package\.json|(README|CHANGELOG|LICENSE)(\.md)?|dist\/((cli|worker|parquet-thread|bench-process|[a-z0-9-]+-[A-Z0-9]{8})\.js|kernel\.wasm|page\.(js|css)|(report|explanation|connections|agreement|bench|diff|query|expectations)\.schema\.json|LICENSES\.txt)|fixtures\/demo\/.+)$/;
    expect(paths.filter((path) => !wanted.test(path))).toEqual([]);
  });

  it('names the licence of every package in the bundle', () => {
    const licences = readFileSync(join(ROOT, 'dist/LICENSES.txt'), 'utf8');
    for (const name of ['yargs', 'zod', 'yaml', 'ip-address', 'uplot']) {
      expect(licences).toMatch(new RegExp(`^${name}$`, 'm'));
    }
  });

  it('runs from any folder once it is installed', (context) => {
    const archive = join(folder, packed.filename);
    const { stderr, ok } = npm(
      installed,
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      archive,
    );
    if (
      !ok &&
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|network/.test(stderr)
    ) {
      context.skip('the npm registry is not reachable: the package was not installed');
    }
    expect(ok, stderr).toBe(true);

    cpSync(join(ROOT, 'fixtures/demo/capture.pcap'), join(elsewhere, 'mine.pcap'));
    cpSync(join(ROOT, 'fixtures/demo/vpc'), join(elsewhere, 'vpc'), { recursive: true });
    const run = (command: string, args: readonly string[], stdin?: Uint8Array) => {
      const { stdout, stderr, status } = spawnSync(command, args, {
        cwd: elsewhere,
        encoding: 'utf8',
        ...(stdin === undefined ? {} : { input: stdin }),
      });
      return { stdout, stderr, status };
    };
    const bin = join(installed, 'node_modules/.bin/sgsim');

    const file = ['replay', '-r', 'mine.pcap', '--vpc', 'vpc'];
    const here = run(process.execPath, [SGSIM, ...file]);
    expect(here).toMatchObject({ stderr: '', status: 0 });
    expect(here.stdout).toContain('dropped by cause');
    expect(run(bin, file)).toEqual(here);

    // Standard input is judged on a pool, whose worker has to be found too.
    const capture = readFileSync(join(elsewhere, 'mine.pcap'));
    const stdin = ['replay', '-r', '-', '--vpc', 'vpc', '--workers', '2', '--json'];
    expect(run(bin, stdin, capture)).toEqual(run(process.execPath, [SGSIM, ...stdin], capture));

    expect(run(bin, ['--version']).stdout).toBe(run(process.execPath, [SGSIM, '--version']).stdout);
  });
});
