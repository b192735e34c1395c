import { encodeFrame } from '../../src/generate/frame.js';
import { type Address, parseAddress } from '../../src/model/address.js';
import type { InputError } from '../../src/model/diagnostic.js';
import type {
  Fragment,
  IpPacket,
  Packet,
  PacketContent,
  Transport,
} from '../../src/model/packet.js';
import { ICMP, ICMPV6, TCP, UDP } from '../../src/model/protocol.js';

/**
 * Parses a packet as stories write it. Throws what `fail` makes of the fault.
 *
 * ```
 * SOURCE > DESTINATION PROTOCOL [frag id N offset BYTES [more]] [mac SOURCE > DESTINATION]
 * arp [mac ...]
 * unread cut|malformed|link-type|encapsulation
 * ```
 * An end is an address, with a port for TCP and UDP: `10.0.1.20:443`, `[2001:db8::1]:443`.
 * PROTOCOL:
 * - `tcp FLAGS`: letters of tcpdump, S A F R P U, `.` for none. A quoted packet may leave them out.
 * - `udp`
 * - `icmp WHAT` over IPv4, `icmpv6 WHAT` over IPv6. WHAT: `echo-request`, `echo-reply` or `TYPE/CODE`, then
 *   `id N` for queries, `about (PACKET)` for errors.
 * - `proto N`: any other.
 *
 * Later fragments have neither ports, flags nor WHAT.
 */
export function parsePacket(text: string, timeNs: bigint, fail: Fail): Packet {
  const tokens = text.replaceAll(/[()]/g, ' $& ').trim().split(/\s+/);
  const content = parseContent(tokens, fail);
  const macs = tokens[0] === 'mac' ? parseMacs(tokens, fail) : {};
  if (tokens.length > 0) throw fail(`'${tokens.join(' ')}' is one word too many`);
  const packet = { timeNs, length: 0, ...macs, content };
  return { ...packet, length: content.kind === 'unread' ? 60 : encodeFrame(packet).length };
}

/** Makes the error for a fact. */
type Fail = (fact: string) => InputError;

/** Words not yet read; each parser takes its own from the front. */
type Tokens = string[];

function parseContent(tokens: Tokens, fail: Fail): PacketContent {
  if (take(tokens, 'arp')) return { kind: 'non-ip' };
  if (take(tokens, 'unread')) {
    const code = tokens.shift();
    if (
      code === 'cut' ||
      code === 'malformed' ||
      code === 'link-type' ||
      code === 'encapsulation'
    ) {
      return { kind: 'unread', code };
    }
    throw fail(`'${code ?? ''}' is no reason for not reading a frame`);
  }
  return { kind: 'ip', ip: parseIp(tokens, false, fail) };
}

function parseIp(tokens: Tokens, quoted: boolean, fail: Fail): IpPacket {
  const source = parseEnd(tokens.shift(), fail);
  if (!take(tokens, '>')) throw fail('expected `SOURCE > DESTINATION`');
  const destination = parseEnd(tokens.shift(), fail);
  if (source.address.family !== destination.address.family) throw fail('addresses of two families');
  const protocol = parseProtocol(tokens, source.address.family, fail);
  const transport = parseTransport(protocol, { source, destination }, tokens, quoted, fail);
  const fragment = take(tokens, 'frag') ? parseFragment(tokens, fail) : undefined;
  const later = (fragment?.offset ?? 0) > 0;
  if (later && transport !== undefined) throw fail('a later fragment has no ports, flags or type');
  const hasHeader = [TCP, UDP, source.address.family === 4 ? ICMP : ICMPV6].includes(protocol);
  if (!later && transport === undefined && hasHeader) {
    throw fail('ports or an ICMP type are missing');
  }
  return {
    source: source.address,
    destination: destination.address,
    protocol,
    ...(fragment === undefined ? {} : { fragment }),
    ...(transport === undefined ? {} : { transport }),
  };
}

interface End {
  readonly address: Address;
  readonly port?: number;
}

function parseEnd(text = '', fail: Fail): End {
  const [, v6, v4, port] = /^(?:\[([^\]]*)\]|([\d.]+))(?::(\d+))?$/.exec(text) ?? [];
  const address = parseAddress(v6 ?? v4 ?? text);
  if (address === undefined || Number(port ?? 0) > 0xffff) {
    throw fail(`'${text}' is not an address with or without a port`);
  }
  return port === undefined ? { address } : { address, port: Number(port) };
}

