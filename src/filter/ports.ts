import { fault, named, type Cursor } from './cursor.js';
import type { Primitive } from './expression.js';
import type { Qualifiers } from './qualifiers.js';
import type { Token } from './lexer.js';
import { TCP, UDP } from '../model/protocol.js';
import { SERVICES, type Service } from './service-names.js';

const SCTP = 132;
const TRANSPORTS: ReadonlyMap<string | undefined, readonly number[]> = new Map([
  [undefined, [TCP, UDP, SCTP]],
  ['tcp', [TCP]],
  ['udp', [UDP]],
  ['sctp', [SCTP]],
]);

/** The ports that a token behind `port` or `portrange` means. Throws InputError. */
export function portsBehind(cursor: Cursor, qualifiers: Qualifiers, token: Token): Primitive {
  const { protocol, type, span } = qualifiers;
  const transports = TRANSPORTS.get(protocol);
  if (transports === undefined)
    throw fault(cursor, span, `'${protocol ?? ''}' has no ports`, 'write tcp, udp, sctp or none');
  const { low, high, service } = rangeOf(cursor, token, type);
  if (Math.max(low, high) > 65_535)
    throw fault(cursor, token, `'${token.text}' is above 65535, the highest port`);
  const only = service?.protocol;
  if (only !== undefined && !transports.includes(only))
    throw fault(
      cursor,
      token,
      `'${token.text}' is not a service of ${protocol ?? ''}`,
      'give the port as a number',
    );
  return {
    kind: 'ports',
    protocols: only === undefined ? transports : [only],
    direction: qualifiers.direction ?? 'either',
    low: Math.min(low, high),
    high: Math.max(low, high),
    span: token,
  };
}

interface Range {
  readonly low: number;
  readonly high: number;
  readonly service?: Service;
}

function rangeOf(cursor: Cursor, token: Token, type: Qualifiers['type']): Range {
  if (token.kind === 'number') return { low: token.value, high: token.value };
  const range = /^(\d+)-(\d+)$/.exec(token.text);
  if (range !== null && type === 'portrange')
    return { low: Number(range[1]), high: Number(range[2]) };
  if (range !== null)
    throw fault(cursor, token, `'${token.text}' is a range`, 'write `portrange` instead of `port`');
  const named = token.kind === 'word' || token.kind === 'escaped';
  const service = named ? SERVICES.get(token.text) : undefined;
  if (service !== undefined && type === 'port')
    return { low: service.port, high: service.port, service };
  throw unknownPort(cursor, token, type);
}

function unknownPort(cursor: Cursor, token: Token, type: Qualifiers['type']): Error {
  if (token.kind !== 'word' && token.kind !== 'escaped')
    return fault(cursor, token, `${named(token)} stands where a port is expected`);
  return type === 'port'
    ? fault(cursor, token, `no port is known as '${token.text}'`, 'give its number')
    : fault(cursor, token, `'${token.text}' is no range of ports`, 'write it as 6000-6008');
}
