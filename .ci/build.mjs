// Builds dist/ when a source is newer: the kernel with AssemblyScript, the program with esbuild.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
mkdirSync(dist, { recursive: true });

const BUNDLED = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  metafile: true,
  minify: true,
  legalComments: 'none',
  alias: {
    // Its main file loads its parts in a way that no bundler follows.
    'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
    'string-width': './src/cli/text-width.ts',
    assert: './src/cli/assertions.ts',
    // As modules, of which the writing half can be left out.
    yaml: './node_modules/yaml/browser/dist/index.js',
  },
  // piscina finds its own worker file beside itself; DuckDB is installed by those who want it; benchmark is for development only.
  external: ['piscina', '@duckdb/node-api', 'benchmark', 'assemblyscript/asc', 'binaryen'],
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
};

/** What runs in the page of `replay --html`, and how it looks: the program puts both into the page. */
const PAGE = {
  absWorkingDir: root,
  outdir: 'dist',
  entryPoints: [
    { in: 'src/page/page.ts', out: 'page' },
    { in: 'src/page/page.css', out: 'page' },
  ],
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: ['chrome123', 'firefox120', 'safari17.5'],
  charset: 'utf8',
  banner: { js: '/* Holds uPlot, (c) Leon Sorokin, MIT licence. */' },
  metafile: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};

if (isOlder('kernel.wasm', ['src/kernel', '.ci/compile-kernel.mjs']))
  await buildKernel('kernel.wasm');
if (isOlder('cli.js', ['src', 'bench', 'package.json'])) await buildProgram();
// For tests alone.
const CHECKED = 'kernel.checked.wasm';
if (
  process.argv.includes('checked') &&
  isOlder(CHECKED, ['dist/kernel.wasm', '.ci/checked-kernel.mjs'])
)
  await buildCheckedKernel(CHECKED);

/** Whether a built file is missing or older than one of the sources. */
function isOlder(built, sources) {
  const file = join(dist, built);
  if (!existsSync(file)) return true;
  const { mtimeMs } = statSync(file);
  return [...sources, '.ci/build.mjs', 'package-lock.json'].some(
    (source) => newest(join(root, source)) > mtimeMs,
  );
}

function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

async function buildKernel(name) {
  const { compileKernel } = await import('./compile-kernel.mjs');
  writeWhole(name, await compileKernel(join(root, 'src', 'kernel')));
}

async function buildCheckedKernel(name) {
  const { checkedKernel } = await import('./checked-kernel.mjs');
  writeWhole(name, await checkedKernel(readFileSync(join(dist, 'kernel.wasm'))));
}

/** So that nobody reads half of it. */
function writeWhole(name, bytes) {
  const partial = join(dist, `${name}.${process.pid}`);
  writeFileSync(partial, bytes);
  renameSync(partial, join(dist, name));
}

/** The program in chunks, which a run loads as it needs them; the others whole, so that they cut none of its chunks. */
async function buildProgram() {
  const { build } = await import('esbuild');
  const built = await Promise.all([
    build({ ...BUNDLED, entryPoints: { cli: 'src/cli/main.ts' }, splitting: true }),
    build({
      ...BUNDLED,
      entryPoints: {
        worker: 'src/replay/worker.ts',
        'parquet-thread': 'src/capture/parquet-thread.ts',
        'bench-process': 'src/cli/bench-process.ts',
        bench: 'bench/main.ts',
      },
    }),
    build(PAGE),
  ]);
  const [inputs, outputs] = ['inputs', 'outputs'].map((which) =>
    built.flatMap(({ metafile }) => Object.keys(metafile[which])),
  );
  removeStale(outputs);
  const schemas = [
    'report',
    'explanation',
    'connections',
    'agreement',
    'bench',
    'diff',
    'query',
    'expectations',
  ];
  for (const name of schemas) {
    copyFileSync(join(root, `src/report/${name}.schema.json`), join(dist, `${name}.schema.json`));
  }
  writeFileSync(join(dist, 'LICENSES.txt'), licencesOf(inputs));
  // For tests alone: what each chunk is made of.
  writeFileSync(join(dist, 'chunks.json'), JSON.stringify(built[0].metafile.outputs));
}

/** Chunks carry a hash in their names: those of earlier builds would pile up. */
function removeStale(outputs) {
  const fresh = new Set(outputs.map((output) => output.replace(/^dist\//, '')));
  for (const name of readdirSync(dist)) {
    if (name.endsWith('.js') && !fresh.has(name)) rmSync(join(dist, name));
  }
}

/** Licences of the packages whose code the bundle holds. */
function licencesOf(inputs) {
  const packages = new Set(
    inputs.flatMap(
      (input) => /(?:^|\/)(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? [],
    ),
  );
  return [...packages]
    .sort()
    .map((folder) => {
      const path = join(root, folder);
      const licence = readdirSync(path).find((name) => /^licen[cs]e/i.test(name));
      const text =
        licence === undefined ? 'see its package.json' : readFileSync(join(path, licence), 'utf8');
      return `${relative('node_modules', folder)}\n\n${text}\n`;
    })
    .join(`${'-'.repeat(80)}\n`);
}
