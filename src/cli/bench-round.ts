import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { builtFile } from '../engine/built-file.js';
import { type Diagnostic, InputError, inputError } from '../model/diagnostic.js';
import type { BenchTask, Measured } from './bench-measure.js';

/** What a process sends back. */
export type BenchReply =
  { readonly measured: Measured } | { readonly diagnostics: readonly Diagnostic[] };

/** Runs tasks one after the other, a process each. */
export interface Rounds {
  /** Throws InputError, also when the process dies: of its own accord it does not. */
  run(task: BenchTask): Promise<Measured>;
  /** Ends what runs. */
  stop(): void;
}

export function createRounds(): Rounds {
  let child: ChildProcess | undefined;
  return {
    run: async (task) => {
      child = fork(builtFile('bench-process.js'), {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
      const replied = once(child, 'message') as Promise<[BenchReply]>;
      child.send(task);
      const first = await Promise.race([replied, ended.then(() => undefined)]);
      if (child.connected) child.disconnect();
      const [code, signal] = await ended;
      if (first === undefined) {
        const fact = `a process of the benchmark has ended by ${signal ?? `exit code ${code}`}`;
        throw inputError('memory', '', fact, 'use fewer workers, or a machine with more memory');
      }
      const [reply] = first;
      if ('diagnostics' in reply) throw new InputError(reply.diagnostics);
      return reply.measured;
    },
    stop: () => void child?.kill('SIGKILL'),
  };
}
