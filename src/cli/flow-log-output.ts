import { gzipSync } from 'node:zlib';
import type { FlowLogField } from '../model/flow-log-field.js';
import type { Timeline } from '../policy/timeline.js';
import { createFlowLogRecorder } from '../replay/flow-log-recorder.js';
import { type RecordWriter, createRecordWriter, flowLogHeader } from '../report/flow-log-line.js';
import type { Output } from './output.js';
import type { ReplayOutput } from './replay-output.js';

/** Records in pieces of a file. */
interface Encoder {
  /** Takes a record; gives what is to be written by now. */
  add(values: readonly string[]): string | Uint8Array | undefined;
  /** The rest. */
  finish(): string | Uint8Array;
}

/** Characters that are gathered before they are compressed and written. */
const BLOCK = 1 << 20;

/** Writes a flow log of what a replay judges. */
export async function openFlowLog(
  output: Output,
  timelineOf: () => Timeline,
  fields: readonly FlowLogField[],
  encoding: 'text' | 'gzip' | 'parquet',
): Promise<ReplayOutput> {
  const encoder =
    encoding === 'parquet'
      ? (await import('../report/flow-log-parquet.js')).createFlowLogParquet(fields)
      : createLines(fields, encoding === 'gzip');
  let valuesOf: RecordWriter | undefined;
  const recorder = createFlowLogRecorder({
    onClosed: async (flows) => {
      valuesOf ??= createRecordWriter(timelineOf().phases[0]!.description, fields);
      for (const flow of flows) {
        const piece = encoder.add(valuesOf(flow));
        if (piece !== undefined) await output.write(piece);
      }
    },
  });
  return {
    observers: [recorder],
    end: async () => {
      await recorder.finish();
      await output.write(encoder.finish());
    },
  };
}

/** A line each behind the header, as S3 gets them. Blocks are members of a gzip file. */
function createLines(fields: readonly FlowLogField[], compressed: boolean): Encoder {
  let block = `${flowLogHeader(fields)}\n`;
  const take = (): string | Uint8Array => {
    const text = block;
    block = '';
    return compressed ? gzipSync(text) : text;
  };
  return {
    add: (values) => {
      block += `${values.join(' ')}\n`;
      return block.length < BLOCK ? undefined : take();
    },
    finish: take,
  };
}
