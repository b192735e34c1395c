import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From here in bench/ and from dist/, where the bundle is, the same. */
const SOURCE = fileURLToPath(new URL('../bench/native/reference.c', import.meta.url));
const OPTIONS = ['-O3', '-march=native'];

/**
 * Compiles the native reference into a folder and returns the program's path; undefined when the machine has no C compiler
 * or is not the kind that the reference is written for. Throws when there is one that does not take it.
 */
export function buildReference(folder: string): string | undefined {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return undefined;
  const program = join(folder, 'reference');
  const { error, status, stderr } = spawnSync('cc', [...OPTIONS, '-o', program, SOURCE], {
    encoding: 'utf8',
  });
  if (error) return undefined;
  if (status !== 0) throw new Error(`the native reference does not compile:\n${stderr}`);
  return program;
}
