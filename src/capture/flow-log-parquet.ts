import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FlowLogField, FlowLogValues } from '../model/flow-log-field.js';
import type { FlowLogItem } from './flow-log-text.js';

/** A Parquet file: an open plain file, or all of its bytes. */
export type ParquetBytes =
  { readonly descriptor: number; readonly size: number } | { readonly whole: ArrayBuffer };

/** Rows that are wanted, the last one excluded. */
export interface ParquetQuestion {
  readonly rowStart: number;
  readonly rowEnd: number;
}

export type ParquetAnswer =
  | { readonly fields: readonly FlowLogField[]; readonly count: number }
  | { readonly rows: readonly FlowLogValues[] }
  | { readonly fault: string };

/** Rows that are held at a time. */
const SLICE_ROWS = 1 << 16;
/** Longest that a slice may take, in milliseconds: one takes less than a second. */
const PATIENCE_MS = 20_000;
/** Of the thread that reads. */
const MEMORY_MB = 1024;

export interface ParquetFlowLog {
  readonly fields: readonly FlowLogField[];
  /** Rows as records; `line` is the row's place. Ends with a fault where the file is damaged. */
  items(): AsyncGenerator<FlowLogItem>;
  close(): void;
}

/**
 * Opens a Parquet file of flow log records. Throws what is wrong with it as an Error. A file that was made for it, or damaged in
 * an unlucky place, makes the reading package go round for ever: it runs on a thread of its own, which is ended when it takes
 * too long or too much memory.
 */
export async function openParquetFlowLog(
  bytes: ParquetBytes,
  patienceMs = PATIENCE_MS,
): Promise<ParquetFlowLog> {
  const thread = new Worker(threadFile(), {
    workerData: bytes,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  const close = (): void => void thread.terminate();
  let settle: (told: ParquetAnswer) => void = () => undefined;
  thread.on('message', (told: ParquetAnswer) => settle(told));
  thread.on('error', () => settle({ fault: 'reading it takes too much memory' }));
  thread.on('exit', () => settle({ fault: 'its reader ended early' }));
  const answer = (): Promise<ParquetAnswer> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        settle({ fault: 'reading it does not end' });
        close();
      }, patienceMs);
      settle = (told) => {
        clearTimeout(timer);
        resolve(told);
      };
    });
  const opened = await answer();
  if (!('fields' in opened)) {
    close();
    throw new Error('fault' in opened ? opened.fault : 'its reader answered out of turn');
  }
  const { fields, count } = opened;
  async function* items(): AsyncGenerator<FlowLogItem> {
    for (let rowStart = 0; rowStart < count; rowStart += SLICE_ROWS) {
      const rowEnd = Math.min(count, rowStart + SLICE_ROWS);
      thread.postMessage({ rowStart, rowEnd } satisfies ParquetQuestion);
      const told = await answer();
      if (!('rows' in told)) {
        const fault = 'fault' in told ? told.fault : 'unknown error';
        yield { line: rowStart + 1, values: { fact: damageOf(fault) } };
        return;
      }
      for (const [i, values] of told.rows.entries()) yield { line: rowStart + i + 1, values };
    }
  }
  return { fields, items, close };
}

/** A library's own words, on one line. */
export const damageOf = (fault: string): string => `the Parquet file cannot be read (${fault})`;

/** Beside the bundled program, or in dist/ when the sources themselves run (tests). */
function threadFile(): string {
  const name = 'parquet-thread.js';
  const fromSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(fromSource ? `../../dist/${name}` : `./${name}`, import.meta.url));
}
