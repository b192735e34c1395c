import type { Prefix } from '../model/address.js';
import type { Direction, Peer, Traffic } from '../model/security-group.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import { readPrefix } from './cidr.js';
import { shown } from './faults.js';
import { fail, type Place } from './place.js';
import { protocolOf, readTraffic, type TrafficLabels } from './traffic.js';

/** What one line of the rule notation says; `any` stands for two peers. */
export interface ShortRule {
  readonly traffic: Traffic;
  readonly peers: readonly Peer[];
}

/**
 * Parses `PROTOCOL[/PORTS] from|to PEER`: tcp/443, tcp/8000-8100, tcp (all ports), icmp/8 (type), icmp/3/4 (type
 * and code), all, 50 (any other protocol); a CIDR block, an address, sg-... (or ACCOUNT/sg-..., SG-16), pl-... or any. `from` stands in
 * ingress rules, `to` in egress rules.
 */
export function parseRule(text: string, direction: Direction, place: Place): ShortRule | undefined {
  const [what = '', word = '', peer = '', ...rest] = text.trim().split(/\s+/, 4);
  const expected = direction === 'ingress' ? 'from' : 'to';
  const example = `tcp/443 ${expected} 10.0.0.0/16`;
  if (peer === '' || rest.length > 0 || (word !== 'from' && word !== 'to')) {
    fail(place, 'rule-syntax', `${shown(text)} is not a rule`, `write it like ${example}`);
    return undefined;
  }
  if (word !== expected) {
    const fact = `${direction} rule ${shown(text)} says ${word}`;
    fail(place, 'rule-syntax', fact, `write ${expected}, or move it to ${OTHER[direction]}`);
    return undefined;
  }
  const traffic = parseTraffic(what, place);
  const peers = parsePeers(peer, traffic, place);
  return traffic && peers && { traffic, peers };
}

const OTHER = { ingress: 'egress', egress: 'ingress' } as const;

const LABELS: TrafficLabels = {
  from: 'first port',
  to: 'last port',
  type: 'icmp type',
  code: 'icmp code',
};

const ANY: Readonly<Record<4 | 6, Prefix>> = {
  4: { family: 4, value: 0n, length: 0 },
  6: { family: 6, value: 0n, length: 0 },
};

const OTHERS_GROUP = '123456789012/sg-0abc';

const LAST_PORT = 65_535;

/** Parses what a rule begins with: `tcp/443`. */
export function parseTraffic(text: string, place: Place): Traffic | undefined {
  const [protocol = '', ...rest] = text.split('/', 4);
  const number = protocolOf(protocol);
  const numbers = numbersOf(number, rest);
  if (numbers === undefined) {
    const fix = 'write ports as tcp/443 or tcp/8000-8100, ICMP as icmp/8 or icmp/3/4';
    fail(place, 'rule-syntax', `${shown(text)} is not a protocol with ports`, fix);
    return undefined;
  }
  const [from, to] = numbers;
  return readTraffic({ protocol, from, to }, LABELS, place);
}

/** The two numbers that the parts after the protocol stand for; undefined when they are none. */
function numbersOf(
  protocol: number | 'all' | undefined,
  parts: readonly string[],
): readonly [number?, number?] | undefined {
  switch (protocol) {
    case undefined:
      return [];
    case TCP:
    case UDP: {
      if (parts.length === 0) return [0, LAST_PORT];
      const [from, to = from] = parts.length === 1 ? parts[0]!.split('-', 3) : [];
      return isNumber(from) && isNumber(to) && parts[0]!.split('-').length <= 2
        ? [Number(from), Number(to)]
        : undefined;
    }
    case ICMP:
    case ICMPV6: {
      const [type = '-1', code = '-1'] = parts;
      return isNumber(type) && isNumber(code) && parts.length <= 2
        ? [Number(type), Number(code)]
        : undefined;
    }
    case 'all':
    default:
      return parts.length === 0 ? [] : undefined;
  }
}

const isNumber = (text: string | undefined): boolean =>
  text !== undefined && /^-?\d{1,9}$/.test(text);

function parsePeers(
  text: string,
  traffic: Traffic | undefined,
  place: Place,
): readonly Peer[] | undefined {
  if (text === 'any') return anyPeers(traffic);
  const group = /^(?:(\d{12})\/)?(sg-.+)$/.exec(text);
  if (group !== null) {
    const [, ownerId, groupId = ''] = group;
    return [{ kind: 'group', groupId, ...(ownerId === undefined ? {} : { ownerId }) }];
  }
  if (/^pl-./.test(text)) return [{ kind: 'prefix-list', prefixListId: text }];
  if (text.includes('/sg-')) {
    const fix = `write a group of another account with the account's twelve digits, like ${OTHERS_GROUP}`;
    fail(place, 'peer', `${shown(text)} is not a peer`, fix);
    return undefined;
  }
  if (!/^[\d:]|^[\da-f]{1,4}:/i.test(text)) {
    const fix = 'write a CIDR block, an address, sg-..., pl-... or any';
    fail(place, 'peer', `${shown(text)} is not a peer`, fix);
    return undefined;
  }
  const prefix = readPrefix(text, place);
  return prefix && [{ kind: 'cidr', prefix }];
}

/** Both families, but for ICMP the one that its version can match (PR-3). */
function anyPeers(traffic: Traffic | undefined): readonly Peer[] {
  const icmp = traffic?.kind === 'icmp' ? traffic.protocol : undefined;
  const families =
    icmp === ICMP ? ([4] as const) : icmp === ICMPV6 ? ([6] as const) : ([4, 6] as const);
  return families.map((family) => ({ kind: 'cidr', prefix: ANY[family] }));
}
