import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From here in bench/ and from dist/, where the bundle is, the same. */
const sourceOf = (name: string): string =>
  fileURLToPath(new URL(`../bench/native/${name}.c`, import.meta.url));

/**
 * Compiles a program of native/ into a folder and returns its path; undefined when the machine has no C compiler or is not
 * the kind that it is written for. Throws when there is one that does not take it.
 */
export function buildNative(name: 'reference' | 'netfilter', folder: string): string | undefined {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return undefined;
  const program = join(folder, name);
  const options = ['-O3', '-march=native', '-o', program, sourceOf(name)];
  const { error, status, stderr } = spawnSync('cc', options, { encoding: 'utf8' });
  if (error) return undefined;
  if (status !== 0) throw new Error(`${name}.c does not compile:\n${stderr}`);
  return program;
}
