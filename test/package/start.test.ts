import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { SGSIM, runSgsim } from '../cli/sgsim.js';

const folder = mkdtempSync(join(tmpdir(), 'sgsim-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dist = join(SGSIM, '..');
const chunks = JSON.parse(readFileSync(join(dist, 'chunks.json'), 'utf8')) as Readonly<
  Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>
>;
const demo = fileURLToPath(new URL('../../fixtures/demo', import.meta.url));
const CAPTURE = ['-r', join(demo, 'capture.pcap')];
const VPC = ['--vpc', join(demo, 'vpc')];

/** What is in the files that a run loads: packages by name, and folders of src/. V8 tells of every script that it compiles. */
async function loadedBy(...args: readonly string[]): Promise<string[]> {
  const told = mkdtempSync(join(folder, 'run-'));
  const { stderr, status } = await runSgsim(args, { env: { NODE_V8_COVERAGE: told } });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const files = readdirSync(told).flatMap((name) => scriptsOf(join(told, name)));
  expect(files.map((file) => basename(file))).toContain('cli.js');
  const inputs = files.flatMap((file) => {
    const chunk = chunks[`dist/${basename(file)}`];
    return file.startsWith(join(dist, '/')) && chunk !== undefined
      ? Object.keys(chunk.inputs)
      : [file];
  });
  return [...new Set(inputs.map(nameOf))].sort();
}

function scriptsOf(path: string): string[] {
  const { result } = JSON.parse(readFileSync(path, 'utf8')) as { result: { url: string }[] };
  return result.flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []));
}

function nameOf(file: string): string {
  const packages = [...file.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)];
  return packages.at(-1)?.[1] ?? file.replace(/\/[^/]*$/, '');
}

/** What parsing the words of a command takes. */
const PARSING = [
  ...['ansi-regex', 'ansi-styles', 'cliui', 'escalade', 'get-caller-file', 'strip-ansi'],
  ...['wrap-ansi', 'y18n', 'yargs', 'yargs-parser'],
];
/** Small parts of the folders below that need nothing themselves. */
const BASE = ['src/cli', 'src/engine', 'src/model'];

it('--help loads what parses its words, and nothing that does any work', async () => {
  const loaded = await loadedBy('--help');
  expect(loaded.filter((name) => !PARSING.includes(name))).toEqual(BASE);
});

it('so does --version', async () => {
  expect(await loadedBy('--version')).toEqual(await loadedBy('--help'));
});

it.each(['replay', 'why', 'diff', 'query', 'state', 'decode', 'ec2'])(
  '%s --help loads its options besides, not what it does',
  async (command) => {
    const loaded = await loadedBy(command, '--help');
    expect(loaded).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(zod|yaml|ip-address|src\/report)$/)]),
    );
  },
);

it('explain reads no documents and no captures', async () => {
  const loaded = await loadedBy('explain', 'no-rule');
  expect(loaded).toContain('src/report');
  expect(loaded).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(zod|yaml|src\/(documents|capture|replay))$/)]),
  );
});

it('replay of a small plain capture under AWS JSON loads neither threads nor what reads other files', async () => {
  const loaded = await loadedBy('replay', ...CAPTURE, ...VPC);
  expect(loaded).toEqual(expect.arrayContaining(['src/documents', 'src/replay', 'zod']));
  expect(loaded).not.toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /^(piscina|fzstd|pcap-parser|jsonc-parser|yaml|src\/explain|hyparquet.*|.*duckdb.*)$/,
      ),
    ]),
  );
});

it('a thread pool is loaded when there is one', async () => {
  const stdin = readFileSync(join(demo, 'capture.pcap'));
  const told = mkdtempSync(join(folder, 'run-'));
  const args = ['replay', '-r', '-', ...VPC, '--workers', '2'];
  await runSgsim(args, { stdin, env: { NODE_V8_COVERAGE: told } });
  const files = readdirSync(told).flatMap((name) => scriptsOf(join(told, name)));
  expect(files.map(nameOf)).toContain('piscina');
});
