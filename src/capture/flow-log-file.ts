import { closeSync, openSync } from 'node:fs';
import { inputError } from '../model/diagnostic.js';
import type { FlowLogField } from '../model/flow-log-field.js';
import type { CaptureFile } from './capture-file.js';
import { HEAD_SIZE } from './format.js';
import { readFully } from './byte-stream.js';
import { type FlowLogKind, flowLogKind, isParquet } from './flow-log-kind.js';
import type { ParquetBytes, ParquetFlowLog } from './flow-log-parquet.js';
import { missingFields } from './flow-log-record.js';
import { type FlowLogItem, readFlowLogText } from './flow-log-text.js';
import type { CaptureSource } from './source.js';

/** A flow log that is told by its contents, not open yet. */
export interface FlowLogFile {
  readonly file: CaptureFile;
  readonly kind: FlowLogKind;
}

/** Bytes that tell whether it is worth looking at a first line: no capture begins with such text. */
const MAGIC_SIZE = 4;

/** Looks at the first bytes of a file; undefined when it is no flow log. Throws InputError when it cannot be read. */
export async function flowLogFile(file: CaptureFile): Promise<FlowLogFile | undefined> {
  const magic = await file.firstBytes(MAGIC_SIZE);
  if (magic.length < MAGIC_SIZE) return undefined;
  const isText = magic.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte > 0xba,
  );
  if (!isText) return undefined;
  const kind = flowLogKind(isParquet(magic) ? magic : await file.firstBytes(HEAD_SIZE));
  return kind && { file, kind };
}

/** A flow log as it is read. */
export interface OpenFlowLog {
  readonly name: string;
  readonly fields: readonly FlowLogField[];
  readonly items: AsyncIterable<FlowLogItem>;
  readonly bytesConsumed: () => number;
  /** What is wrong with compressed data, once all was read. */
  readonly damage: () => string | undefined;
  readonly close: () => void;
}

/** Opens a flow log. Throws InputError when its records cannot be judged, for want of fields or because it is damaged. */
export async function openFlowLog({ file, kind }: FlowLogFile): Promise<OpenFlowLog> {
  const { name } = file;
  if (kind.kind === 'parquet') return openParquet(file);
  checkFields(name, kind.fields);
  const source = file.open();
  return {
    ...{ name, fields: kind.fields, items: readFlowLogText(source, kind) },
    bytesConsumed: () => source.bytesConsumed?.() ?? 0,
    damage: () => source.damage?.(),
    close: () => source.close(),
  };
}

function checkFields(name: string, fields: readonly FlowLogField[]): void {
  const missing = missingFields(fields);
  if (missing.length === 0 && fields.includes('action')) return;
  const names = [...missing, ...(fields.includes('action') ? [] : ['action'])].join(', ');
  const fix = 'log those fields too: no record can be judged without them';
  throw inputError('flow-log', name, `its records do not have ${names}`, fix);
}

async function openParquet(file: CaptureFile): Promise<OpenFlowLog> {
  const parquet = await import('./flow-log-parquet.js');
  const { bytes, size, close } = await bytesOf(file);
  let log: ParquetFlowLog | undefined;
  const closeAll = (): void => {
    log?.close();
    close();
  };
  try {
    log = await parquet.openParquetFlowLog(bytes).catch((error: unknown) => {
      const fact = parquet.damageOf(error instanceof Error ? error.message : 'unknown error');
      throw inputError('flow-log', file.name, fact, 'copy it again');
    });
    const { fields } = log;
    checkFields(file.name, fields);
    return {
      ...{ name: file.name, fields, items: log.items() },
      bytesConsumed: () => size,
      damage: () => undefined,
      close: closeAll,
    };
  } catch (error) {
    closeAll();
    throw error;
  }
}

/** Bytes of a Parquet file that is no plain file and must be kept whole, for its end tells what it holds. */
const KEPT_MAX = 256 << 20;

/** The file to be read anywhere. */
async function bytesOf(file: CaptureFile): Promise<{
  readonly bytes: ParquetBytes;
  readonly size: number;
  readonly close: () => void;
}> {
  const source = file.open();
  const head = new Uint8Array(MAGIC_SIZE);
  const count = await readFully(source, head);
  if (file.size !== undefined && source.plainFile?.() !== undefined) {
    source.close();
    const { size } = file;
    const descriptor = openSync(file.name, 'r');
    return { bytes: { descriptor, size }, size, close: () => closeSync(descriptor) };
  }
  const whole = await readWhole(source, head.subarray(0, count), file.name);
  source.close();
  return { bytes: { whole }, size: whole.byteLength, close: () => undefined };
}

async function readWhole(
  source: CaptureSource,
  head: Uint8Array,
  name: string,
): Promise<ArrayBuffer> {
  const pieces = [head];
  let size = head.length;
  for (;;) {
    const piece = new Uint8Array(1 << 20);
    const count = await readFully(source, piece);
    if (count === 0) break;
    pieces.push(piece.subarray(0, count));
    size += count;
    if (size > KEPT_MAX) {
      const fact = `a Parquet file in a pipe or in gzip may have ${KEPT_MAX} bytes`;
      throw inputError('flow-log', name, fact, 'save it as a plain file');
    }
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole.buffer;
}
