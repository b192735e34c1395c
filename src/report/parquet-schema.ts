import type { SchemaElement } from 'hyparquet';
import type { Column } from '../model/table.js';

/** The schema of a table: its root, then its fields, of which an instant has two. */
export function schemaOf(columns: readonly Column[]): SchemaElement[] {
  const fields = columns.flatMap(fieldsOf);
  return [{ name: 'table', num_children: fields.length }, ...fields];
}

/** `instant` columns are a timestamp in UTC, cut to microseconds as most programs hold it, and their nanoseconds. */
export function fieldsOf({ name, kind, optional }: Column): SchemaElement[] {
  const named = { name, repetition_type: optional ? 'OPTIONAL' : 'REQUIRED' } as const;
  switch (kind) {
    case 'text':
      return [
        {
          ...named,
          type: 'BYTE_ARRAY',
          converted_type: 'UTF8',
          logical_type: { type: 'STRING' },
        },
      ];
    case 'small':
      return [{ ...named, type: 'INT32' }];
    case 'count':
      return [{ ...named, type: 'INT64' }];
    case 'instant':
      return [
        { ...named, type: 'INT64', logical_type: UTC_MICROSECONDS },
        { ...named, name: `${name}_ns`, type: 'INT64' },
      ];
    case 'flag':
      return [{ ...named, type: 'BOOLEAN' }];
  }
}

// Not adjusted: a program that shows local time would else show it, and no two users the same.
const UTC_MICROSECONDS = { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } as const;
