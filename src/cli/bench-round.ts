import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { builtFile } from '../engine/built-file.js';
import { type Diagnostic, InputError } from '../model/diagnostic.js';
import type { BenchTask, Measured } from './bench-measure.js';

/** What a process sends back. */
export type BenchReply =
  { readonly measured: Measured } | { readonly diagnostics: readonly Diagnostic[] };

/** Runs tasks one after the other, a process each. */
export interface Rounds {
  /** Throws InputError, and Error when the process dies. */
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
      const ended = once(child, 'exit');
      const replied = once(child, 'message') as Promise<[BenchReply]>;
      child.send(task);
      const first = await Promise.race([replied, ended.then(() => undefined)]);
      if (child.connected) child.disconnect();
      await ended;
      if (first === undefined) throw new Error('a process of the benchmark has died');
      const [reply] = first;
      if ('diagnostics' in reply) throw new InputError(reply.diagnostics);
      return reply.measured;
    },
    stop: () => void child?.kill('SIGKILL'),
  };
}
