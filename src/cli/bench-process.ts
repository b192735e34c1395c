// The file that `sgsim bench` runs in a process of its own for every round: none inherits another's warm code or memory.
import { InputError } from '../model/diagnostic.js';
import { type BenchTask, measure } from './bench-measure.js';
import type { BenchReply } from './bench-round.js';

process.once('message', (task) => void answer(task as BenchTask));
// Who asked is gone.
process.once('disconnect', () => process.exit());

async function answer(task: BenchTask): Promise<void> {
  const reply = await measure(task).then(
    (measured): BenchReply => ({ measured }),
    (error: unknown): BenchReply => {
      if (error instanceof InputError) return { diagnostics: error.diagnostics };
      throw error;
    },
  );
  process.send!(reply);
}
