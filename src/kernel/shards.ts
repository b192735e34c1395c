import { ORDER_HEADER, ROW_SIZE } from './layout';
import { Row } from './row';

/**
 * Writes which rows of a batch each shard has, in order: `shards` lists, `size` bytes apart, each how many and then their
 * positions.
 */
export function assignRows(rows: usize, count: u32, shards: u32, orders: usize, size: u32): void {
  for (let shard: u32 = 0; shard < shards; shard++) {
    store<u32>(orders + <usize>shard * size, 0);
  }
  for (let i: u32 = 0; i < count; i++) {
    const hash = changetype<Row>(rows + <usize>i * ROW_SIZE).shardHash;
    const order = orders + <usize>((<u64>hash * shards) >> 32) * size;
    const length = load<u32>(order);
    store<u32>(order + ((<usize>length) << 2), i, ORDER_HEADER);
    store<u32>(order, length + 1);
  }
}

/** The position at a place of a list, which begins behind its length. */
export function positionAt(order: usize, place: u32): u32 {
  return load<u32>(order + ((<usize>place) << 2));
}

/** Keeps the reads from being optimised away. */
export let touchedRows: i64 = 0;

/** Reads both lines of rows that another thread has written, many at once: each may have to come from another core. */
export function touchRows(rows: usize, order: usize, from: u32, to: u32): void {
  let read: i64 = 0;
  for (let place = from; place < to; place++) {
    const row = rows + <usize>positionAt(order, place) * ROW_SIZE;
    read += load<i64>(row) + load<i64>(row, 64);
  }
  touchedRows = read;
}
