import { mulberry32 } from '../mulberry32.js';

/** Link types that the filter looks into. */
export const LINK_TYPES = [0, 1, 9, 12, 101, 104, 108, 113, 228, 229, 276] as const;
export type LinkType = (typeof LINK_TYPES)[number];

interface LinkFrame {
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  readonly length: number;
}

/**
 * Seeded frames of a link type, with few values of everything that filters ask for, so that filters hit; some are cut,
 * and some have a byte changed.
 */
export function linkFrames(linkType: LinkType, count: number, seed: number): LinkFrame[] {
  const random = mulberry32(seed);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[upTo(values.length)]!;
  return Array.from({ length: count }, () => {
    const type = pick([0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806, 0x8035, 0x88cc]);
    const whole = [...linkHeader(linkType, type, pick, upTo), ...payload(type, pick, upTo)];
    const length = whole.length;
    if (upTo(4) === 0) whole[upTo(length)] = upTo(256);
    const bytes = Uint8Array.from(upTo(3) === 0 ? whole.slice(0, 1 + upTo(length)) : whole);
    return { timeNs: 0n, bytes, length };
  });
}

type Pick = <T>(values: readonly T[]) => T;
type UpTo = (limit: number) => number;

const two = (value: number): number[] => [value >> 8, value & 0xff];
const some = (count: number, upTo: UpTo): number[] =>
  Array.from({ length: count }, () => upTo(256));

const PPP = new Map([
  [0x0800, 0x21],
  [0x86dd, 0x57],
]);
const MACS = [
  [255, 255, 255, 255, 255, 255],
  [0x33, 0x33, 0, 0, 0, 1],
  [0, 0, 0, 0, 0, 0],
];

function linkHeader(linkType: LinkType, type: number, pick: Pick, upTo: UpTo): number[] {
  switch (linkType) {
    case 0: {
      const family = type === 0x0800 ? 2 : pick([24, 28, 30, 10]);
      return [family, 0, 0, 0];
    }
    case 108:
      return [0, 0, 0, type === 0x0800 ? 2 : pick([24, 28, 30, 10])];
    case 1:
      return [...pick(MACS), ...pick(MACS), ...etherTypes(type, pick, upTo)];
    case 9:
      return [0xff, 3, ...two(PPP.get(type) ?? type)];
    case 104:
      return [0x0f, 0, ...two(type)];
    case 113:
      return [...two(pick([0, 4])), 0, 1, 0, 6, ...some(8, upTo), ...two(pick([type, 1, 4, type]))];
    case 276:
      return [...two(type), ...some(18, upTo)];
    case 12:
    case 101:
    case 228:
    case 229:
      return [];
  }
}

/** Tags, labels and sessions before the EtherType, or an LLC header instead of it. */
function etherTypes(type: number, pick: Pick, upTo: UpTo): number[] {
  const tag = (): number[] => [
    ...two(pick([0x8100, 0x88a8, 0x9100])),
    ...two(pick([32, 100, 200])),
  ];
  const label = (last: number): number[] => [0, pick([1, 16]) << 4, last, 64].slice(1);
  switch (upTo(8)) {
    case 0:
      return [...tag(), ...two(type)];
    case 1:
      return [...tag(), ...tag(), ...two(type)];
    case 2:
      return [0x88, 0x47, 0, ...label(1)];
    case 3:
      return [0x88, 0x47, 0, ...label(0), 0, ...label(1)];
    case 4:
      return [
        0x88,
        pick([0x63, 0x64]),
        0x11,
        0,
        ...two(pick([1, 7])),
        ...two(40),
        ...two(PPP.get(type) ?? 1),
      ];
    case 5:
      return [
        ...two(pick([38, 1500, 1501])),
        ...pick([
          [6, 6],
          [0x42, 0x42],
          [0xe0, 0xe0],
          [0xf0, 0xf0],
          [0xff, 0xff],
        ]),
        3,
      ];
    case 6:
      return [
        ...two(60),
        0xaa,
        0xaa,
        3,
        ...pick([
          [0, 0, 0],
          [8, 0, 7],
        ]),
        ...two(pick([0x8137, 0x809b, 0x80f3])),
      ];
    default:
      return two(type);
  }
}

const ADDRESSES = [
  [10, 0, 0, 1],
  [192, 168, 1, 1],
  [192, 168, 170, 8],
  [172, 16, 5, 5],
  [224, 0, 0, 5],
];
const ADDRESSES6 = [
  [0xfe, 0x80, ...new Array<number>(13).fill(0), 1],
  [0x20, 1, 0xd, 0xb8, ...new Array<number>(11).fill(0), 1],
  [0xff, 2, ...new Array<number>(13).fill(0), 1],
];

function payload(type: number, pick: Pick, upTo: UpTo): number[] {
  switch (type) {
    case 0x0800:
      return ipv4(pick, upTo);
    case 0x86dd:
      return ipv6(pick, upTo);
    default:
      return [
        0,
        1,
        8,
        0,
        6,
        4,
        0,
        pick([1, 2]),
        ...some(6, upTo),
        ...pick(ADDRESSES),
        ...some(6, upTo),
        ...pick(ADDRESSES),
      ];
  }
}

function ipv4(pick: Pick, upTo: UpTo): number[] {
  const words = pick([5, 5, 6, 15, 0]);
  const protocol = pick([1, 2, 6, 6, 17, 17, 47, 132, 112, 103]);
  const fragment = pick([0, 0, 0, 0x2000, 0x2005, 5]);
  const body = transport(protocol, pick, upTo);
  const header = [0x40 | words, 0, ...two(20 + body.length), ...some(2, upTo), ...two(fragment)];
  const options = some(Math.max(0, words - 5) * 4, upTo);
  const addresses = [...pick(ADDRESSES), ...pick(ADDRESSES)];
  return [...header, pick([1, 64, 255]), protocol, 0, 0, ...addresses, ...options, ...body];
}

function ipv6(pick: Pick, upTo: UpTo): number[] {
  const protocol = pick([6, 6, 17, 17, 58, 58, 132, 51]);
  const body = transport(protocol, pick, upTo);
  const fragmented = upTo(4) === 0;
  const next = fragmented ? [44, 255, protocol, 0, 0, 1, 0, 0, 0, 9] : [protocol, 255];
  const addresses = [...pick(ADDRESSES6), ...pick(ADDRESSES6)];
  const [first, hops, ...fragment] = next;
  return [0x60, 0, 0, 0, ...two(body.length), first!, hops!, ...addresses, ...fragment, ...body];
}

const PORTS = [53, 80, 443, 2905, 50_000, 8080, 1023];

function transport(protocol: number, pick: Pick, upTo: UpTo): number[] {
  const ports = [...two(pick(PORTS)), ...two(pick(PORTS))];
  if (protocol === 6)
    return [
      ...ports,
      ...some(8, upTo),
      pick([0x50, 0x80]),
      pick([2, 0x12, 0x10, 4, 1]),
      ...some(20, upTo),
    ];
  if (protocol === 58 || protocol === 1)
    return [pick([0, 3, 8, 11, 128, 135, 136]), pick([0, 1]), ...some(30, upTo)];
  return [...ports, ...two(pick([8, 200])), ...some(24, upTo)];
}
