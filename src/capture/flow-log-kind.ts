import {
  type FlowLogField,
  DEFAULT_FLOW_LOG_FIELDS,
  flowLogField,
} from '../model/flow-log-field.js';

/** What a flow log is, told by its first bytes. */
export type FlowLogKind =
  | { readonly kind: 'parquet' }
  | {
      readonly kind: 'text';
      readonly fields: readonly FlowLogField[];
      /** Whether the first line names the fields; else it is a record already. */
      readonly headed: boolean;
    };

/** Undefined for what is no flow log. The more of the first line there is, the surer. */
export function flowLogKind(head: Uint8Array): FlowLogKind | undefined {
  if (isParquet(head)) return { kind: 'parquet' };
  const [line = ''] = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/u, '')
    .split(/\r?\n/u, 1);
  const words = line.trim().split(/\s+/u);
  const fields = words.map(flowLogField);
  if (words.length > 1 && fields.every((field) => field !== undefined)) {
    return { kind: 'text', fields, headed: true };
  }
  return isDefaultRecord(words)
    ? { kind: 'text', fields: DEFAULT_FLOW_LOG_FIELDS, headed: false }
    : undefined;
}

/** The magic number that a Parquet file begins and ends with. */
export const isParquet = (head: Uint8Array): boolean =>
  head.length >= 4 && head[0] === 0x50 && head[1] === 0x41 && head[2] === 0x52 && head[3] === 0x31;

/** A record of version 2, as CloudWatch Logs has it: without a header, and with a time before it where it was exported. */
function isDefaultRecord(words: readonly string[]): boolean {
  const values = withoutTime(words);
  return (
    values.length === DEFAULT_FLOW_LOG_FIELDS.length &&
    values[0] === '2' &&
    /^(?:OK|NODATA|SKIPDATA)$/u.test(values.at(-1)!)
  );
}

/** Takes off the time that CloudWatch Logs puts before an exported line. */
export function withoutTime(words: readonly string[]): readonly string[] {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/u.test(words[0] ?? '') ? words.slice(1) : words;
}
