// TCP connection states: they only choose the idle limit (CT-13). Transitions are those of Linux's nf_conntrack_proto_tcp;
// where Linux ignores or rejects a packet, the state stays.

export const SYN_SENT: u8 = 1;
export const SYN_RECEIVED: u8 = 2;
export const ESTABLISHED: u8 = 3;
export const FIN_WAIT: u8 = 4;
export const CLOSE_WAIT: u8 = 5;
export const LAST_ACK: u8 = 6;
export const TIME_WAIT: u8 = 7;
export const CLOSE: u8 = 8;
/** A SYN from both sides: simultaneous open. */
export const SYN_SENT2: u8 = 9;

const SYN: u32 = 0;
const SYN_ACK: u32 = 1;
const FIN: u32 = 2;
const ACK: u32 = 3;
const EITHER: u32 = 2;
const ORIGINAL: u32 = 0;
const REPLY: u32 = 1;

export const TCP_TABLE_SIZE: usize = 16 * 8;
/**
 * [state][direction][event] -> next state, 0 for no change. Private, because starting an instance clears the module's
 * own bytes (memory.data) in the memory that all share, while others judge.
 */
let table: usize = 0;

function on(state: u8, direction: u32, event: u32, next: u8): void {
  if (direction == EITHER) {
    on(state, ORIGINAL, event, next);
    on(state, REPLY, event, next);
  } else {
    store<u8>(table + ((<usize>state) << 3) + (direction << 2) + event, next);
  }
}

/** `at` is private zeroed memory of TCP_TABLE_SIZE bytes. */
export function setupTcp(at: usize): void {
  table = at;
  on(SYN_SENT, REPLY, SYN, SYN_SENT2);
  on(SYN_SENT, REPLY, SYN_ACK, SYN_RECEIVED);
  on(SYN_SENT2, EITHER, SYN_ACK, SYN_RECEIVED);
  on(SYN_RECEIVED, ORIGINAL, ACK, ESTABLISHED);
  on(SYN_RECEIVED, EITHER, FIN, FIN_WAIT);
  on(ESTABLISHED, EITHER, FIN, FIN_WAIT);
  on(FIN_WAIT, EITHER, ACK, CLOSE_WAIT);
  on(FIN_WAIT, EITHER, FIN, LAST_ACK);
  on(CLOSE_WAIT, EITHER, FIN, LAST_ACK);
  on(LAST_ACK, EITHER, ACK, TIME_WAIT);
}

/** State after a packet with these flags; `reply` tells its direction. RST wins, then SYN, FIN, ACK. */
export function nextTcpState(state: u8, reply: u32, flags: u8): u8 {
  if (flags & 0x04) return CLOSE;
  let event: u32;
  if (flags & 0x02) event = flags & 0x10 ? SYN_ACK : SYN;
  else if (flags & 0x01) event = FIN;
  else if (flags & 0x10) event = ACK;
  else return state;
  const next = load<u8>(table + ((<usize>state) << 3) + ((<usize>reply) << 2) + event);
  return next == 0 ? state : next;
}
