import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import { addressKey } from './address-words.js';
import { drawCandidate } from './candidate.js';
import { type Conversation, judgeConversation } from './conversation.js';
import type { Ends } from './ends.js';
import { FLOW_WORDS, writeConversation } from './flow-words.js';
import { type Popularity, createPopularity } from './popularity.js';
import type { Random } from './random.js';
import { SCRIPTS, type Script } from './script.js';

/** Conversations that are alike in protocol, family and verdict. */
export interface Pool {
  readonly conversations: readonly Conversation[];
  readonly verdict: 'allowed' | 'dropped';
  /** A flow of each (see flow-words.ts). */
  readonly patterns: Int32Array;
  /** Flows that each has had so far. */
  readonly used: Uint32Array;
  readonly popularity: Popularity;
}

/** What flows are drawn from: every conversation is another, and none is the reverse of another. */
export type Repertoire = Readonly<Record<ProtocolName, Readonly<Record<4 | 6, PoolsByVerdict>>>>;

export interface PoolsByVerdict {
  readonly allowed: Pool;
  readonly dropped: Pool;
}

export const PROTOCOL_NAMES = ['tcp', 'udp', 'icmp'] as const;
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];

interface RepertoireOptions {
  /** Others have empty pools. */
  readonly protocols: readonly ProtocolName[];
  /** Of each pool, at most. */
  readonly size: number;
  readonly insideShare: number;
  readonly zipf: number;
}

/** Draws conversations that the policy allows, and such that it drops, as far as it has them. */
export function createRepertoire(
  random: Random,
  ends: Ends,
  options: RepertoireOptions,
): Repertoire {
  const taken = new Set<string>();
  const poolsOf = (name: ProtocolName, protocol: number, family: 4 | 6): PoolsByVerdict => {
    const found = options.protocols.includes(name)
      ? drawConversations(random, ends, protocol, family, options, taken)
      : [];
    const pool = (allowed: boolean): Pool => {
      const conversations = found.filter((it) => it.allowed === allowed);
      const patterns = new Int32Array(conversations.length * FLOW_WORDS);
      for (const [i, it] of conversations.entries()) {
        writeConversation(patterns, i * FLOW_WORDS, it, scriptOf(it));
      }
      return {
        conversations,
        verdict: allowed ? 'allowed' : 'dropped',
        patterns,
        used: new Uint32Array(conversations.length),
        popularity: createPopularity(conversations.length, options.zipf),
      };
    };
    return { allowed: pool(true), dropped: pool(false) };
  };
  return {
    tcp: { 4: poolsOf('tcp', TCP, 4), 6: poolsOf('tcp', TCP, 6) },
    udp: { 4: poolsOf('udp', UDP, 4), 6: poolsOf('udp', UDP, 6) },
    icmp: { 4: poolsOf('icmp', ICMP, 4), 6: poolsOf('icmp', ICMPV6, 6) },
  };
}

const scriptOf = ({ protocol, answered }: Conversation): Script =>
  !answered ? SCRIPTS.unanswered : protocol === TCP ? SCRIPTS.conversation : SCRIPTS.exchange;

/** Candidates in a row that are nothing new: then there is hardly anything left to find. */
const PATIENCE = 1000;

function drawConversations(
  random: Random,
  ends: Ends,
  protocol: number,
  family: 4 | 6,
  { size, insideShare }: RepertoireOptions,
  taken: Set<string>,
): Conversation[] {
  const found: Conversation[] = [];
  const counts = { allowed: 0, dropped: 0 };
  const locals = ends.local.filter((end) => end.family === family);
  if (locals.length === 0) return found;
  for (let tries = PATIENCE; tries > 0; tries--) {
    const asked = drawCandidate(random, ends, locals, { protocol, family, insideShare });
    const conversation = asked && judgeConversation(ends, asked);
    if (conversation === undefined) continue;
    const verdict = conversation.allowed ? 'allowed' : 'dropped';
    if (counts[verdict] === size || !take(conversation, taken)) continue;
    found.push(conversation);
    counts[verdict]++;
    tries = PATIENCE;
    if (counts.allowed === size && counts.dropped === size) break;
  }
  return found;
}

/** False when a conversation is another one, or the reverse of one: their flows could have one five-tuple. */
function take({ initiator, responder, protocol, port }: Conversation, taken: Set<string>): boolean {
  const one = addressKey(initiator);
  const other = addressKey(responder);
  if (taken.has(`${protocol} ${other} > ${one}`)) return false;
  const key = `${protocol} ${one} > ${other} ${port}`;
  if (taken.has(key)) return false;
  taken.add(`${protocol} ${one} > ${other}`).add(key);
  return true;
}
