import { type Address, formatAddress } from '../model/address.js';
import { questionFault, type FlowQuestion } from '../model/flow-question.js';
import type { Packet, Transport } from '../model/packet.js';
import { ICMP, TCP, UDP } from '../model/protocol.js';
import type { VpcDescription } from '../model/vpc.js';
import { type Member, type Members, membersOf } from './question-ends.js';

/** The packets that a question asks about. */
export interface QuestionPackets {
  /** At least one; those of one source stand together, in document order. */
  readonly packets: readonly { readonly packet: Packet; readonly subject: string }[];
  /** Pairs beyond PAIRS_MAX. */
  readonly omitted: number;
  /** What was assumed or left out, one line each. */
  readonly notes: readonly string[];
}

export const PAIRS_MAX = 1000;

/**
 * One packet for each pair of those who stand at the ends, named by `subject` (`eni-a (web-1) > eni-db`), at time 0. Of an
 * interface the first address of a family counts; where both ends have both, IPv4. Throws InputError when a name means
 * nobody, or no pair has a family in common.
 */
export function packetsOf(question: FlowQuestion, description: VpcDescription): QuestionPackets {
  const source = membersOf(question.source, question, description);
  const destination = membersOf(question.destination, question, description);
  const families = familiesOf(question);
  const { pairs, count, apart } = pairUp(source, destination, families);
  if (pairs.length === 0) throw nothingToSend(question, source, destination);
  return {
    packets: pairs.map(({ from, to, family }) => ({
      packet: packetBetween(question, from.address[family]!, to.address[family]!),
      subject: `${from.label} > ${to.label}`,
    })),
    omitted: count - pairs.length,
    notes: [
      ...sourcePortNote(question),
      ...internetNotes(pairs),
      ...(apart > 0 ? [`pairs without an address family in common are left out: ${apart}`] : []),
    ],
  };
}

export type Family = 4 | 6;

/** Which families the protocol has, IPv4 first (PR-3). */
export function familiesOf({ traffic }: FlowQuestion): readonly Family[] {
  if (traffic.kind !== 'icmp') return [4, 6];
  return traffic.protocol === ICMP ? [4] : [6];
}

interface Pair {
  readonly from: Member;
  readonly to: Member;
  readonly family: Family;
}

interface Pairs {
  /** At most PAIRS_MAX. */
  readonly pairs: readonly Pair[];
  /** All that have a family in common, and those that have none. */
  readonly count: number;
  readonly apart: number;
}

/**
 * A group does not send to itself: pairs of an interface with itself are left out, and of the internet with itself, unless just
 * that was asked.
 */
function pairUp(source: Members, destination: Members, families: readonly Family[]): Pairs {
  const several = source.several || destination.several;
  const receivers = new Map<string, readonly Member[]>();
  const destinations = new Set(destination.members.map(({ label }) => label));
  const pairs: Pair[] = [];
  let count = 0;
  let all = 0;
  for (const from of source.members) {
    const shared = families.filter((family) => from.address[family] !== undefined);
    const reached =
      receivers.get(shared.join()) ??
      destination.members.filter(({ address }) => shared.some((family) => address[family]));
    receivers.set(shared.join(), reached);
    const itself = several && destinations.has(from.label) ? 1 : 0;
    all += destination.members.length - itself;
    count += reached.length - (shared.length > 0 ? itself : 0);
    for (let i = 0; i < reached.length && pairs.length < PAIRS_MAX; i++) {
      const to = reached[i]!;
      if (several && from.label === to.label) continue;
      pairs.push({ from, to, family: shared.find((family) => to.address[family])! });
    }
  }
  return { pairs, count, apart: all - count };
}

function nothingToSend(question: FlowQuestion, source: Members, destination: Members): Error {
  const { text, traffic } = question;
  const { span } = question.destination;
  const [from, to] = [source.members[0]!, destination.members[0]!];
  const enis = new Set([...source.members, ...destination.members].map(({ eni }) => eni));
  if ((source.several || destination.several) && enis.size === 1 && from.eni !== undefined) {
    const fact = `only ${from.label} stands at both ends`;
    return questionFault(text, span, fact, 'write another destination');
  }
  if (traffic.kind === 'icmp') {
    const [word, family, other] =
      traffic.protocol === ICMP
        ? (['icmp', 4, 'icmpv6'] as const)
        : (['icmpv6', 6, 'icmp'] as const);
    const sends = source.members.some(({ address }) => address[family]);
    const at = sends ? span : question.source.span;
    const fact = `${word} is of IPv${family}, and ${(sends ? to : from).label} has no such address`;
    return questionFault(text, at, fact, `write ${other} or an IPv${family} address`);
  }
  const fact = `${from.label} and ${to.label} have no address family in common`;
  return questionFault(text, span, fact, 'write two IPv4 or two IPv6 addresses');
}

/** Bytes of a packet that carries next to nothing. */
const LENGTH = 60;

/** The first of those that systems pick for themselves (RFC 6335). */
const SOURCE_PORT = 49_152;

/** The packet that is asked about, at time 0. */
export function packetBetween(
  { traffic }: FlowQuestion,
  source: Address,
  destination: Address,
): Packet {
  const transport = transportOf(traffic);
  const protocol = traffic.kind === 'tcp' ? TCP : traffic.kind === 'udp' ? UDP : traffic.protocol;
  const ip = { source, destination, protocol, ...(transport && { transport }) };
  return { timeNs: 0n, length: LENGTH, content: { kind: 'ip', ip } };
}

function transportOf(traffic: FlowQuestion['traffic']): Transport | undefined {
  switch (traffic.kind) {
    case 'tcp':
    case 'udp':
      return { sourcePort: SOURCE_PORT, ...traffic };
    case 'icmp':
      return { kind: 'icmp', type: traffic.type, code: traffic.code, id: 0 };
    case 'protocol':
      return undefined;
  }
}

function sourcePortNote({ traffic }: FlowQuestion): readonly string[] {
  if (traffic.kind !== 'tcp' && traffic.kind !== 'udp') return [];
  if (traffic.sourcePort !== undefined) return [];
  return [`source port ${SOURCE_PORT} is assumed: rules never ask for it (SG-3)`];
}

function internetNotes(pairs: readonly Pair[]): readonly string[] {
  const used = pairs.flatMap(({ from, to, family }) =>
    [from, to].flatMap(({ label, address }) =>
      label === 'internet' ? [formatAddress(address[family]!)] : [],
    ),
  );
  return [...new Set(used)].map((address) => `${address} stands for the internet`);
}
