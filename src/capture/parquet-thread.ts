// What runs on the thread that reads a Parquet file: it answers with fields and count, then with the rows that it is asked for.
import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { AsyncBuffer } from 'hyparquet';
import type { ParquetAnswer, ParquetBytes, ParquetQuestion } from './flow-log-parquet.js';
import { type ParquetRows, openParquetRows } from './parquet-rows.js';

const port = parentPort!;
const opened = answer(async () => {
  const rows = await openParquetRows(bufferOf(workerData as ParquetBytes));
  port.postMessage({ fields: rows.fields, count: rows.count } satisfies ParquetAnswer);
  return rows;
});
port.on('message', ({ rowStart, rowEnd }: ParquetQuestion) => {
  void answer(async () => {
    const rows = (await opened) as ParquetRows;
    port.postMessage({ rows: await rows.read(rowStart, rowEnd) } satisfies ParquetAnswer);
  });
});

async function answer<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    const fault = error instanceof Error ? error.message.slice(0, 100) : 'unknown error';
    port.postMessage({ fault } satisfies ParquetAnswer);
    return undefined;
  }
}

function bufferOf(bytes: ParquetBytes): AsyncBuffer {
  if ('whole' in bytes) {
    const { whole } = bytes;
    return { byteLength: whole.byteLength, slice: (start, end) => whole.slice(start, end) };
  }
  const { descriptor, size } = bytes;
  return {
    byteLength: size,
    slice: (start, end = size) => {
      const part = new Uint8Array(Math.max(0, end - start));
      const count = readSync(descriptor, part, 0, part.length, start);
      if (count < part.length) throw new Error('it ends in the middle');
      return part.buffer;
    },
  };
}
