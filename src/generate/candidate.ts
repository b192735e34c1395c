import { ICMP, ICMPV6, UDP } from '../model/protocol.js';
import { parsePrefix } from '../model/address.js';
import {
  type AddressWords,
  type PrefixWords,
  isWithin,
  prefixWords,
  withHost,
} from './address-words.js';
import type { ConversationAsked } from './conversation.js';
import type { End, Ends } from './ends.js';
import { type Random, below, fraction, next, pick } from './random.js';
import type { ScannedRule } from './rule-scan.js';

/** What the conversations are to have in common. */
export interface Wanted {
  readonly protocol: number;
  readonly family: 4 | 6;
  /** Share of conversations between two interfaces. */
  readonly insideShare: number;
}

/** Share of flows that come in, as at a server. */
const INBOUND = 0.7;

/**
 * Something that may happen in the VPC: half of the time what anybody might try, else what some rule is about. Undefined
 * when chance has drawn what cannot be. `locals` are of the wanted family.
 */
export function drawCandidate(
  random: Random,
  { local }: Ends,
  locals: readonly End[],
  wanted: Wanted,
): ConversationAsked | undefined {
  const here = pick(random, locals);
  const inbound = fraction(random) < INBOUND;
  const rules = here.guard![inbound ? 'ingress' : 'egress'].filter(
    (rule) => rule.protocol === -1 || rule.protocol === wanted.protocol,
  );
  const rule = rules.length > 0 && fraction(random) < 0.5 ? pick(random, rules) : undefined;
  const inside = local.length > 1 && fraction(random) < wanted.insideShare;
  const there = inside ? pick(random, locals) : drawRemote(random, rule, wanted.family);
  if (there === undefined) return undefined;
  const port = drawPort(random, rule, wanted.protocol);
  if (port === undefined) return undefined;
  const [from, to] = inbound ? [there, here] : [here, there];
  return { from, to, protocol: wanted.protocol, port };
}

/** Ranges that nobody on the internet has: RFC 1918, RFC 2544, RFC 3849, RFC 6598. */
export const QUIET = [
  '10.64.0.0/10',
  '100.64.0.0/10',
  '198.18.0.0/15',
  '172.16.0.0/12',
  '2001:db8::/32',
].map((text) => prefixWords(parsePrefix(text)!.prefix));
/** Peers shorter than this are the internet, or much of it. */
const WIDE = { 4: 8, 6: 32 } as const;

function drawRemote(
  random: Random,
  rule: ScannedRule | undefined,
  family: 4 | 6,
): AddressWords | undefined {
  const peers = rule?.peers.filter((peer) => peer.family === family);
  if (peers?.length === 0) return undefined;
  const peer = peers === undefined ? undefined : pick(random, peers);
  return drawWithin(random, peer === undefined || peer.length < WIDE[family] ? quiet() : peer);

  function quiet(): PrefixWords {
    const ranges = QUIET.filter(
      (range) => range.family === family && (peer === undefined || isWithin(range, peer)),
    );
    return ranges.length === 0 ? peer! : pick(random, ranges);
  }
}

/** An address of a prefix, each as likely. */
export function drawWithin(random: Random, prefix: PrefixWords): AddressWords {
  return withHost(prefix, [next(random), next(random), next(random), next(random)]);
}

/** Services and how often they are asked for, of a hundred. */
const SERVICES: readonly (readonly [port: number, weight: number])[] = [
  [443, 45],
  [80, 15],
  [22, 10],
  [53, 10],
  [3306, 3],
  [5432, 3],
  [8080, 3],
  [25, 3],
];

/** Behind these, UDP carries tunnels, whose packets would be judged instead. */
const TUNNELS = [4789, 4790, 6081];

function drawPort(
  random: Random,
  rule: ScannedRule | undefined,
  protocol: number,
): number | undefined {
  if (protocol === ICMP || protocol === ICMPV6) return 0;
  const whole = rule === undefined || (rule.from === 0 && rule.to === 65_535);
  const port = whole ? drawService(random) : rule.from + below(random, rule.to - rule.from + 1);
  return port === 0 || (protocol === UDP && TUNNELS.includes(port)) ? undefined : port;
}

function drawService(random: Random): number {
  let rest = below(random, 100);
  for (const [port, weight] of SERVICES) {
    if (rest < weight) return port;
    rest -= weight;
  }
  return 1024 + below(random, 30_000);
}
