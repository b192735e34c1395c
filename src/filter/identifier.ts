import { fault, isSign, isWord, named, peek, take, type Cursor } from './cursor.js';
import type { Layer4, Primitive } from './expression.js';
import { spanning, type Span } from '../model/span.js';
import type { Token } from './lexer.js';
import { parsePrefix } from '../model/address.js';
import { ETHER_TYPE_NAMES, IP_PROTOCOL_NAMES } from './protocol-names.js';
import { portsBehind } from './ports.js';
import type { Qualifiers } from './qualifiers.js';

/** Reads an address, a network, a port, a range or a protocol, whichever the qualifiers ask for. Throws InputError. */
export function readIdentifier(cursor: Cursor, qualifiers: Qualifiers): Primitive {
  switch (qualifiers.type) {
    case 'host':
    case 'net':
      return readAddress(cursor, qualifiers);
    case 'port':
    case 'portrange':
      return portsBehind(cursor, qualifiers, take(cursor));
    case 'proto':
      return protocolBehind(cursor, qualifiers, take(cursor));
  }
}

function readAddress(cursor: Cursor, qualifiers: Qualifiers): Primitive {
  const token = take(cursor);
  switch (token.kind) {
    case 'mac':
      return macBehind(cursor, qualifiers, token);
    case 'ipv6':
      return ipv6Behind(cursor, qualifiers, token);
    case 'number':
    case 'dotted':
      return ipv4Behind(cursor, qualifiers, token);
    case 'word':
    case 'escaped':
    case 'sign':
    case 'end':
      if (token.kind === 'sign' || token.kind === 'end')
        throw fault(cursor, token, `${named(token)} stands where an address is expected`);
      throw fault(
        cursor,
        token,
        `'${token.text}' is not an address, and no name is looked up`,
        'give the address',
      );
  }
}

function macBehind(
  cursor: Cursor,
  { protocol, type, direction }: Qualifiers,
  token: Token,
): Primitive {
  if (protocol !== 'link' || type !== 'host')
    throw fault(
      cursor,
      token,
      `'${token.text}' is a MAC address`,
      'write `ether host`, `ether src` or `ether dst` before it',
    );
  return {
    kind: 'mac',
    direction: direction ?? 'either',
    value: macValue(token.text),
    span: token,
  };
}

/** One or two digits between separators, four between dots, or twelve without any. */
function macValue(text: string): bigint {
  const parts = text.split(/[:.-]/);
  const width = parts.length === 6 ? 2 : 4;
  return BigInt(`0x${parts.map((part) => part.padStart(width, '0')).join('')}`);
}

function ipv6Behind(cursor: Cursor, qualifiers: Qualifiers, token: Token): Primitive {
  const { protocol, type, direction } = qualifiers;
  if (protocol !== undefined && protocol !== 'ip6')
    throw misfit(cursor, qualifiers, 'an IPv6 address');
  const length = readLength(cursor, 128);
  const span = length === undefined ? token : spanning(token, length);
  const bits = length?.value ?? 128;
  if (type === 'host' && bits !== 128) throw netsOnly(cursor, span);
  const { prefix, hostBits } = parsePrefix(`${token.text}/${bits}`)!;
  if (hostBits) throw bitsBehind(cursor, span);
  const mask = ((1n << BigInt(bits)) - 1n) << BigInt(128 - bits);
  return { kind: 'address6', direction: direction ?? 'either', value: prefix.value, mask, span };
}

const LAYERS4: ReadonlyMap<string | undefined, readonly Layer4[]> = new Map([
  [undefined, ['ip', 'arp', 'rarp']],
  ['ip', ['ip']],
  ['arp', ['arp']],
  ['rarp', ['rarp']],
]);

function ipv4Behind(cursor: Cursor, qualifiers: Qualifiers, token: Token): Primitive {
  const { protocol, type } = qualifiers;
  const layers = LAYERS4.get(protocol);
  if (layers === undefined) throw misfit(cursor, qualifiers, 'an IPv4 address');
  const written = token.kind === 'number' ? numberedNet(token.value, type) : partsOf(cursor, token);
  const { mask, last } = readMask(cursor, written.mask, token);
  const span = spanning(token, last);
  if (type === 'host' && last !== token) throw netsOnly(cursor, span);
  if ((written.value & ~mask) !== 0 && last !== token) throw bitsBehind(cursor, span);
  const direction = qualifiers.direction ?? 'either';
  return { kind: 'address4', layers, direction, value: written.value, mask, span };
}

