import type { Encoding, Statistics } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import {
  type Column,
  type CountColumn,
  type InstantColumn,
  NO_INSTANT,
  NO_VALUE,
  type SmallColumn,
  type TextColumn,
} from '../model/table.js';
import { type Dictionary, dictionaryOf } from './parquet-dictionary.js';
import { boundsOfCounts, boundsOfLongs } from './parquet-bounds.js';
import {
  microseconds,
  writeCounts,
  writeFlags,
  writeLongs,
  writePlaces,
  writeSmall,
} from './parquet-values.js';

/** What a row group holds of one field. */
export interface FieldBody {
  readonly encoding: Encoding;
  /** Writes the values that are there, one after the other. */
  readonly write: (writer: ByteWriter) => void;
  /** How many rows have no value. */
  readonly nulls: number;
  /** 1 for rows that have a value, else 0; absent in a field that is required. */
  readonly present?: Uint8Array;
  /** What the values are places in. */
  readonly dictionary?: Dictionary;
  readonly bounds?: Statistics;
}

/** Where the values that are there, and which rows they are of, are put together: one body at a time. */
interface Scratch {
  kept: Uint32Array<ArrayBuffer>;
  present: Uint8Array<ArrayBuffer>;
}

/**
 * Gives the bodies of the first `count` values of a column, one for each of its fields. A body is valid until the next is asked for:
 * fresh arrays for each would take longer than all that is done with them.
 */
export function createBodies(): (column: Column, count: number) => Iterable<FieldBody> {
  const scratch: Scratch = { kept: new Uint32Array(0), present: new Uint8Array(0) };
  return (column, count) => {
    if (count > scratch.kept.length) {
      scratch.kept = new Uint32Array(count);
      scratch.present = new Uint8Array(count);
    }
    return bodiesOf(column, count, scratch);
  };
}

function bodiesOf(column: Column, count: number, scratch: Scratch): FieldBody[] {
  switch (column.kind) {
    case 'text':
      return [textBody(column, count, scratch)];
    case 'small':
      return [smallBody(column, count, scratch)];
    case 'count':
      return [countBody(column, count)];
    case 'instant':
      return instantBodies(column, count);
    case 'flag': {
      const flags = column.values.subarray(0, count);
      return [{ encoding: 'RLE', nulls: 0, write: (writer) => writeFlags(writer, flags) }];
    }
  }
}

function textBody(
  { values, entries, optional }: TextColumn,
  count: number,
  scratch: Scratch,
): FieldBody {
  const { kept, ...presence } = withValue(values, count, optional, scratch);
  const dictionary = dictionaryOf(kept, entries);
  return {
    encoding: 'RLE_DICTIONARY',
    ...presence,
    dictionary,
    write: (writer) => writePlaces(writer, kept, dictionary.count),
  };
}

function smallBody({ values, optional }: SmallColumn, count: number, scratch: Scratch): FieldBody {
  const { kept, ...presence } = withValue(values, count, optional, scratch);
  const signed = new Int32Array(kept.buffer, 0, kept.length);
  return { encoding: DELTA, ...presence, write: (writer) => writeSmall(writer, signed) };
}

function countBody({ values, optional }: CountColumn, count: number): FieldBody {
  const all = values.subarray(0, count);
  const kept = optional ? all.filter((value) => !Number.isNaN(value)) : all;
  return {
    encoding: DELTA,
    nulls: count - kept.length,
    ...(optional && { present: Uint8Array.from(all, (value) => (Number.isNaN(value) ? 0 : 1)) }),
    write: (writer) => writeCounts(writer, kept),
    ...boundsOfCounts(kept),
  };
}

function instantBodies({ values, optional }: InstantColumn, count: number): FieldBody[] {
  const all = values.subarray(0, count);
  const kept = optional ? all.filter((value) => value !== NO_INSTANT) : all;
  const presence = {
    nulls: count - kept.length,
    ...(optional && { present: Uint8Array.from(all, (value) => (value === NO_INSTANT ? 0 : 1)) }),
  };
  return [microseconds(kept), kept].map((longs) => ({
    encoding: DELTA,
    ...presence,
    write: (writer) => writeLongs(writer, longs),
    ...boundsOfLongs(longs),
  }));
}

const DELTA = 'DELTA_BINARY_PACKED';

/** The values without those that stand for none. */
function withValue(
  values: Uint32Array,
  count: number,
  optional: boolean,
  scratch: Scratch,
): Pick<FieldBody, 'nulls' | 'present'> & { readonly kept: Uint32Array<ArrayBuffer> } {
  const { kept, present } = scratch;
  if (!optional) {
    kept.set(values.subarray(0, count));
    return { kept: kept.subarray(0, count), nulls: 0 };
  }
  let length = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    present[i] = value === NO_VALUE ? 0 : 1;
    kept[length] = value;
    if (value !== NO_VALUE) length++;
  }
  return {
    kept: kept.subarray(0, length),
    nulls: count - length,
    present: present.subarray(0, count),
  };
}
