import { ACK, FIN, RST, SYN } from '../model/protocol.js';
import { FIXED_IDLE_SECONDS } from '../model/tracking.js';

/**
 * SS SYN_SENT, SR SYN_RECEIVED, ES ESTABLISHED, FW FIN_WAIT, CW CLOSE_WAIT, LA LAST_ACK, TW TIME_WAIT,
 * CL CLOSE, S2 SYN_SENT2: the names of Linux's nf_conntrack_proto_tcp.c.
 */
export type TcpState = (typeof STATES)[number];

/** Whether the packet opens a connection: SYN without ACK, RST and FIN (CT-13). */
export function isBareSynFlags(flags: number): boolean {
  return (flags & (SYN | ACK | RST | FIN)) === SYN;
}

/** The state after a packet with these flags, sent by the side that opened the connection or by the other. */
export function nextTcpState(state: TcpState, fromOpener: boolean, flags: number): TcpState {
  const event = eventOf(flags);
  if (event === 'none') return state;
  const next = TRANSITIONS[fromOpener ? 'original' : 'reply'][event][STATES.indexOf(state)]!;
  return next === '--' ? state : next;
}

/** Whether a bare SYN that meets this state begins another connection (CT-13). */
export function isOver(state: TcpState): boolean {
  return state === 'TW' || state === 'CL';
}

/** How long a connection in this state may be silent, in seconds (CT-13). */
export function tcpIdleSeconds(state: TcpState, establishedSeconds: number): number {
  switch (state) {
    case 'SS':
    case 'S2':
      return FIXED_IDLE_SECONDS.synSent;
    case 'SR':
      return FIXED_IDLE_SECONDS.synReceived;
    case 'ES':
      return establishedSeconds;
    case 'FW':
      return FIXED_IDLE_SECONDS.finWait;
    case 'CW':
      return FIXED_IDLE_SECONDS.closeWait;
    case 'LA':
      return FIXED_IDLE_SECONDS.lastAck;
    case 'TW':
      return FIXED_IDLE_SECONDS.timeWait;
    case 'CL':
      return FIXED_IDLE_SECONDS.close;
  }
}

type TcpEvent = 'syn' | 'synack' | 'fin' | 'ack' | 'rst';
type Row = readonly (TcpState | '--')[];

const STATES = ['SS', 'SR', 'ES', 'FW', 'CW', 'LA', 'TW', 'CL', 'S2'] as const;

/** `--` leaves the state as it is. A bare SYN on TW or CL never gets here: it opens another connection. */
// prettier-ignore
const TRANSITIONS: Readonly<Record<'original' | 'reply', Readonly<Record<TcpEvent, Row>>>> = {
  original: {
    //        SS    SR    ES    FW    CW    LA    TW    CL    S2
    syn:    ['--', '--', '--', '--', '--', '--', '--', '--', '--'],
    synack: ['--', '--', '--', '--', '--', '--', '--', '--', 'SR'],
    fin:    ['--', 'FW', 'FW', 'LA', 'LA', 'LA', '--', '--', '--'],
    ack:    ['--', 'ES', 'ES', 'CW', 'CW', 'TW', 'TW', '--', '--'],
    rst:    ['CL', 'CL', 'CL', 'CL', 'CL', 'CL', 'CL', 'CL', 'CL'],
  },
  reply: {
    //        SS    SR    ES    FW    CW    LA    TW    CL    S2
    syn:    ['S2', '--', '--', '--', '--', '--', '--', '--', '--'],
    synack: ['SR', '--', '--', '--', '--', '--', '--', '--', 'SR'],
    fin:    ['--', 'FW', 'FW', 'LA', 'LA', 'LA', '--', '--', '--'],
    ack:    ['--', '--', '--', 'CW', 'CW', 'TW', 'TW', '--', '--'],
    rst:    ['CL', 'CL', 'CL', 'CL', 'CL', 'CL', 'CL', 'CL', 'CL'],
  },
};

function eventOf(flags: number): TcpEvent | 'none' {
  if ((flags & RST) !== 0) return 'rst';
  if ((flags & SYN) !== 0) return (flags & ACK) !== 0 ? 'synack' : 'syn';
  if ((flags & FIN) !== 0) return 'fin';
  return (flags & ACK) !== 0 ? 'ack' : 'none';
}
