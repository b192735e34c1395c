import fc from 'fast-check';
import type { IpPacket, Packet, Transport } from '../../src/model/packet.js';
import { LOCAL, MACS, PORTS, REMOTE, address } from './world.js';

/** Two ends that talk; the first is the one that usually opens. */
interface Flow {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'other';
  readonly number: number;
  readonly ports: readonly [number, number];
}

const V4 = { local: LOCAL.flat().filter((text) => !text.includes(':')), remote: REMOTE[4] };
const V6 = { local: LOCAL.flat().filter((text) => text.includes(':')), remote: REMOTE[6] };
/** Addresses with a rule of their own: service, router, delegated, multicast, broadcast, link-local. */
const SPECIAL4 = [
  '169.254.169.253',
  '169.254.7.7',
  '10.0.0.2',
  '10.0.1.1',
  '10.0.1.3',
  '10.0.1.4',
  '10.0.1.50',
  '224.0.0.251',
  '10.0.1.255',
  '255.255.255.255',
  '0.0.0.0',
];
const SPECIAL6 = [
  'fd00:ec2::253',
  'fd00:ec2::99',
  'fe80::1',
  '2001:db8:5::1',
  '2001:db8:5:0:1::9',
  'ff02::fb',
  '::',
];

type Family = typeof V4 | typeof V6;

/** Mostly a host inside and one outside, either way round. */
const ends = (family: Family, special: readonly string[]): fc.Arbitrary<[string, string]> => {
  const local = fc.constantFrom(...family.local);
  const remote = fc.constantFrom(...family.remote);
  const any = fc.oneof(local, remote, fc.constantFrom(...special));
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(local, remote) },
    { weight: 4, arbitrary: fc.tuple(remote, local) },
    { weight: 3, arbitrary: fc.tuple(local, local) },
    { weight: 2, arbitrary: fc.tuple(any, any) },
  );
};

const flow: fc.Arbitrary<Flow> = fc
  .oneof({ weight: 3, arbitrary: ends(V4, SPECIAL4) }, { weight: 1, arbitrary: ends(V6, SPECIAL6) })
  .chain(([from, to]) =>
    fc.record({
      from: fc.constant(from),
      to: fc.constant(to),
      protocol: fc.constantFrom('tcp', 'tcp', 'tcp', 'udp', 'udp', 'icmp', 'other'),
      number: fc.constantFrom(50, 47, 132, 1, 58),
      ports: fc.tuple(
        fc.constantFrom(40_000, 68, 546, ...PORTS),
        fc.constantFrom(80, 443, 67, 547, ...PORTS),
      ),
    }),
  );

/** Gaps around every idle limit, in nanoseconds. */
const GAPS = [
  10, 30, 60, 120, 180, 350, 600, 100, 220, 450, 86_400, 86_520, 432_000, 518_400,
].flatMap((seconds) => {
  const limit = BigInt(seconds) * 1_000_000_000n;
  return [limit - 1n, limit, limit + 1n];
});
const gap = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(0n, 1n, 1_000_000n, 1_000_000_000n) },
  { weight: 3, arbitrary: fc.constantFrom(...GAPS) },
  { weight: 1, arbitrary: fc.constant(-5_000_000_000n) },
);

const FLAGS = [
  0x02, 0x02, 0x12, 0x12, 0x10, 0x10, 0x10, 0x18, 0x11, 0x11, 0x04, 0x14, 0x01, 0x00, 0xc2, 0x03,
  0x29,
];