/** A number alone is a whole address; as a network, its leading bytes: `net 10` is 10.0.0.0/8. */
function numberedNet(number: number, type: Qualifiers['type']): { value: number; mask: number } {
  let [value, mask] = [number, 0xffff_ffff];
  while (type === 'net' && value !== 0 && value >>> 24 === 0) {
    value = (value << 8) >>> 0;
    mask = (mask << 8) >>> 0;
  }
  return { value, mask };
}

/** Two to four numbers between dots, the leading bytes of an address. */
function partsOf(cursor: Cursor, token: Token): { value: number; mask: number } {
  const parts = token.text.split('.').map(Number);
  if (parts.some((part) => part > 255))
    throw fault(cursor, token, `'${token.text}' is not an IPv4 address: a part is above 255`);
  const shift = 32 - 8 * parts.length;
  const value = parts.reduce((sum, part) => sum * 256 + part, 0);
  return { value: (value << shift) >>> 0, mask: (0xffff_ffff << shift) >>> 0 };
}

/** The mask behind a dotted address: `/LENGTH`, `mask DOTTED`, or what its number of parts tells. */
function readMask(cursor: Cursor, byParts: number, token: Token): { mask: number; last: Token } {
  if (token.kind === 'dotted' && isWord(peek(cursor), 'mask')) {
    take(cursor);
    const last = take(cursor);
    if (last.kind !== 'dotted')
      throw fault(cursor, last, `${named(last)} stands where a netmask is expected`);
    return { mask: partsOf(cursor, last).value, last };
  }
  if (token.kind === 'number' && isSign(peek(cursor), '/'))
    throw fault(
      cursor,
      spanning(token, peek(cursor)),
      'a network with a length needs at least two parts',
      'write all four, as in 10.0.0.0/8',
    );
  const last = readLength(cursor, 32);
  if (last === undefined) return { mask: byParts, last: token };
  return { mask: last.value === 0 ? 0 : (0xffff_ffff << (32 - last.value)) >>> 0, last };
}

function readLength(cursor: Cursor, longest: number): Token | undefined {
  if (!isSign(peek(cursor), '/')) return undefined;
  take(cursor);
  const token = take(cursor);
  if (token.kind !== 'number' || token.value > longest)
    throw fault(cursor, token, `${named(token)} is no prefix length`, `give 0 to ${longest}`);
  return token;
}

function protocolBehind(cursor: Cursor, qualifiers: Qualifiers, token: Token): Primitive {
  const { protocol } = qualifiers;
  const link = protocol === 'link';
  if (!link && protocol !== undefined && protocol !== 'ip' && protocol !== 'ip6')
    throw misfit(cursor, qualifiers, 'a protocol');
  const value = protocolNumber(cursor, token, link);
  if (value > (link ? 0xffff : 0xff))
    throw fault(
      cursor,
      token,
      `'${token.text}' is no protocol`,
      `give 0 to ${link ? '0xffff' : '255'}`,
    );
  return link
    ? { kind: 'ether-type', value, span: token }
    : { kind: 'ip-protocol', layer: protocol ?? 'both', number: value, span: token };
}

function protocolNumber(cursor: Cursor, token: Token, link: boolean): number {
  if (token.kind === 'number') return token.value;
  const names = link ? ETHER_TYPE_NAMES : IP_PROTOCOL_NAMES;
  const number = names.get(token.text);
  if (token.kind === 'word' && number !== undefined && ESCAPED.has(token.text))
    throw fault(
      cursor,
      token,
      `'${token.text}' is a word of the filter language itself`,
      `write \\${token.text} to mean the protocol's name`,
    );
  if ((token.kind === 'word' || token.kind === 'escaped') && number !== undefined) return number;
  throw fault(cursor, token, `${named(token)} is no known protocol`, 'give its number');
}

/** Names of protocols that are words of their own. */
const ESCAPED: ReadonlySet<string> = new Set(
  `ip ip6 arp rarp tcp udp sctp icmp igmp igrp pim vrrp ah esp atalk aarp decnet lat sca mopdl moprc
  stp ipx netbeui iso`.split(/\s+/),
);

const misfit = (cursor: Cursor, { span }: Qualifiers, what: string): Error =>
  fault(
    cursor,
    span,
    `${what} does not go with '${cursor.text.slice(span.at, span.at + span.length)}'`,
  );

const netsOnly = (cursor: Cursor, span: Span): Error =>
  fault(cursor, span, 'a mask is for networks only', 'write `net` instead of `host`');

const bitsBehind = (cursor: Cursor, span: Span): Error =>
  fault(cursor, span, 'the address has bits behind the mask', 'clear them, or shorten the mask');
