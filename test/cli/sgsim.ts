import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** The built program; `npm test` builds it first. */
export const SGSIM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

interface RunOptions {
  /** All of standard input at once, or piece by piece with pauses between them. */
  readonly stdin?: Uint8Array | readonly Uint8Array[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs sgsim to its end, with nothing on standard input unless told. */
export async function runSgsim(
  args: readonly string[],
  { stdin, cwd, env }: RunOptions = {},
): Promise<Run> {
  const child = spawn(process.execPath, [SGSIM, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  }
  const ended = once(child, 'close') as Promise<[number | null]>;
  if (stdin !== undefined) {
    // A program that refuses its input ends before it has read all of it.
    child.stdin!.on('error', () => {});
    for (const piece of stdin instanceof Uint8Array ? [stdin] : stdin) {
      child.stdin!.write(piece);
      if (!(stdin instanceof Uint8Array)) await setTimeout(1);
    }
    child.stdin!.end();
  }
  const [status] = await ended;
  return { ...output, status };
}

/** Runs sgsim and holds all that it says against what is expected: nothing and success unless told. */
export async function checkSgsim(
  args: readonly string[],
  expected: Partial<Run>,
  options: RunOptions = {},
): Promise<void> {
  const run = await runSgsim(args, options);
  expect(run).toEqual({ stdout: '', stderr: '', status: 0, ...expected });
  expect(run.stderr).not.toMatch(/^\s+at /m);
}
