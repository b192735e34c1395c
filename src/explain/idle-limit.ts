import { protocolName } from '../model/protocol.js';
import type { FlowState, Remembered } from '../model/remembered.js';
import { type IdleSeconds, LOAD_BALANCER_SECONDS } from '../model/tracking.js';
import { limitsTowards } from './reference-paths.js';
import type { Situation } from './situation.js';

/** When the interface forgets what is remembered: `eni-db forgets established tcp after 350 s (its TcpEstablishedTimeout)`. */
export function limitText(situation: Situation, memory: Remembered): string {
  const { at } = situation;
  const { flow, state, idleSeconds } = memory;
  const what = state === undefined ? protocolName(flow.protocol) : STATE_TEXTS[state](memory);
  const setting = state === undefined ? undefined : SETTINGS[state];
  const whose = setting === undefined ? '' : ` (${whoseSetting(situation, setting)})`;
  return `${at.eni.id} forgets ${what} after ${idleSeconds} s${whose}`;
}

/** CT-21..CT-23. */
function whoseSetting({ phase, remote, at }: Situation, setting: keyof IdleSeconds): string {
  const name = SETTING_NAMES[setting];
  if (limitsTowards(phase.policy, remote, at.idleSeconds) === LOAD_BALANCER_SECONDS) {
    return `the ${name} of a network load balancer`;
  }
  return at.eni.idleSeconds[setting] === undefined ? `the default ${name}` : `its ${name}`;
}

const SETTINGS: Partial<Record<FlowState, keyof IdleSeconds>> = {
  ESTABLISHED: 'tcpEstablished',
  UDP: 'udp',
  UDP_STREAM: 'udpStream',
};

const SETTING_NAMES: Readonly<Record<keyof IdleSeconds, string>> = {
  tcpEstablished: 'TcpEstablishedTimeout',
  udp: 'UdpTimeout',
  udpStream: 'UdpStreamTimeout',
};

const halfOpen = (): string => 'half-open tcp';
const closing = (): string => 'tcp that is closing';

const STATE_TEXTS: Readonly<Record<FlowState, (memory: Remembered) => string>> = {
  SYN_SENT: halfOpen,
  SYN_RECV: halfOpen,
  SYN_SENT2: halfOpen,
  ESTABLISHED: () => 'established tcp',
  FIN_WAIT: closing,
  CLOSE_WAIT: closing,
  LAST_ACK: closing,
  TIME_WAIT: () => 'closed tcp',
  CLOSE: () => 'tcp that was reset',
  UDP: () => 'udp',
  UDP_STREAM: () => 'a udp stream',
  ICMP: ({ flow }) => `${protocolName(flow.protocol)} queries`,
  OTHER: ({ flow }) => `protocol ${protocolName(flow.protocol)}`,
};
