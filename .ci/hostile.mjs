// `npm run mutations` and `npm run fuzz`: test/hostile/NAME-run.ts as one program, beside the kernel that it needs.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const [name, ...args] = process.argv.slice(2);
const outfile = join(root, 'dist', `${name}.${process.pid}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: [`test/hostile/${name}-run.ts`],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['piscina'],
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
let program;
try {
  program = await import(pathToFileURL(outfile));
} finally {
  rmSync(outfile, { force: true });
}
process.chdir(root);
process.exitCode = await program.run(args);
