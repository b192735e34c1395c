import { spawnSync } from 'node:child_process';

/** What a whole program took, from its start to its end. */
export interface MeasuredRun {
  readonly stdout: string;
  readonly stderr: string;
  /** User and system time of the program and of all that it started, in seconds, to the millisecond. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

/**
 * Runs a program and measures it as bash's `time` does, which asks the kernel (getrusage(2)) what its ended children took: the same
 * for a program in any language, the time in which it is started and ended among it. Throws when it fails.
 */
export function measuredRun(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): MeasuredRun {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@"';
  const { stdout, stderr, status, error } = spawnSync('bash', ['-c', script, 'bash', ...command], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', ...env },
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command.join(' ')} ends with ${status}: ${stderr}`);
  const lines = stderr.trimEnd().split('\n');
  const [wall, user, system] = lines.pop()!.split(' ').map(Number);
  return {
    stdout,
    stderr: lines.join('\n'),
    cpuSeconds: user! + system!,
    wallSeconds: wall!,
  };
}
