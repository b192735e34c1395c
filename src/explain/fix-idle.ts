import type { FixEdit } from '../model/explanation.js';
import { type FlowState, type Remembered, isOver } from '../model/remembered.js';
import type { IdleSeconds } from '../model/tracking.js';
import { IDLE_RANGES } from './fix-edit.js';
import type { StillDropped } from './fix-trial.js';

type IdleLimit = Extract<FixEdit, { kind: 'idle-limit' }>;

/** The connection that a packet came too late for; undefined when it was none, or had been closed. */
export function expiredConnection({ memory, clockNs }: StillDropped): Remembered | undefined {
  const isIdle = memory?.kind === 'connection' && limitOf(memory) !== undefined;
  return isIdle && isOver(memory, clockNs) ? memory : undefined;
}

/** The smallest idle limit that would have kept the connection, when AWS lets it be set so high (CT-21). */
export function idleLimit(drop: StillDropped): IdleLimit | undefined {
  const connection = expiredConnection(drop);
  const limit = connection && limitOf(connection);
  if (connection === undefined || limit === undefined) return undefined;
  const silentNs = drop.clockNs - connection.lastSeenNs;
  const [least, most] = IDLE_RANGES[limit];
  const seconds = Math.max(least, Number(silentNs / 1_000_000_000n) + 1);
  return seconds > most ? undefined : { kind: 'idle-limit', eni: drop.eni, limit, seconds };
}

/** What its idle limit is called; undefined when that is fixed (CT-13). */
export function limitOf({ state }: Remembered): keyof IdleSeconds | undefined {
  return state === undefined ? undefined : LIMITS[state];
}

const LIMITS: Readonly<Partial<Record<FlowState, keyof IdleSeconds>>> = {
  ESTABLISHED: 'tcpEstablished',
  UDP: 'udp',
  UDP_STREAM: 'udpStream',
};
