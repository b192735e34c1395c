import type { Address } from '../../src/model/address.js';
import type { IpPacket, Transport } from '../../src/model/packet.js';
import { ICMP, ICMPV6, TCP, UDP } from '../../src/model/protocol.js';
import type { Random } from './random.js';

/** A packet with the numbers by which Linux follows a TCP stream. */
export interface Spoken {
  readonly ip: IpPacket;
  readonly sequence: number;
  readonly acknowledgement: number;
}

/** Two ends; the first one opens. */
export interface Ends {
  readonly opener: Address;
  readonly answerer: Address;
  readonly ports: readonly [number, number];
}

const SYN = 0x02;
const SYN_ACK = 0x12;
const ACK = 0x10;
const PSH_ACK = 0x18;
const FIN_ACK = 0x11;
const RST_ACK = 0x14;

/** What two hosts would say to each other, from its first packet to its last; some of it may be lost by who replays it. */
export function converse(ends: Ends, random: Random): Spoken[] {
  const kind = random.pick(KINDS);
  switch (kind) {
    case 'tcp':
      return tcpConversation(ends, random);
    case 'udp':
      return turns(random, (reply) => plain(ends, reply, UDP, udpPorts(ends, reply)));
    case 'echo':
      return turns(random, (reply) => query(ends, reply, random.pick([8, 8, 8, 13])));
    case 'lone':
      return [loneMessage(ends, random)];
    case 'other': {
      const protocol = random.pick([50, 50, 47, 2]);
      return turns(random, (reply) => plain(ends, reply, protocol));
    }
    case 'error':
      return errorStory(ends, random);
    case 'fragments':
      return fragments(ends, random);
  }
}

const KINDS = [
  ...['tcp', 'tcp', 'tcp', 'tcp', 'tcp', 'tcp', 'udp', 'udp', 'udp', 'echo', 'echo'],
  ...['lone', 'other', 'error', 'error', 'fragments'],
] as readonly ('tcp' | 'udp' | 'echo' | 'lone' | 'other' | 'error' | 'fragments')[];

/** Opening, data, an end of one kind or another; now and then begun in the middle. */
function tcpConversation(ends: Ends, random: Random): Spoken[] {
  const say = tcpSpeaker(ends);
  const script: [reply: boolean, flags: number, bytes: number][] = [];
  const opening = random.pick(['usual', 'usual', 'usual', 'usual', 'refused', 'middle', 'both']);
  if (opening === 'usual') script.push([false, SYN, 1], [true, SYN_ACK, 1], [false, ACK, 0]);
  if (opening === 'both') script.push([false, SYN, 1], [true, SYN, 1], [false, SYN_ACK, 0]);
  if (opening === 'both') script.push([true, SYN_ACK, 0], [false, ACK, 0]);
  if (opening === 'refused') {
    script.push([false, SYN, 1], [true, RST_ACK, 0]);
    return script.map((each) => say(...each));
  }
  for (let left = random.below(6); left > 0; left--) {
    script.push([random.chance(0.5), random.pick([ACK, PSH_ACK]), random.below(100)]);
  }
  const close = random.pick(['none', 'fin', 'fin', 'fin-other', 'reset', 'reset-other']);
  if (close.startsWith('fin')) {
    const other = close === 'fin-other';
    script.push([other, FIN_ACK, 1], [!other, ACK, 0], [!other, FIN_ACK, 1], [other, ACK, 0]);
    if (random.chance(0.2)) script.push([!other, ACK, 0]);
  }
  if (close.startsWith('reset')) script.push([close === 'reset-other', RST_ACK, 0]);
  return script.map((each) => say(...each));
}

function tcpSpeaker(ends: Ends) {
  const next = [1000, 900_000];
  return (reply: boolean, flags: number, bytes: number): Spoken => {
    const side = reply ? 1 : 0;
    const sequence = next[side]!;
    next[side] = sequence + bytes;
    const acknowledgement = (flags & 0x10) === 0 ? 0 : next[1 - side]!;
    const transport: Transport = { kind: 'tcp', ...portsOf(ends, reply), flags };
    return { ...plain(ends, reply, TCP, transport), sequence, acknowledgement };
  };
}

