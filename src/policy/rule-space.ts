import { addressWidth } from '../model/address.js';
import { ICMP } from '../model/protocol.js';
import type { Peer, Rule, Traffic } from '../model/security-group.js';

/**
 * What a rule admits, as a box of whole numbers: protocols, ports and addresses, each from `low` to `high`. Two points stand for
 * what only some rules cover, and tracking and lone fragments see (CT-4, CT-18): behind the last port, packets whose port is not
 * known, which a rule for every port covers; behind the last address, any peer, which 0.0.0.0/0 and ::/0 cover and no other prefix.
 * For ICMP, ports are type * 256 + code. A group or prefix list is one address: what it stands for is not asked.
 */
export interface Box {
  /** Boxes with other peers have nothing in common: a family of addresses, or of a group's or list's. */
  readonly peers: string;
  readonly low: Point;
  readonly high: Point;
}

/** Protocol, port, address. */
export type Point = readonly [bigint, bigint, bigint];

/** The point behind the last port. */
export const PORT_UNKNOWN = 65_536n;

/** The boxes of a rule: one for each family that it can match. */
export function boxesOf({ traffic, peer }: Pick<Rule, 'traffic' | 'peer'>): Box[] {
  const [protocols, ports] = trafficSpan(traffic);
  return familiesOf(peer)
    .filter((family) => traffic.kind !== 'icmp' || family === (traffic.protocol === ICMP ? 4 : 6))
    .map((family): Box => {
      const [from, to] = addressSpan(peer);
      return {
        peers: `${peerName(peer)} ${family}`,
        low: [protocols[0], ports[0], from],
        high: [protocols[1], ports[1], to],
      };
    });
}

export function overlaps(one: Box, other: Box): boolean {
  return (
    one.peers === other.peers && meet(one, other, 2) && meet(one, other, 1) && meet(one, other, 0)
  );
}

function meet(one: Box, other: Box, axis: 0 | 1 | 2): boolean {
  return one.low[axis] <= other.high[axis] && other.low[axis] <= one.high[axis];
}

/** What is left of boxes without what others cover. The pieces have nothing in common. */
export function remainder(boxes: readonly Box[], without: readonly Box[]): Box[] {
  let rest = [...boxes];
  for (const hole of without) {
    if (rest.length === 0) return rest;
    rest = rest.flatMap((box) => (overlaps(box, hole) ? cutOut(box, hole) : [box]));
  }
  return rest;
}

const AXES = [0, 1, 2] as const;

/** The pieces of a box around another one that overlaps it. */
function cutOut(box: Box, hole: Box): Box[] {
  const pieces: Box[] = [];
  let rest = box;
  for (const axis of AXES) {
    if (rest.low[axis] < hole.low[axis]) {
      pieces.push({ ...rest, high: moved(rest.high, axis, hole.low[axis] - 1n) });
      rest = { ...rest, low: moved(rest.low, axis, hole.low[axis]) };
    }
    if (rest.high[axis] > hole.high[axis]) {
      pieces.push({ ...rest, low: moved(rest.low, axis, hole.high[axis] + 1n) });
      rest = { ...rest, high: moved(rest.high, axis, hole.high[axis]) };
    }
  }
  return pieces;
}

function moved(point: Point, axis: 0 | 1 | 2, to: bigint): Point {
  return [axis === 0 ? to : point[0], axis === 1 ? to : point[1], axis === 2 ? to : point[2]];
}

type Span = readonly [bigint, bigint];

/** PR-1, PR-2. */
function trafficSpan(traffic: Traffic): readonly [Span, Span] {
  const any: Span = [0n, PORT_UNKNOWN];
  if (traffic.kind === 'all') return [[0n, 255n], any];
  const protocol = BigInt(traffic.protocol);
  const own: Span = [protocol, protocol];
  switch (traffic.kind) {
    case 'protocol':
      return [own, any];
    case 'ports': {
      const { from, to } = traffic;
      return [own, from === 0 && to === 65_535 ? any : [BigInt(from), BigInt(to)]];
    }
    case 'icmp': {
      const { type, code } = traffic;
      if (type === -1) return [own, any];
      const first = BigInt(type * 256);
      return [
        own,
        code === -1 ? [first, first + 255n] : [first + BigInt(code), first + BigInt(code)],
      ];
    }
  }
}

/** SG-8: a CIDR matches its own family only. */
function familiesOf(peer: Peer): readonly (4 | 6)[] {
  return peer.kind === 'cidr' ? [peer.prefix.family] : [4, 6];
}

function addressSpan(peer: Peer): Span {
  if (peer.kind !== 'cidr') return [0n, 0n];
  const { family, value, length } = peer.prefix;
  const size = 1n << BigInt(addressWidth(family) - length);
  return [value, length === 0 ? size : value + size - 1n];
}

function peerName(peer: Peer): string {
  switch (peer.kind) {
    case 'cidr':
      return 'cidr';
    case 'prefix-list':
      return `prefix-list ${peer.prefixListId}`;
    case 'group':
      return `group ${peer.groupId}`;
  }
}
