import { type Address, formatAddress } from '../model/address.js';
import { printable } from '../model/diagnostic.js';
import { icmpText } from '../model/icmp-text.js';
import type { Fragment, IpPacket, Packet, Transport } from '../model/packet.js';
import { protocolName } from '../model/protocol.js';
import { codeText } from '../model/verdict.js';
import { count } from './quantity.js';

/**
 * A packet on one line: both ends, protocol, TCP flags as tcpdump has them, ICMP type in words, fragment, what an ICMP error
 * is about, length: `10.0.1.5:4000 > 10.0.2.9:443 tcp [S], 74 bytes`.
 */
export function packetText({ content, length, sourceMac, destinationMac }: Packet): string {
  const size = `${count(length)} bytes`;
  switch (content.kind) {
    case 'ip':
      return `${ipText(content.ip)}, ${size}`;
    case 'non-ip':
      return `${macText(sourceMac, destinationMac)}not IP, ${size}`;
    case 'unread':
      return `${macText(sourceMac, destinationMac)}${codeText(content.code)}, ${size}`;
  }
}

/** A packet's ends, protocol and what its transport tells. */
export function ipText(ip: IpPacket): string {
  const { source, destination, protocol, fragment, transport } = ip;
  const [from, to] = portsOf(transport);
  const ends = `${endText(source, from)} > ${endText(destination, to)}`;
  const facts = [
    `${ends} ${protocolText(protocol)}${transport === undefined ? '' : detailText(transport, source.family)}`,
    ...(fragment === undefined ? [] : [fragmentText(fragment)]),
    ...(transport?.kind === 'icmp' && transport.quote !== undefined
      ? [`about ${quoteText(transport.quote)}`]
      : []),
  ];
  return facts.join(', ');
}

/** Of the packet that an error quotes the ends alone are known. */
function quoteText({ source, destination, protocol, transport }: IpPacket): string {
  const [from, to] = portsOf(transport);
  return `${endText(source, from)} > ${endText(destination, to)} ${protocolText(protocol)}`;
}

/** `tcp`, `esp`, `protocol 99`. */
export function protocolText(protocol: number): string {
  const name = protocolName(protocol);
  return name === String(protocol) ? `protocol ${name}` : name;
}

/** An address and port, an IPv6 address in brackets. */
export function endText(
  address: Address,
  port: number | undefined,
  addressText: (address: Address) => string = formatAddress,
): string {
  const text = addressText(address);
  if (port === undefined) return text;
  return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
}

/** TCP flags in the letters of tcpdump, lowest bit first: `S`, `S.`, `P.`; `none`. */
export function tcpFlagsText(flags: number): string {
  const letters = FLAGS.filter((_, bit) => ((flags >> bit) & 1) === 1).join('');
  return letters === '' ? 'none' : letters;
}

const FLAGS = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W'];

function portsOf(transport: Transport | undefined): readonly (number | undefined)[] {
  return transport === undefined || transport.kind === 'icmp'
    ? []
    : [transport.sourcePort, transport.destinationPort];
}

function detailText(transport: Transport, family: 4 | 6): string {
  switch (transport.kind) {
    case 'tcp':
      return ` [${tcpFlagsText(transport.flags)}]`;
    case 'udp':
      return '';
    case 'icmp': {
      const { type, code, id } = transport;
      return ` ${icmpText(family, type, code)}${id === 0 ? '' : `, id ${id}`}`;
    }
  }
}

function fragmentText({ id, offset, more }: Fragment): string {
  if (offset === 0) return `first fragment of datagram ${id}`;
  return `${more ? 'fragment' : 'last fragment'} of datagram ${id}, from byte ${count(offset)}`;
}

function macText(source: string | undefined, destination: string | undefined): string {
  if (source === undefined || destination === undefined) return '';
  return `${colons(source)} > ${colons(destination)} `;
}

const colons = (mac: string): string => printable(mac).replace(/..(?=.)/g, '$&:');