function parseProtocol(tokens: Tokens, family: 4 | 6, fail: Fail): number {
  const word = tokens.shift() ?? '';
  switch (word) {
    case 'tcp':
      return TCP;
    case 'udp':
      return UDP;
    case 'icmp':
      if (family === 4) return ICMP;
      break;
    case 'icmpv6':
      if (family === 6) return ICMPV6;
      break;
    case 'proto':
      return parseNumber(tokens, 255, fail);
  }
  throw fail(`'${word}' is not a protocol of this family; write \`proto N\``);
}

function parseTransport(
  protocol: number,
  { source, destination }: { source: End; destination: End },
  tokens: Tokens,
  quoted: boolean,
  fail: Fail,
): Transport | undefined {
  if (protocol === TCP || protocol === UDP) {
    const { port: sourcePort } = source;
    const { port: destinationPort } = destination;
    if ((sourcePort === undefined) !== (destinationPort === undefined)) throw fail('one port only');
    if (sourcePort === undefined || destinationPort === undefined) return undefined;
    if (protocol === UDP) return { kind: 'udp', sourcePort, destinationPort };
    const flags = parseFlags(tokens, quoted, fail);
    return { kind: 'tcp', sourcePort, destinationPort, flags };
  }
  if (source.port !== undefined || destination.port !== undefined) {
    throw fail('only tcp and udp have ports');
  }
  return protocol === ICMP || protocol === ICMPV6 ? parseIcmp(tokens, protocol, fail) : undefined;
}

const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32, '.': 0 };

function parseFlags(tokens: Tokens, quoted: boolean, fail: Fail): number {
  if (/^(?:[SAFRPU]+|\.)$/.test(tokens[0] ?? '')) {
    const letters = Array.from(tokens.shift()!);
    return letters.reduce((flags, letter) => flags | FLAGS[letter]!, 0);
  }
  if (quoted) return 0;
  throw fail(`'${tokens[0] ?? ''}' is not a set of TCP flags`);
}

function parseIcmp(
  tokens: Tokens,
  protocol: typeof ICMP | typeof ICMPV6,
  fail: Fail,
): Transport | undefined {
  const [type, code] = parseType(tokens, protocol);
  if (type === undefined || code === undefined) return undefined;
  const id = take(tokens, 'id') ? parseNumber(tokens, 0xffff, fail) : 0;
  if (!take(tokens, 'about')) return { kind: 'icmp', type, code, id };
  if (!take(tokens, '(')) throw fail('expected `about (PACKET)`');
  const quote = parseIp(tokens, true, fail);
  if (!take(tokens, ')')) throw fail('the quoted packet does not end with `)`');
  return { kind: 'icmp', type, code, id, quote };
}

function parseType(tokens: Tokens, protocol: typeof ICMP | typeof ICMPV6): readonly number[] {
  if (take(tokens, 'echo-request')) return [protocol === ICMP ? 8 : 128, 0];
  if (take(tokens, 'echo-reply')) return [protocol === ICMP ? 0 : 129, 0];
  if (!/^\d{1,3}\/\d{1,3}$/.test(tokens[0] ?? '')) return [];
  return tokens.shift()!.split('/').map(Number);
}

function parseFragment(tokens: Tokens, fail: Fail): Fragment {
  if (!take(tokens, 'id')) throw fail('expected `frag id N offset BYTES`');
  const id = parseNumber(tokens, 0xffff_ffff, fail);
  if (!take(tokens, 'offset')) throw fail('expected `frag id N offset BYTES`');
  const offset = parseNumber(tokens, 65_528, fail);
  return { id, offset, more: take(tokens, 'more') };
}

function parseMacs(tokens: Tokens, fail: Fail): Pick<Packet, 'sourceMac' | 'destinationMac'> {
  const [, source = '', arrow, destination = ''] = tokens.splice(0, 4);
  const isMac = (text: string): boolean => /^(?:[\da-f]{2}:){5}[\da-f]{2}$/.test(text);
  if (arrow !== '>' || !isMac(source) || !isMac(destination)) throw fail('expected `mac AA > BB`');
  return {
    sourceMac: source.replaceAll(':', ''),
    destinationMac: destination.replaceAll(':', ''),
  };
}

function parseNumber(tokens: Tokens, limit: number, fail: Fail): number {
  const word = tokens.shift() ?? '';
  if (!/^\d{1,10}$/.test(word) || Number(word) > limit) {
    throw fail(`'${word}' is not a number up to ${limit}`);
  }
  return Number(word);
}

function take(tokens: Tokens, word: string): boolean {
  if (tokens[0] !== word) return false;
  tokens.shift();
  return true;
}
