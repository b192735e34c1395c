import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { type Address, parseAddress } from '../../src/model/address.js';
import type { IpPacket, Packet, Transport } from '../../src/model/packet.js';
import { ICMP, ICMPV6, TCP, UDP } from '../../src/model/protocol.js';
import { mulberry32 } from '../mulberry32.js';

/** Three interfaces with both families, whose groups track, do not track (CT-4), refer to each other and differ. */
export const RANDOM_TRAFFIC_VPC = `
cidrs: [10.0.0.0/16, 2001:db8:1::/56]
subnets: { subnet-a: [10.0.1.0/24, 2001:db8:1:1::/64] }
groups:
  sg-web:
    ingress: [tcp/80 from any, tcp/443 from 203.0.113.0/24, udp/53 from any, icmp from 203.0.113.0/24]
    egress: [all to any]
  sg-db:
    ingress: [tcp/5432 from sg-web, udp/53 from sg-web, icmpv6 from 2001:db8:f::/48, '50 from sg-web']
    egress: [udp/53 to any, icmp/8 to any]
  sg-shut: { ingress: [tcp/22 from 203.0.113.7], egress: [] }
interfaces:
  eni-web: { subnet: subnet-a, addresses: [10.0.1.20, 2001:db8:1:1::20], groups: [sg-web] }
  eni-db: { subnet: subnet-a, addresses: [10.0.1.30, 2001:db8:1:1::30], groups: [sg-db] }
  eni-shut: { subnet: subnet-a, addresses: [10.0.1.40, 2001:db8:1:1::40], groups: [sg-shut, sg-db] }
`;

const HOSTS = {
  4: {
    local: ['10.0.1.20', '10.0.1.30', '10.0.1.40'],
    remote: ['203.0.113.7', '203.0.113.8', '198.51.100.9'],
  },
  6: {
    local: ['2001:db8:1:1::20', '2001:db8:1:1::30', '2001:db8:1:1::40'],
    remote: ['2001:db8:f::7', '2001:db8:c::8'],
  },
} as const;
const PORTS = [22, 53, 80, 443, 5432] as const;
const FLOWS = 400;
const SYN = 0x02;
const TCP_FLAGS = [SYN, SYN, 0x12, 0x12, 0x10, 0x10, 0x18, 0x18, 0x11, 0x04];

interface Flow {
  readonly family: 4 | 6;
  readonly ends: readonly [Address, Address];
  readonly protocol: 'tcp' | 'udp' | 'echo' | 'esp';
  readonly ports: readonly [number, number];
  opened: boolean;
}

/**
 * A capture of many flows at once: openings, replies, mid-stream, ends, echoes, ICMP errors about them, fragments in
 * any order, ARP, strangers, idle gaps, some time going backwards. The same seed gives the same bytes. `fragments`: the
 * share of packets that are parts of a datagram.
 */
export function randomCapture(
  seed: number,
  packets: number,
  { fragments = 0.07 } = {},
): Uint8Array {
  const random = mulberry32(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const flows = Array.from({ length: FLOWS }, () => createFlow(pick, random));
  let timeNs = 1_700_000_000_000_000_000n;
  const frames = Array.from({ length: packets }, () => {
    timeNs += BigInt(Math.floor(random() * 20_000_000));
    if (random() < 0.0005) timeNs += 45_000_000_000n; // past the idle limits of UDP, ICMP and fragments
    const late = random() < 0.01 ? 1_500_000_000n : 0n;
    const length = 60 + Math.floor(random() * 200);
    const packet: Packet = {
      timeNs: timeNs - late,
      length,
      content:
        random() < 0.01
          ? { kind: 'non-ip' }
          : { kind: 'ip', ip: nextPacket(pick(flows), pick, random, fragments) },
    };
    return { timeNs: packet.timeNs, bytes: encodeFrame(packet) };
  });
  return encodePcap(frames, { nanoseconds: seed % 2 === 0, bigEndian: seed % 3 === 0 });
}

type Pick = <T>(list: readonly T[]) => T;

function createFlow(pick: Pick, random: () => number): Flow {
  const family = pick([4, 4, 6] as const);
  const { local, remote } = HOSTS[family];
  const inside = pick(local);
  const outside = random() < 0.3 ? pick(local) : pick(remote);
  // A stranger to the VPC now and then.
  const names = random() < 0.03 ? [pick(remote), pick(remote)] : [inside, outside];
  const [a, b] = (random() < 0.5 ? names : names.reverse()).map((name) => parseAddress(name)!);
  return {
    family,
    ends: [a!, b!],
    protocol: pick(['tcp', 'tcp', 'tcp', 'udp', 'udp', 'echo', 'esp']),
    ports: [32_768 + Math.floor(random() * 28_000), pick(PORTS)],
    opened: false,
  };
}

function nextPacket(flow: Flow, pick: Pick, random: () => number, fragments: number): IpPacket {
  const kind = random();
  const packet = packetOf(flow, flow.opened && random() < 0.5, pick);
  if (kind < 0.05) return errorAbout(packet);
  flow.opened = true;
  return kind < 0.05 + fragments ? fragmentOf(packet, pick) : packet;
}

function packetOf(flow: Flow, reverse: boolean, pick: Pick): IpPacket {
  const [source, destination] = reverse ? [flow.ends[1], flow.ends[0]] : flow.ends;
  const [sourcePort, destinationPort] = reverse
    ? ([...flow.ports].reverse() as [number, number])
    : flow.ports;
  const packet = (protocol: number, transport?: Transport): IpPacket => ({
    source,
    destination,
    protocol,
    ...(transport === undefined ? {} : { transport }),
  });
  switch (flow.protocol) {
    case 'tcp': {
      const flags = flow.opened ? pick(TCP_FLAGS) : pick([SYN, SYN, SYN, 0x10]);
      return packet(TCP, { kind: 'tcp', sourcePort, destinationPort, flags });
    }
    case 'udp':
      return packet(UDP, { kind: 'udp', sourcePort, destinationPort });
    case 'echo': {
      const [request, reply] = flow.family === 4 ? [8, 0] : [128, 129];
      const type = reverse ? reply : request;
      return packet(icmpOf(flow.family), { kind: 'icmp', type, code: 0, id: sourcePort & 0xff });
    }
    case 'esp':
      return packet(50);
  }
}

const icmpOf = (family: 4 | 6): number => (family === 4 ? ICMP : ICMPV6);

/** Destination unreachable, from the one who was to get the packet. */
function errorAbout(quote: IpPacket): IpPacket {
  const { family } = quote.source;
  const transport: Transport = { kind: 'icmp', type: family === 4 ? 3 : 1, code: 1, id: 0, quote };
  return {
    source: quote.destination,
    destination: quote.source,
    protocol: icmpOf(family),
    transport,
  };
}

/** The first or a later fragment of one of a few datagrams, so that first ones are there, missing, or behind. */
function fragmentOf({ transport, ...rest }: IpPacket, pick: Pick): IpPacket {
  const id = pick([1, 2, 3]);
  return transport !== undefined && pick([true, false])
    ? { ...rest, transport, fragment: { id, offset: 0, more: true } }
    : { ...rest, fragment: { id, offset: 1480, more: pick([true, false]) } };
}
