import { TCP } from '../model/protocol.js';
import { type PrefixWords, withHost } from './address-words.js';
import { QUIET } from './candidate.js';
import { type Conversation, judgeConversation } from './conversation.js';
import type { Ends } from './ends.js';
import { beginFlow, writeConversation } from './flow-words.js';
import { OPENER_PORTS, type Planner, openerPort } from './planned-flow.js';
import { type Random, below, pick } from './random.js';
import { type Pool, createRepertoire } from './repertoire.js';
import { HALF_OPEN_PACKETS, SCRIPTS } from './script.js';
import { lacking } from './shares.js';
import type { TrafficOptions } from './traffic-options.js';

/** Conversations among which the victim is chosen. */
const CHOICE = 256;

/**
 * SYNs from ever other sources to one service, which answers what it is allowed to hear and waits for the rest of a
 * handshake that never comes; with a share to be dropped, a second service behind a closed port is flooded too. Throws InputError
 * when the policy has no such service.
 */
export function createFlood(random: Random, ends: Ends, options: TrafficOptions): Planner {
  const { flows, ipv6Share, dropShare } = options;
  const { tcp } = createRepertoire(random, ends, {
    ...{ protocols: ['tcp'], size: CHOICE, insideShare: 0, zipf: 0 },
  });
  const families: readonly (4 | 6)[] =
    ipv6Share === undefined ? [4, 6] : ipv6Share < 0.5 ? [4] : [6];
  const floodOn = (verdict: 'allowed' | 'dropped'): Source | undefined => {
    const pools = families.map((it) => tcp[it][verdict]);
    return pools.map((pool) => createSource(random, ends, pool)).find((it) => it !== undefined);
  };
  const open = dropShare === 1 ? undefined : floodOn('allowed');
  const closed = dropShare === 0 ? undefined : floodOn('dropped');
  if (dropShare !== undefined && dropShare < 1 && open === undefined) throw lacking(ALLOWED);
  if (dropShare !== undefined && dropShare > 0 && closed === undefined) throw lacking(DROPPED);
  if (open === undefined && closed === undefined) throw lacking(ALLOWED);
  const share = dropShare ?? (open === undefined ? 1 : 0);
  let left = flows;
  let packets = 0;
  let dropped = 0;
  return (words, at) => {
    if (left-- <= 0) return false;
    const drops = share > 0 && dropped + 0.5 <= share * (packets + 1);
    const { conversation, number } = (drops ? closed : open)!();
    const count = drops ? 1 : HALF_OPEN_PACKETS;
    packets += count;
    if (drops) dropped++;
    writeConversation(words, at, conversation, drops ? SCRIPTS.unanswered : SCRIPTS.halfOpen);
    beginFlow(words, at, count, openerPort(number), random);
    return true;
  };
}

const ALLOWED = 'of tcp from outside that is allowed';
const DROPPED = 'of tcp from outside that is dropped';

/** The next source of a flood, and the number of its port. */
type Source = () => { readonly conversation: Conversation; readonly number: number };

/** Bits of a source that are counted up: so many sources before the first comes again, from another port. */
const COUNTED_BITS = 22;
/** Odd: every source of a prefix has its turn, in an order that looks like none. */
const STEP = 0x9e37_79b1;
/** Sources in a row that are not what is wanted, and a prefix is used up. */
const PATIENCE = 1 << 16;

/** Sources for a service of the pool: the widest prefix that is judged as the pool is, by a look at some of it. */
function createSource(random: Random, ends: Ends, { conversations }: Pool): Source | undefined {
  const inbound = conversations.filter(({ initiator }) => initiator.guard === undefined);
  if (inbound.length === 0) return undefined;
  const { initiator, responder, port, allowed } = pick(random, inbound);
  const { family } = responder;
  const judge = (from: Conversation['initiator'] | ReturnType<typeof withHost>) =>
    judgeConversation(ends, { from, to: responder, protocol: TCP, port });
  const single: PrefixWords = {
    ...initiator,
    masks: [-1, -1, -1, -1],
    length: family === 4 ? 32 : 128,
  };
  const peers = responder.guard!.ingress.flatMap((rule) => rule.peers);
  const wide = [...QUIET, ...peers.sort((one, other) => one.length - other.length)].filter(
    (prefix) => prefix.family === family,
  );
  const likely = wide.find((prefix) => {
    const hits = Array.from({ length: 32 }, () =>
      judge(withHost(prefix, [0, 0, 0, below(random, 0x1_0000_0000)])),
    ).filter((it) => it?.allowed === allowed && it.initiator.guard === undefined);
    return hits.length > 8;
  });
  const prefix = likely ?? single;
  const width = family === 4 ? 32 : 128;
  const bits = Math.min(COUNTED_BITS, width - prefix.length);
  const size = 2 ** bits;
  const high = below(random, 0x1_0000_0000);
  let n = 0;
  return () => {
    for (let tries = 0; tries < PATIENCE; tries++) {
      const number = Math.floor(n / size);
      if (number >= OPENER_PORTS) break;
      const host = (Math.imul(n % size, STEP) >>> 0) % size;
      n++;
      const conversation = judge(
        withHost(prefix, [0, 0, 0, bits === COUNTED_BITS ? mixed(host) : host]),
      );
      if (conversation?.allowed !== allowed || conversation.initiator.guard !== undefined) continue;
      return { conversation, number };
    }
    throw lacking('more of the flood');
  };

  /** The bits that are not counted stay what chance has drawn. */
  function mixed(host: number): number {
    return (high & ~(size - 1)) | host | 0;
  }
}
