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
  /** What the values are places in. */
  readonly dictionary?: Dictionary;
  /** 1 for rows that have a value, else 0; absent when all have one. */
  readonly present?: Uint8Array;
  readonly statistics?: Statistics;
}

/** The bodies of the first `count` values of a column, one for each of its fields. */
export function bodiesOf(column: Column, count: number): FieldBody[] {
  switch (column.kind) {
    case 'text':
      return [textBody(column, count)];
    case 'small':
      return [smallBody(column, count)];
    case 'count':
      return [countBody(column, count)];
    case 'instant':
      return instantBodies(column, count);
    case 'flag': {
      const flags = column.values.subarray(0, count);
      return [{ encoding: 'RLE', write: (writer) => writeFlags(writer, flags) }];
    }
  }
}

function textBody({ values, entries, optional }: TextColumn, count: number): FieldBody {
  const { places, dictionary } = dictionaryOf(values.subarray(0, count), entries);
  const there = optional ? withValue(places, NO_VALUE) : { kept: places };
  const { kept, ...rest } = there;
  return {
    encoding: 'RLE_DICTIONARY',
    dictionary,
    write: (writer) => writePlaces(writer, kept, dictionary.count),
    ...rest,
  };
}

function smallBody({ values, optional }: SmallColumn, count: number): FieldBody {
  const { kept, ...rest } = optional
    ? withValue(values.subarray(0, count), NO_VALUE)
    : { kept: values.subarray(0, count) };
  const signed = new Int32Array(kept.buffer, kept.byteOffset, kept.length);
  return { encoding: DELTA, write: (writer) => writeSmall(writer, signed), ...rest };
}

function countBody({ values, optional }: CountColumn, count: number): FieldBody {
  const all = values.subarray(0, count);
  const kept = optional ? all.filter((value) => !Number.isNaN(value)) : all;
  const present = optional
    ? Uint8Array.from(all, (value) => (Number.isNaN(value) ? 0 : 1))
    : undefined;
  return {
    encoding: DELTA,
    write: (writer) => writeCounts(writer, kept),
    ...(present && { present }),
    ...boundsOf(kept),
  };
}

function instantBodies({ values, optional }: InstantColumn, count: number): FieldBody[] {
  const all = values.subarray(0, count);
  const kept = optional ? all.filter((value) => value !== NO_INSTANT) : all;
  const present = optional
    ? Uint8Array.from(all, (value) => (value === NO_INSTANT ? 0 : 1))
    : undefined;
  return [microseconds(kept), kept].map((longs) => ({
    encoding: DELTA,
    write: (writer) => writeLongs(writer, longs),
    ...(present && { present }),
    ...boundsOf(longs),
  }));
}

const DELTA = 'DELTA_BINARY_PACKED';

/** Values without those that stand for none, and which rows they are of. */
function withValue(
  values: Uint32Array<ArrayBuffer>,
  none: number,
): { kept: Uint32Array<ArrayBuffer>; present: Uint8Array } {
  const present = new Uint8Array(values.length);
  const kept = new Uint32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === none) continue;
    present[i] = 1;
    kept[count++] = value;
  }
  return { kept: kept.subarray(0, count), present };
}

/** Least and largest, by which readers pass over row groups. */
function boundsOf(values: Float64Array | BigInt64Array): { readonly statistics?: Statistics } {
  if (values.length === 0) return {};
  let [least, most] = [values[0]!, values[0]!];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { statistics: { min_value: BigInt(least), max_value: BigInt(most) } };
}