/** Requests and replies, the first of them a request unless it was missed. */
function turns(random: Random, say: (reply: boolean) => Spoken): Spoken[] {
  const missed = random.chance(0.1);
  return Array.from({ length: 1 + random.below(6) }, (_, i) =>
    say(i === 0 ? missed : random.chance(0.5)),
  );
}

function query(ends: Ends, reply: boolean, request: number): Spoken {
  const v6 = ends.opener.family === 6;
  const type = v6 ? (reply ? 129 : 128) : request + (reply ? (request === 8 ? -8 : 1) : 0);
  return icmp(ends, reply, { kind: 'icmp', type, code: 0, id: ends.ports[0] & 0xff });
}

/** A message that belongs to nothing. */
function loneMessage(ends: Ends, random: Random): Spoken {
  const v6 = ends.opener.family === 6;
  const [type, code] = random.pick<readonly [number, number]>(
    v6 ? [[129, 0], [1, 3]] : [[0, 0], [3, 3], [5, 1], [14, 0]], // prettier-ignore
  );
  const id = (v6 ? type === 129 : type === 0 || type === 14) ? 9 : 0;
  return icmp(ends, false, { kind: 'icmp', type, code, id });
}

/** A UDP flow or ping and an error about one of its packets, from the other end or from a router on the way. */
function errorStory(ends: Ends, random: Random): Spoken[] {
  const said = random.chance(0.5)
    ? turns(random, (reply) => plain(ends, reply, UDP, udpPorts(ends, reply)))
    : turns(random, (reply) => query(ends, reply, 8));
  const { ip: quote } = random.pick(said);
  const v6 = ends.opener.family === 6;
  const [type, code] = random.pick<readonly [number, number]>(
    v6 ? [[1, 4], [2, 0], [3, 0]] : [[3, 3], [3, 4], [11, 0], [12, 0]], // prettier-ignore
  );
  const { source, destination } = quote;
  const error: Spoken = {
    ip: {
      source: random.chance(0.5) ? destination : router(destination),
      destination: source,
      protocol: v6 ? ICMPV6 : ICMP,
      transport: { kind: 'icmp', type, code, id: 0, quote },
    },
    ...UNNUMBERED,
  };
  return random.chance(0.8) ? [...said, error] : [error];
}

/** Somebody near the address. */
const router = ({ family, value }: Address): Address => ({ family, value: value ^ 0x40n });

/** A datagram in pieces: in order, the first one late, or never there. */
function fragments(ends: Ends, random: Random): Spoken[] {
  const { ip } = plain(ends, false, UDP, udpPorts(ends, false));
  const { transport, ...bare } = ip;
  const id = 1 + random.below(60_000);
  const pieces: Spoken[] = [
    { ip: { ...bare, transport: transport!, fragment: { id, offset: 0, more: true } }, ...UNNUMBERED }, // prettier-ignore
    { ip: { ...bare, fragment: { id, offset: 64, more: true } }, ...UNNUMBERED },
    { ip: { ...bare, fragment: { id, offset: 128, more: false } }, ...UNNUMBERED },
  ];
  const order = random.pick([[0, 1, 2], [0, 1, 2], [0, 2, 1], [2, 1, 0], [1, 2]]); // prettier-ignore
  return order.map((i) => pieces[i]!);
}

const UNNUMBERED = { sequence: 0, acknowledgement: 0 } as const;

function plain(ends: Ends, reply: boolean, protocol: number, transport?: Transport): Spoken {
  const [source, destination] = reply ? [ends.answerer, ends.opener] : [ends.opener, ends.answerer];
  return {
    ip: { source, destination, protocol, ...(transport === undefined ? {} : { transport }) },
    ...UNNUMBERED,
  };
}

const icmp = (ends: Ends, reply: boolean, transport: Transport): Spoken =>
  plain(ends, reply, ends.opener.family === 4 ? ICMP : ICMPV6, transport);

const udpPorts = (ends: Ends, reply: boolean): Transport => ({
  kind: 'udp',
  ...portsOf(ends, reply),
});

const portsOf = ({ ports: [near, far] }: Ends, reply: boolean) =>
  reply ? { sourcePort: far, destinationPort: near } : { sourcePort: near, destinationPort: far };
