import {
  CLOSE,
  CLOSE_WAIT,
  ESTABLISHED,
  FIN_WAIT,
  LAST_ACK,
  SYN_RECEIVED,
  SYN_SENT,
  SYN_SENT2,
  TIME_WAIT,
} from './layout';

// TCP connection states only choose the idle limit (CT-13). Transitions are those of Linux's nf_conntrack_proto_tcp; where
// Linux ignores or rejects a packet, the state stays.

/** Which event a segment is: RST wins, then SYN, FIN, ACK. */
const RST: u32 = 0;
const SYN: u32 = 1;
const SYN_ACK: u32 = 2;
const FIN: u32 = 3;
const ACK: u32 = 4;
const NOTHING: u32 = 5;

const EITHER: u32 = 2;
const ORIGINAL: u32 = 0;
const REPLY: u32 = 1;

const STATES: u8 = 10;
/** Flags that matter: FIN, SYN, RST, PSH, ACK. */
const FLAGS: u32 = 32;

export const TCP_TABLE_SIZE: usize = 1024;
/**
 * [state][direction][flags] -> next state. Private, because starting an instance clears the module's own bytes
 * (memory.data) in the memory that all share, while others judge.
 */
let table: usize = 0;

/** `at` is private memory of TCP_TABLE_SIZE bytes. */
export function setupTcp(at: usize): void {
  table = at;
  for (let state: u8 = 0; state < STATES; state++) {
    for (let event = RST; event <= NOTHING; event++) on(state, EITHER, event, state);
    on(state, EITHER, RST, CLOSE);
  }
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

/** Writes a transition for every combination of flags that means the event. */
function on(state: u8, direction: u32, event: u32, next: u8): void {
  if (direction == EITHER) {
    on(state, ORIGINAL, event, next);
    on(state, REPLY, event, next);
    return;
  }
  for (let flags: u32 = 0; flags < FLAGS; flags++) {
    if (eventOf(flags) == event) store<u8>(cell(state, direction, flags), next);
  }
}

function eventOf(flags: u32): u32 {
  if (flags & 0x04) return RST;
  if (flags & 0x02) return flags & 0x10 ? SYN_ACK : SYN;
  if (flags & 0x01) return FIN;
  return flags & 0x10 ? ACK : NOTHING;
}

function cell(state: u8, direction: u32, flags: u32): usize {
  return table + (((<usize>state) << 6) | (direction << 5) | flags);
}

/** State after a packet with these flags; `reply` tells its direction. */
export function nextTcpState(state: u8, reply: u32, flags: u8): u8 {
  return load<u8>(cell(state, reply, flags & (FLAGS - 1)));
}
