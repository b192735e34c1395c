import { inputError } from '../model/diagnostic.js';
import { TCP } from '../model/protocol.js';
import type { Ends } from './ends.js';
import { LEAST, drawLength } from './flow-length.js';
import { FLOW_WORDS, KIND, PROTOCOL_SHIFT, SCRIPT_MASK, beginFlow } from './flow-words.js';
import { OPENER_PORTS, type Planner, openerPort } from './planned-flow.js';
import { type Random, fraction } from './random.js';
import {
  PROTOCOL_NAMES,
  type Pool,
  type ProtocolName,
  type Repertoire,
  createRepertoire,
} from './repertoire.js';
import { MOST_SYNS, SCRIPTS } from './script.js';
import { type Shares, settleShares } from './shares.js';
import type { TrafficOptions } from './traffic-options.js';

/** Conversations of one protocol, family and verdict: so many that a million flows are not about a few. */
const POOL_SIZES = { least: 64, most: 8192 } as const;

/** Flows of all kinds, those that pass and those that do not. Throws InputError when the policy lacks a kind that is asked for. */
export function createMixed(random: Random, ends: Ends, options: TrafficOptions): Planner {
  const size = Math.min(POOL_SIZES.most, Math.max(POOL_SIZES.least, options.flows));
  const asked = options.protocols;
  const protocols = PROTOCOL_NAMES.filter((name) => asked === undefined || asked[name] > 0);
  const repertoire = createRepertoire(random, ends, { ...options, protocols, size });
  const shares = settleShares(repertoire, options);
  const meanLeast = leastPackets(options, shares);
  const budget = { flows: options.flows, packets: options.packets };
  const familyAsked = options.ipv6Share !== undefined;
  const shortest = shares.protocols.udp > 0 ? 'udp' : shares.protocols.icmp > 0 ? 'icmp' : 'tcp';
  let dropped = 0;
  const lengthOf = (name: ProtocolName): number =>
    drawLength(random, options.lengths, LEAST[name], budget, meanLeast);
  const drawDrops = (length: number): boolean => {
    const planned = options.packets - budget.packets;
    return drawVerdict(random, shares.drop, options, { planned, dropped }, length);
  };
  return (words, at) => {
    if (budget.flows === 0) return false;
    // When little is left, nothing long is begun.
    const draw = (): ProtocolName =>
      budget.packets < budget.flows * meanLeast + LEAST.tcp
        ? shortest
        : drawProtocol(random, shares);
    let name = draw();
    let length = lengthOf(name);
    let drops = drawDrops(length);
    // Where no mix of protocols is asked for, one is taken that has the verdict.
    for (let tries = 0; asked === undefined && tries < TRIES; tries++) {
      if (has(repertoire[name], drops)) break;
      name = draw();
      length = lengthOf(name);
      drops = drawDrops(length);
    }
    const family = shares.ipv6 > 0 && fraction(random) < shares.ipv6 ? 6 : 4;
    const verdict = drops ? 'dropped' : 'allowed';
    const pool = likest(repertoire[name], family, verdict, familyAsked);
    const number = copyConversation(random, pool, words, at);
    const kind = words[at + KIND]!;
    const isTcpUnanswered =
      (kind & SCRIPT_MASK) === SCRIPTS.unanswered && kind >>> PROTOCOL_SHIFT === TCP;
    const packets = isTcpUnanswered ? Math.min(length, MOST_SYNS) : length;
    beginFlow(words, at, packets, openerPort(number), random);
    budget.flows--;
    budget.packets -= packets;
    if (pool.verdict === 'dropped') dropped += packets;
    return true;
  };
}

const TRIES = 16;
/** Mean flows within which a share that went astray is made good. */
const AMENDS = 32;

/**
 * Whether the next flow must be dropped: by chance, so that a flow's length tells nothing of its verdict, but rather if too few
 * packets are so far; and in any case when there is no room left for the other.
 */
function drawVerdict(
  random: Random,
  share: number,
  { packets, flows }: TrafficOptions,
  { planned, dropped }: { readonly planned: number; readonly dropped: number },
  length: number,
): boolean {
  const most = share * packets;
  const chance = fraction(random);
  if (dropped + length / 2 > most) return false;
  if (planned - dropped + length / 2 > packets - most) return true;
  return chance < share + ((share * planned - dropped) * flows) / (packets * AMENDS);
}

const has = (pools: Repertoire[ProtocolName], drops: boolean): boolean =>
  [pools[4], pools[6]].some((it) => (drops ? it.dropped : it.allowed).used.length > 0);

/** What flows have at least, on the average. Throws InputError when that is too much. */
function leastPackets({ flows, packets }: TrafficOptions, { protocols }: Shares): number {
  let mean = 0;
  for (const name of PROTOCOL_NAMES) mean += protocols[name] * LEAST[name];
  if (packets >= flows * mean) return mean;
  const fact = `${packets} packets are too few for ${flows} flows`;
  throw inputError('traffic', '', fact, `ask for ${Math.ceil(flows * mean)} at least`);
}

function drawProtocol(random: Random, { protocols }: Shares): ProtocolName {
  const chance = fraction(random);
  if (chance < protocols.tcp) return 'tcp';
  if (chance < protocols.tcp + protocols.udp) return 'udp';
  return protocols.icmp > 0 ? 'icmp' : protocols.tcp > 0 ? 'tcp' : 'udp';
}

/**
 * The pool that is wanted or, if it is empty, the one that is most like it: of the family where that is `asked` for, else with
 * the verdict.
 */
function likest(
  pools: Repertoire[ProtocolName],
  family: 4 | 6,
  verdict: Pool['verdict'],
  asked: boolean,
): Pool {
  const wanted = pools[family][verdict];
  if (wanted.used.length > 0) return wanted;
  const otherFamily = pools[family === 4 ? 6 : 4];
  const otherVerdict = verdict === 'dropped' ? 'allowed' : 'dropped';
  const others = asked
    ? [pools[family][otherVerdict], otherFamily[verdict], otherFamily[otherVerdict]]
    : [otherFamily[verdict], pools[family][otherVerdict], otherFamily[otherVerdict]];
  return others.find(({ used }) => used.length > 0)!;
}

/**
 * Writes a flow of some conversation at `words[at]`; returns which of its flows it is. Where ports run out, the next
 * conversation in the list is taken.
 */
function copyConversation(
  random: Random,
  { patterns, used, popularity }: Pool,
  words: Int32Array,
  at: number,
): number {
  const first = popularity(random);
  for (let i = 0; i < used.length; i++) {
    const position = (first + i) % used.length;
    const number = used[position]!;
    if (number === OPENER_PORTS) continue;
    used[position] = number + 1;
    const pattern = position * FLOW_WORDS;
    for (let word = 0; word < FLOW_WORDS; word++) words[at + word] = patterns[pattern + word]!;
    return number;
  }
  const fact = 'there are not enough five-tuples for so many flows';
  throw inputError('traffic', '', fact, 'ask for fewer flows, or more kinds of them');
}
