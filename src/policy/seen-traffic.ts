import { protocolName, TCP, UDP } from '../model/protocol.js';
import type { Traffic } from '../model/security-group.js';
import { LAST_PORT, NO_PORT, hasPorts } from './carries.js';

/** Protocols and ports that were seen. */
export interface SeenTraffic {
  note(family: 4 | 6, protocol: number, port: number): void;
  /** In the short notation, ports that follow each other as one range, as many as are asked for and how many more. */
  used(most: number): string[];
  /** Parts of a rule's traffic that were not seen; nothing for rules that name no range. */
  unused(traffic: Traffic, most: number): string[];
}

type Range = readonly [from: number, to: number];

/** 8 kB for each protocol with ports. */
export function createSeenTraffic(): SeenTraffic {
  const ports = new Map<number, Uint8Array>();
  const portless = new Set<number>();
  return {
    note(family, protocol, port) {
      if (port === NO_PORT || !hasPorts(family, protocol)) {
        portless.add(protocol);
        return;
      }
      const bits = ports.get(protocol) ?? new Uint8Array((LAST_PORT + 1) / 8);
      bits[port >> 3]! |= 1 << (port & 7);
      ports.set(protocol, bits);
    },
    used(most) {
      const texts = [...ports].flatMap(([protocol, bits]) =>
        isTransport(protocol)
          ? rangesOf(bits, 1, 0, LAST_PORT).map((range) => rangeText(protocol, range))
          : rangesOf(bits, 1, 0, LAST_PORT).flatMap((range) => icmpTexts(protocol, range)),
      );
      const bare = [...portless].filter((protocol) => !ports.has(protocol)).map(protocolName);
      return shortened([...texts, ...bare], most);
    },
    unused(traffic, most) {
      if (traffic.kind !== 'ports' || traffic.from === traffic.to) return [];
      const { protocol, from, to } = traffic;
      const bits = ports.get(protocol);
      // A rule that never was used says so; and one for every port means every port.
      if (bits === undefined || (from === 0 && to === LAST_PORT)) return [];
      const texts = rangesOf(bits, 0, from, to).map((range) => rangeText(protocol, range));
      return shortened(texts, most);
    },
  };
}

const isTransport = (protocol: number): boolean => protocol === TCP || protocol === UDP;

/** Runs of bits that are as told. */
function rangesOf(bits: Uint8Array, wanted: 0 | 1, from: number, to: number): Range[] {
  const ranges: Range[] = [];
  let first = -1;
  for (let port = from; port <= to + 1; port++) {
    const is = port <= to && ((bits[port >> 3]! >> (port & 7)) & 1) === wanted;
    if (is && first < 0) first = port;
    if (!is && first >= 0) {
      ranges.push([first, port - 1]);
      first = -1;
    }
  }
  return ranges;
}

const rangeText = (protocol: number, [from, to]: Range): string =>
  `${protocolName(protocol)}/${from === to ? from : `${from}-${to}`}`;

/** Types and codes are no ranges (PR-2). */
function icmpTexts(protocol: number, [from, to]: Range): string[] {
  const name = protocolName(protocol);
  return Array.from(
    { length: to - from + 1 },
    (_, i) => `${name}/${(from + i) >> 8}/${(from + i) & 0xff}`,
  );
}

function shortened(texts: readonly string[], most: number): string[] {
  if (texts.length <= most) return [...texts];
  return [...texts.slice(0, most), `${texts.length - most} more`];
}
