import type { IdleSeconds } from '../model/tracking.js';
import { shown } from './faults.js';
import { fail, inside, type Place } from './place.js';

/** What AWS calls an idle limit, of an interface and of a type, and the seconds that it may be (CT-21, CT-22). */
const LIMITS = [
  limit('tcpEstablished', 'TcpEstablishedTimeout', 60, 432_000),
  limit('udp', 'UdpTimeout', 30, 60),
  limit('udpStream', 'UdpStreamTimeout', 60, 180),
];

function limit(name: keyof IdleSeconds, aws: string, first: number, last: number) {
  return { name, aws, awsDefault: `Default${aws}`, first, last };
}

/** Fields of a ConnectionTrackingConfiguration, or of `idleSeconds` in the short form. */
export type IdleFields = Readonly<Record<string, number | null | undefined>>;

/** Checks and names the idle limits that a document sets, in seconds. */
export function readIdleSeconds(
  fields: IdleFields | null | undefined,
  form: 'aws' | 'awsDefault' | 'name',
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
