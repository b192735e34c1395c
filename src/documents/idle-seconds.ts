import type { IdleSeconds } from '../model/tracking.js';
import { shown } from './faults.js';
import { fail, inside, type Place } from './place.js';

/** What AWS calls an idle limit and the seconds that may be set (CT-21). */
const LIMITS = [
  { name: 'tcpEstablished', aws: 'TcpEstablishedTimeout', first: 60, last: 432_000 },
  { name: 'udp', aws: 'UdpTimeout', first: 30, last: 60 },
  { name: 'udpStream', aws: 'UdpStreamTimeout', first: 60, last: 180 },
] as const satisfies readonly { name: keyof IdleSeconds; [key: string]: unknown }[];

/** Fields of an interface's ConnectionTrackingConfiguration, or of `idleSeconds` in the short form. */
export type IdleFields = Readonly<Record<string, number | null | undefined>>;

/** Checks and names the idle limits that a document sets, in seconds. */
export function readIdleSeconds(
  fields: IdleFields | null | undefined,
  form: 'aws' | 'name',
  place: Place,
): Partial<IdleSeconds> {
  const idle: { -readonly [name in keyof IdleSeconds]?: number } = {};
  for (const limit of LIMITS) {
    const { name, first, last } = limit;
    const key = limit[form];
    const seconds = fields?.[key];
    if (seconds === undefined || seconds === null) continue;
    if (Number.isInteger(seconds) && seconds >= first && seconds <= last) idle[name] = seconds;
    else {
      const fact = `${shown(seconds)} seconds is outside ${first} to ${last}`;
      fail(inside(place, key), 'idle-timeout', fact, 'correct it');
    }
  }
  return idle;
}
