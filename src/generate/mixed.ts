import { inputError } from '../model/diagnostic.js';
import { TCP } from '../model/protocol.js';
import type { Conversation } from './conversation.js';
import type { Ends } from './ends.js';
import { LEAST, drawLength } from './flow-length.js';
import { OPENER_PORTS, type PlannedFlow, type Planner, openerPort } from './planned-flow.js';
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
const POOL_SIZES = { least: 64, most: 16_384 } as const;

/** Flows of all kinds, those that pass and those that do not. Throws InputError when the policy lacks a kind that is asked for. */
export function createMixed(random: Random, ends: Ends, options: TrafficOptions): Planner {
  const size = Math.min(POOL_SIZES.most, Math.max(POOL_SIZES.least, options.flows));
  const { protocols: asked } = options;
  const protocols = PROTOCOL_NAMES.filter((name) => asked === undefined || asked[name] > 0);
  const repertoire = createRepertoire(random, ends, { ...options, protocols, size });
  const shares = settleShares(repertoire, options);
  let meanLeast = 0;
  for (const name of PROTOCOL_NAMES) meanLeast += shares.protocols[name] * LEAST[name];
  if (options.packets < options.flows * meanLeast) {
    const fact = `${options.packets} packets are too few for ${options.flows} flows`;
    throw inputError(
      'traffic',
      '',
      fact,
      `ask for ${Math.ceil(options.flows * meanLeast)} at least`,
    );
  }
  let { flows, packets } = options;
  let dropped = 0;
  return (): PlannedFlow | undefined => {
    if (flows === 0) return undefined;
    const name = drawProtocol(random, shares);
    const length = drawLength(random, options.lengths, LEAST[name], { flows, packets }, meanLeast);
    // Whichever verdict brings the share of what is planned so far nearer to what is asked for.
    const planned = options.packets - packets + length;
    const drops = dropped + length / 2 <= shares.drop * planned && shares.drop > 0;
    const pool = drawPool(random, repertoire, name, shares, drops);
    const { conversation, number } = drawConversation(random, pool);
    const { protocol, answered, allowed } = conversation;
    const most = !answered && protocol === TCP ? MOST_SYNS : Infinity;
    const flow = {
      conversation,
      script: scriptOf(conversation),
      packets: Math.min(length, most),
      openerPort: openerPort(number),
    };
    flows--;
    packets -= flow.packets;
    if (!allowed) dropped += flow.packets;
    return flow;
  };
}

const scriptOf = ({ protocol, answered }: Conversation): PlannedFlow['script'] =>
  !answered ? SCRIPTS.unanswered : protocol === TCP ? SCRIPTS.conversation : SCRIPTS.exchange;

function drawProtocol(random: Random, { protocols }: Shares): ProtocolName {
  const chance = fraction(random);
  if (chance < protocols.tcp) return 'tcp';
  if (chance < protocols.tcp + protocols.udp) return 'udp';
  return protocols.icmp > 0 ? 'icmp' : protocols.tcp > 0 ? 'tcp' : 'udp';
}

/** The pool that is wanted or, if it is empty, the one that is most like it. */
function drawPool(
  random: Random,
  repertoire: Repertoire,
  name: ProtocolName,
  { ipv6 }: Shares,
  drops: boolean,
): Pool {
  const family = fraction(random) < ipv6 ? 6 : 4;
  const verdict = drops ? 'dropped' : 'allowed';
  const other = drops ? 'allowed' : 'dropped';
  const pools = repertoire[name];
  const otherFamily = family === 4 ? 6 : 4;
  const likely = [
    pools[family][verdict],
    pools[family][other],
    pools[otherFamily][verdict],
    pools[otherFamily][other],
  ];
  return likely.find(({ conversations }) => conversations.length > 0)!;
}

/** A conversation and the number of its next flow. Where ports run out, the next one in the list is taken. */
function drawConversation(
  random: Random,
  { conversations, used, popularity }: Pool,
): { readonly conversation: Conversation; readonly number: number } {
  const first = popularity(random);
  for (let i = 0; i < conversations.length; i++) {
    const at = (first + i) % conversations.length;
    const number = used[at]!;
    if (number === OPENER_PORTS) continue;
    used[at] = number + 1;
    return { conversation: conversations[at]!, number };
  }
  const fact = 'there are not enough five-tuples for so many flows';
  throw inputError('traffic', '', fact, 'ask for fewer flows, or more kinds of them');
}
