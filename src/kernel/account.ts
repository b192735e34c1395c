import * as layout from './layout';
import { Connection } from './connection';
import { ACCOUNT_SIZE, SEGMENT_BYTES } from './layout';
import { accountsAreKept } from './policy';
import { Row } from './row';

/** When a connection began, and what passed since: for people, no verdict depends on it. Dropped packets do not count. */
@unmanaged
export class Account {
  createdNs: i64;
  createdFrame: u64;
  originalPackets: u64;
  originalBytes: u64;
  replyPackets: u64;
  replyBytes: u64;
}
if (offsetof<Account>() > <usize>ACCOUNT_SIZE) ERROR('account: size');
if (offsetof<Account>('createdNs') != layout.ACCOUNT_CREATED) ERROR('account: created');
if (offsetof<Account>('createdFrame') != layout.ACCOUNT_FRAME) ERROR('account: frame');
if (offsetof<Account>('originalPackets') != layout.ACCOUNT_ORIGINAL) ERROR('account: original');
if (offsetof<Account>('replyPackets') != layout.ACCOUNT_REPLY) ERROR('account: reply');

let frameNumber: u64 = 0;

/** The frame of this number is judged now. */
export function accountFrame(number: u64): void {
  frameNumber = number;
}

/** Where the account of a connection stands, if accounts are kept. */
export function accountOf(c: Connection): usize {
  return changetype<usize>(c) + SEGMENT_BYTES;
}

/** The connection begins anew: nothing has passed. */
export function beginAccount(c: Connection, row: Row): void {
  if (!accountsAreKept) return;
  const account = changetype<Account>(accountOf(c));
  account.createdNs = row.clockNs;
  account.createdFrame = frameNumber;
  account.originalPackets = 0;
  account.originalBytes = 0;
  account.replyPackets = 0;
  account.replyBytes = 0;
}

/** A packet of the connection has passed in a direction. */
export function countPacket(c: Connection, row: Row, direction: u32): void {
  if (!accountsAreKept) return;
  const account = changetype<Account>(accountOf(c));
  if (c.direction == direction) {
    account.originalPackets++;
    account.originalBytes += row.length;
  } else {
    account.replyPackets++;
    account.replyBytes += row.length;
  }
}