const step = fc.record({
  flow: fc.nat(3),
  reverse: fc.boolean(),
  flags: fc.constantFrom(...FLAGS),
  gap,
  kind: fc.constantFrom(
    'packet',
    'packet',
    'packet',
    'packet',
    'packet',
    'packet',
    'packet',
    'error',
    'fragment',
    'datagram',
    'arp',
  ),
  icmp: fc.constantFrom<[number, number]>(
    [8, 0],
    [8, 0],
    [0, 0],
    [13, 0],
    [14, 0],
    [3, 1],
    [5, 0],
    [134, 0],
  ),
  error: fc.constantFrom<[number, number]>([3, 1], [3, 4], [11, 0], [5, 1], [1, 4], [2, 0], [3, 0]),
  errorFrom: fc.constantFrom('peer', 'router'),
  errorTo: fc.constantFrom('sender', 'sender', 'sender', 'neighbor'),
  quoteReverse: fc.boolean(),
  id: fc.constantFrom(7, 7, 8),
  piece: fc.constantFrom<[number, boolean]>(
    [0, true],
    [0, true],
    [1480, true],
    [2960, false],
    [1480, false],
  ),
  pieces: fc.shuffledSubarray<[number, boolean]>(
    [
      [0, true],
      [1472, true],
      [1480, true],
      [2960, false],
    ],
    { minLength: 2 },
  ),
  pace: fc.oneof(
    { weight: 6, arbitrary: fc.constant(1_000_000n) },
    { weight: 1, arbitrary: fc.constantFrom(...GAPS.slice(3, 9)) },
  ),
  mac: fc.constantFrom(undefined, undefined, undefined, undefined, 0, 1, 2),
  macTo: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, 0, 1, 2),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Packets of a few flows in any order: openings, replies, mid-stream, errors, fragments, silence. */
export const trace: fc.Arbitrary<Packet[]> = fc
  .tuple(
    fc.array(flow, { minLength: 4, maxLength: 4 }),
    fc.array(step, { minLength: 1, maxLength: 45, size: 'max' }),
  )
  .map(([flows, steps]) => {
    let timeNs = 1_000_000_000_000_000_000n;
    return interleaved(steps).map((each) => {
      timeNs += each.gap;
      const macs = {
        ...(each.mac === undefined ? {} : { sourceMac: MACS[each.mac] }),
        ...(each.macTo === undefined ? {} : { destinationMac: MACS[each.macTo] }),
      };
      const content: Packet['content'] =
        each.kind === 'arp'
          ? { kind: 'non-ip' }
          : { kind: 'ip', ip: packetOf(flows[each.flow]!, each) };
      return { timeNs, length: 0, ...macs, content };
    });
  });

/** Whole datagrams become their fragments, in the order drawn; those of two in a row come by turns. */
function interleaved(steps: readonly Step[]): Step[] {
  const packets: Step[] = [];
  let begun: Step[] = [];
  for (const each of steps) {
    const pieces = each.kind === 'datagram' ? piecesOf(each) : [];
    const turns = Math.max(begun.length, pieces.length);
    if (pieces.length > 0 && begun.length === 0) begun = pieces;
    else {
      for (let i = 0; i < turns; i++)
        packets.push(...begun.slice(i, i + 1), ...pieces.slice(i, i + 1));
      begun = [];
      if (pieces.length === 0) packets.push(each);
    }
  }
  return [...packets, ...begun];
}

function piecesOf(each: Step): Step[] {
  return each.pieces.map((piece, i) => ({
    ...each,
    kind: 'fragment',
    piece,
    gap: i === 0 ? each.gap : each.pace,
  }));
}

function packetOf(flow: Flow, each: Step): IpPacket {
  const plain = plainPacket(flow, each, each.reverse);
  if (each.kind === 'error') return errorAbout(plainPacket(flow, each, each.quoteReverse), each);
  if (each.kind !== 'fragment') return plain;
  const [offset, more] = each.piece;
  const { transport, ...rest } = plain;
  const fragment = { id: each.id, offset, more };
  return offset === 0 && transport !== undefined
    ? { ...rest, fragment, transport }
    : { ...rest, fragment };
}

function plainPacket(flow: Flow, each: Step, reverse: boolean): IpPacket {
  const source = address(reverse ? flow.to : flow.from);
  const destination = address(reverse ? flow.from : flow.to);
  const [near, far] = flow.ports;
  const [sourcePort, destinationPort] = reverse ? [far, near] : [near, far];
  const v6 = source.family === 6;
  switch (flow.protocol) {
    case 'tcp':
      return {
        source,
        destination,
        protocol: 6,
        transport: { kind: 'tcp', sourcePort, destinationPort, flags: each.flags },
      };
    case 'udp':
      return {
        source,
        destination,
        protocol: 17,
        transport: { kind: 'udp', sourcePort, destinationPort },
      };
    case 'icmp':
      return { source, destination, protocol: v6 ? 58 : 1, transport: icmp(v6, each) };
    case 'other': {
      // ICMP of the other family is a protocol like any other.
      const protocol = flow.number === (v6 ? 58 : 1) ? 51 : flow.number;
      return { source, destination, protocol };
    }
  }
}

function icmp(v6: boolean, { icmp: [type, code], id }: Step): Transport {
  const seen = v6 && type === 8 ? 128 : v6 && type === 0 ? 129 : type;
  const query = v6
    ? seen === 128 || seen === 129
    : seen === 8 || seen === 0 || (seen >= 13 && seen <= 18);
  return { kind: 'icmp', type: seen, code, id: query ? id : 0 };
}

/** An ICMP error that quotes a packet, from the host that got it or from somebody on the way. */
function errorAbout(quote: IpPacket, each: Step): IpPacket {
  const v6 = quote.source.family === 6;
  const router = address(v6 ? '2001:db8:7::5' : '203.0.113.8');
  const [type, code] = each.error;
  return {
    source: each.errorFrom === 'peer' ? quote.destination : router,
    destination:
      each.errorTo === 'sender' ? quote.source : address(v6 ? '2001:db8:6::31' : '10.0.1.21'),
    protocol: v6 ? 58 : 1,
    transport: { kind: 'icmp', type, code, id: 0, ...(isError(v6, type) ? { quote } : {}) },
  };
}

const isError = (v6: boolean, type: number): boolean =>
  v6 ? type >= 1 && type <= 4 : type === 3 || type === 11 || type === 12;
