import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { checkFilter } from '../filter/compile.js';
import { inputError } from '../model/diagnostic.js';
import type { Outcome } from '../model/outcome.js';
import type { ColumnForm } from '../model/table.js';
import type { TrackingOptions } from '../model/tracking.js';
import { INTERFACE_COLUMNS, RULE_COLUMNS } from '../model/verdict-table.js';
import { replay } from '../replay/replay.js';
import { interfaceRow, ruleRow } from '../report/outcome-rows.js';
import { createParquetFile } from '../report/parquet.js';
import { queryCsv } from '../report/query-csv.js';
import { queryJson } from '../report/query-json.js';
import { queryText } from '../report/query-text.js';
import type { QueryAnswer } from '../report/query-value.js';
import { type RowValues, createTableRows } from '../report/table-rows.js';
import { type CaptureArguments, readingOf } from './capture-options.js';
import { wantsColor } from './console.js';
import { type TableSource, ask, loadDuckDb, openDatabase } from './duckdb.js';
import { endingEarly } from './ending.js';
import { type LoadedTimeline, type VpcArguments, loadTimeline } from './load-timeline.js';
import { openCaptures, reportPartly, totalSize } from './open-captures.js';
import { openOutput, writeTo } from './output.js';
import { createProgress } from './progress.js';
import { openVerdicts } from './verdicts-output.js';

interface QueryArguments extends CaptureArguments, VpcArguments {
  readonly statement: string;
  readonly format: 'text' | 'json' | 'csv';
  readonly workers: number;
  readonly tracking: TrackingOptions;
}

/** Runs `sgsim query`; returns the exit code. Throws InputError. */
export async function runQuery(args: QueryArguments): Promise<number> {
  const duckDb = await loadDuckDb();
  checkFilter(args.filter);
  const loaded = await loadTimeline(args);
  let made: string | undefined;
  let connection: DuckDBConnection | undefined;
  // A statement that goes on would keep the program from ending.
  const leave = (): void => {
    connection?.interrupt();
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
  };
  // Also when nobody reads the answer any more, which ends the program where it is.
  process.once('exit', leave);
  return endingEarly(leave, async (signal) => {
    const folder = (made = makeFolder());
    const { outcome, tables } = await replayInto(folder, args, loaded, signal);
    const opened = await openDatabase(duckDb, tables, join(folder, 'spilled'));
    connection = opened;
    await untilAborted(
      signal,
      async () => printAnswer(await ask(opened, args.statement), args.format),
      () => opened.interrupt(),
    );
    return reportPartly(outcome, 'the answer');
  });
}

/** Folder of the tables. Throws InputError. */
function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'sgsim-query-'));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const fact = `no folder can be made there (${reason})`;
    throw inputError('output-file', tmpdir(), fact, 'name another folder in TMPDIR');
  }
}

/** Runs an action; throws the reason of a signal that comes meanwhile. */
async function untilAborted(
  signal: AbortSignal,
  action: () => Promise<void>,
  stop: () => void,
): Promise<void> {
  const wasAborted = signal.aborted;
  signal.addEventListener('abort', stop);
  try {
    await action();
  } catch (error) {
    throw signal.aborted && !wasAborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface ReplayedTables {
  readonly outcome: Outcome;
  readonly tables: readonly TableSource[];
}

/** Replays the captures into tables. A statement that names one of packets and flows alone gets no table of the others. */
async function replayInto(
  folder: string,
  args: QueryArguments,
  { timelineFrom, interfaces }: Pick<LoadedTimeline, 'timelineFrom' | 'interfaces'>,
  signal: AbortSignal,
): Promise<ReplayedTables> {
  const named = (['packets', 'flows'] as const).filter((name) =>
    args.statement.toLowerCase().includes(name),
  );
  const wanted = named.length === 0 ? (['packets', 'flows'] as const) : named;
  const pathOf = (name: string): string => join(folder, `${name}.parquet`);
  const sources = await openCaptures(args.captures, interfaces);
  const progress = createProgress(totalSize(sources));
  try {
    const outputs = await Promise.all(
      wanted.map(async (name) => {
        const output = openOutput(pathOf(name));
        const by = name === 'packets' ? 'packet' : 'flow';
        return { output, verdicts: await openVerdicts(output, by, 'parquet') };
      }),
    );
    const outcome = await replay(timelineFrom, sources, {
      tracking: args.tracking,
      observers: outputs.flatMap(({ verdicts }) => verdicts.observers),
      ...readingOf(args),
      workers: args.workers,
      signal,
      dropGroups: 0,
      onProgress: (now) => progress.show(now),
    });
    for (const { output, verdicts } of outputs) {
      await verdicts.end();
      await output.finish();
    }
    const { byRule, byInterface } = outcome;
    await writeRows(pathOf('rules'), RULE_COLUMNS, byRule.map(ruleRow));
    await writeRows(pathOf('interfaces'), INTERFACE_COLUMNS, byInterface.map(interfaceRow));
    const tables = [...wanted, 'rules', 'interfaces'].map((name) => ({ name, path: pathOf(name) }));
    return { outcome, tables };
  } finally {
    progress.clear();
    for (const source of sources) source.close();
  }
}

async function writeRows(
  path: string,
  forms: readonly ColumnForm[],
  rows: readonly RowValues[],
): Promise<void> {
  const filled = createTableRows(forms, rows.length);
  for (const row of rows) filled.put(row);
  const file = createParquetFile(filled.table.columns);
  const output = openOutput(path);
  await output.write(file.rows(filled.table));
  await output.write(file.end());
  await output.finish();
}

const FORMATS = {
  text: (answer: QueryAnswer) => queryText(answer, { color: wantsColor(process.stdout) }),
  json: queryJson,
  csv: queryCsv,
} as const;

/** Lines are gathered before they are written. */
const BLOCK = 1 << 16;

async function printAnswer(answer: QueryAnswer, format: QueryArguments['format']): Promise<void> {
  let block = '';
  for await (const line of FORMATS[format](answer)) {
    block += `${line}\n`;
    if (block.length < BLOCK) continue;
    await writeTo(process.stdout, block);
    block = '';
  }
  await writeTo(process.stdout, block);
}
