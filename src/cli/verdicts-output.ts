import { createTable } from '../model/table.js';
import { FLOW_COLUMNS, PACKET_COLUMNS } from '../model/verdict-table.js';
import { createFlowTable } from '../replay/flow-table.js';
import type { Observer } from '../replay/observer.js';
import { createPacketTable } from '../replay/packet-table.js';
import { flowRow, namelessRow } from '../report/flow-rows.js';
import type { TableFile } from '../report/table-file.js';
import { type RowValues, createTableRows } from '../report/table-rows.js';
import type { Output } from './output.js';
import type { OutputRequest } from './replay-output.js';

export type VerdictRows = 'packet' | 'flow';
export type VerdictFormat = 'parquet' | 'csv' | 'jsonl';

/** `--verdicts FILE --by ...`: a row for each packet or flow, in the format that the file's name tells. */
export function verdictsRequest(name: string, by: VerdictRows): OutputRequest {
  const [, ending = 'jsonl'] = /\.(parquet|csv)$/iu.exec(name) ?? [];
  const format = ending.toLowerCase() as VerdictFormat;
  return { name, open: (output) => openVerdicts(output, by, format) };
}

/** What watches a replay, and what ends it. */
export interface VerdictsOutput {
  readonly observers: readonly Observer[];
  end(): Promise<void>;
}

/** Writes rows when they are known, and keeps a bounded number of them. */
export async function openVerdicts(
  output: Pick<Output, 'write'>,
  by: VerdictRows,
  format: VerdictFormat,
): Promise<VerdictsOutput> {
  const file = await createFile(by, format);
  const writing = (by === 'packet' ? writePackets : writeFlows)(output, file, format);
  return {
    observers: [writing.observer],
    end: async () => {
      await writing.finish();
      await output.write(file.end());
    },
  };
}

async function createFile(by: VerdictRows, format: VerdictFormat): Promise<TableFile> {
  const { columns } = createTable(by === 'packet' ? PACKET_COLUMNS : FLOW_COLUMNS, 0);
  switch (format) {
    case 'parquet':
      return (await import('../report/parquet.js')).createParquetFile(columns);
    case 'csv':
      return (await import('../report/csv.js')).createCsvFile(columns);
    case 'jsonl':
      return (await import('../report/verdict-lines.js')).createVerdictLines();
  }
}

/** Rows of a table: those of a row group of Parquet, 64 vectors of DuckDB's; of text, as many as a buffer holds. */
const ROWS: Readonly<Record<VerdictFormat, number>> = { parquet: 131_072, csv: 4096, jsonl: 4096 };

interface Writing {
  readonly observer: Observer;
  /** Writes what is left. */
  finish(): Promise<void>;
}

function writePackets(
  output: Pick<Output, 'write'>,
  file: TableFile,
  format: VerdictFormat,
): Writing {
  const packets = createPacketTable({
    rowsMax: ROWS[format],
    eager: format !== 'parquet',
    take: (table) => output.write(file.rows(table)),
  });
  return { observer: packets, finish: () => packets.finish() };
}

/** Flows that are told apart at a time: some 200 bytes each. */
const FLOWS_MAX = 1 << 20;

function writeFlows(
  output: Pick<Output, 'write'>,
  file: TableFile,
  format: VerdictFormat,
): Writing {
  const rows = createTableRows(FLOW_COLUMNS, ROWS[format]);
  /** Of flows that retired while a run was looked at. */
  const due: Uint8Array[] = [];
  const handOn = (): void => {
    due.push(file.rows(rows.table));
    rows.clear();
  };
  const put = (values: RowValues): void => {
    rows.put(values);
    if (rows.table.count === ROWS[format]) handOn();
  };
  const writeDue = async (): Promise<void> => {
    for (const bytes of due.splice(0)) await output.write(bytes);
  };
  const flows = createFlowTable({
    flowsMax: FLOWS_MAX,
    onRetired: (retired) => {
      for (const flow of retired) put(flowRow(flow));
    },
  });
  return {
    observer: {
      onSettled: async (run) => {
        await flows.onSettled(run);
        await writeDue();
      },
    },
    finish: async () => {
      for (const flow of flows.flows()) {
        put(flowRow(flow));
        await writeDue();
      }
      for (const [code, tally] of flows.unlisted().nameless) put(namelessRow(code, tally));
      handOn();
      await writeDue();
    },
  };
}
