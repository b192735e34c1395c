import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { type Run, checkSgsim, runSgsim } from './sgsim.js';

type RunOptions = NonNullable<Parameters<typeof runSgsim>[1]>;

/** An empty folder that sgsim runs in, so that all its paths are relative. It is gone after the file's tests. */
export function createFolder() {
  const path = mkdtempSync(join(tmpdir(), 'sgsim-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write: (name: string, content: string | Uint8Array): string => {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), content);
      return name;
    },
    read: (name: string): string => readFileSync(join(path, name), 'utf8'),
    names: (): string[] => readdirSync(path).sort(),
    run: (args: readonly string[], options: RunOptions = {}): Promise<Run> =>
      runSgsim(args, { cwd: path, ...options }),
    check: (
      args: readonly string[],
      expected: Partial<Run>,
      options: RunOptions = {},
    ): Promise<void> => checkSgsim(args, expected, { cwd: path, ...options }),
  };
}
