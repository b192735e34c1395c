import type { FlowLogField, FlowLogValues } from '../model/flow-log-field.js';
import type { ByteStream } from './byte-stream.js';
import { type FlowLogKind, withoutTime } from './flow-log-kind.js';
import type { RecordFault } from './flow-log-record.js';

/** Where in a file something stands, from 1, and what it says or what is wrong with it. */
export interface FlowLogItem {
  readonly line: number;
  readonly values: FlowLogValues | RecordFault;
}

const CHUNK_BYTES = 1 << 18;
/** Characters of a line: ARNs are long, but not so long. */
const LINE_MAX = 1 << 14;

/** Reads the lines of a text, from its first byte on. Blank lines, and headers in the middle of joined files, are passed over. */
export async function* readFlowLogText(
  source: Pick<ByteStream, 'read'>,
  { fields, headed }: Extract<FlowLogKind, { kind: 'text' }>,
): AsyncGenerator<FlowLogItem> {
  const header = fields.join(' ');
  const chunk = new Uint8Array(CHUNK_BYTES);
  const decoder = new TextDecoder();
  let rest = '';
  let line = 0;
  let overlong = false;
  const itemOf = (text: string): FlowLogItem | undefined => {
    line++;
    if (overlong || text.length > LINE_MAX) {
      overlong = false;
      return { line, values: { fact: `the line is longer than ${LINE_MAX} characters` } };
    }
    if (line === 1 && headed) return undefined;
    const trimmed = text.trim();
    if (trimmed === '' || trimmed === header) return undefined;
    return { line, values: valuesOf(trimmed.split(/\s+/u), fields) };
  };
  for (;;) {
    const count = await source.read(chunk);
    const text = rest + decoder.decode(chunk.subarray(0, count), { stream: count > 0 });
    const lines = text.split('\n');
    rest = lines.pop()!;
    for (const each of lines) {
      const item = itemOf(each);
      if (item !== undefined) yield item;
    }
    if (count === 0) break;
    if (rest.length > LINE_MAX) {
      overlong = true;
      rest = '';
    }
  }
  if (rest === '' && !overlong) return;
  const last = itemOf(rest);
  if (last !== undefined) yield last;
}

function valuesOf(
  words: readonly string[],
  fields: readonly FlowLogField[],
): FlowLogValues | RecordFault {
  const values = words.length === fields.length ? words : withoutTime(words);
  if (values.length !== fields.length) {
    return { fact: `${values.length} values stand where ${fields.length} fields are` };
  }
  return Object.fromEntries(fields.map((field, i) => [field, values[i]!]));
}
