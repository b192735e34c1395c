import { type Address, parseAddress } from '../../src/model/address.js';
import type { Fragment, Packet } from '../../src/model/packet.js';

const LOCAL4 = parseAddress('10.0.1.20')!;
const LOCAL6 = parseAddress('2001:db8::20')!;
const REMOTE6 = parseAddress('2001:db8:1::')!.value;

export const START_NS = 1_000_000_000_000_000n;

/** UDP flows to one service, one packet each: addresses and ports all over. */
export function flowPackets(count: number, family: 4 | 6): Packet[] {
  return Array.from({ length: count }, (_, i) =>
    datagram(remote(i, family), 1024 + (i % 60_000), undefined),
  );
}

/** Datagrams in fragments, one after the other. */
export function fragmentedPackets(datagrams: number, fragments: number): Packet[] {
  return Array.from({ length: datagrams * fragments }, (_, n) => {
    const i = Math.floor(n / fragments);
    const part = n % fragments;
    const fragment = { id: i + 1, offset: part * 64, more: part < fragments - 1 };
    return datagram(remote(i, 4), 1024 + (i % 60_000), fragment);
  });
}

function remote(i: number, family: 4 | 6): Address {
  const spread = Math.imul(i, 0x9e37_79b1) >>> 0;
  if (family === 6) return { family, value: REMOTE6 + (BigInt(i) << 64n) + BigInt(spread) };
  return { family, value: BigInt(0x0b00_0000 + (spread % 0x5000_0000)) };
}

function datagram(source: Address, sourcePort: number, fragment: Fragment | undefined): Packet {
  const first = fragment === undefined || fragment.offset === 0;
  return {
    timeNs: START_NS,
    length: (source.family === 4 ? 34 : 54) + (fragment === undefined ? 40 : 64),
    content: {
      kind: 'ip',
      ip: {
        source,
        destination: source.family === 4 ? LOCAL4 : LOCAL6,
        protocol: 17,
        ...(fragment !== undefined && { fragment }),
        ...(first && { transport: { kind: 'udp', sourcePort, destinationPort: 53 } }),
      },
    },
  };
}
