import type { Address } from '../model/address.js';
import { RECALLED_SECONDS, type Evidence } from '../model/evidence.js';
import type { IpPacket } from '../model/packet.js';
import type { Remembered } from '../model/remembered.js';
import type { RelatedPolicy } from '../model/tracking.js';
import type { Direction } from '../model/security-group.js';
import type { InterfaceVerdict, VerdictCode } from '../model/verdict.js';
import { flowOf, keyOfFlow } from './reference-connection.js';
import { waitsForFirst } from './reference-groups.js';
import { quoteOf, relatedObstacle } from './reference-related.js';

/** A packet of the docket, and what it belongs to; names are the same for both directions. */
export interface Sheet {
  readonly evidence: Evidence;
  readonly ip: IpPacket;
  /** Of the packet that it quotes, if it is an error. */
  readonly pair: string;
  /** Undefined for a packet that no connection can hold (CT-3). */
  readonly flow: string | undefined;
  readonly quoted: string | undefined;
  /** Of a fragment. */
  readonly datagram: string | undefined;
}

/** Undefined for what is no IP packet. */
export function sheetOf(evidence: Evidence): Sheet | undefined {
  const { content } = evidence.packet;
  if (content.kind !== 'ip') return undefined;
  const { ip } = content;
  const { fragment, protocol } = ip;
  const quote = quoteOf(ip);
  const shown = quote ?? ip;
  return {
    evidence,
    ip,
    pair: [shown.source, shown.destination].map(addressText).sort().join(' '),
    flow: waitsForFirst(ip) ? undefined : flowName(ip),
    quoted: quote && flowName(quote),
    datagram:
      fragment &&
      `${addressText(ip.source)} ${addressText(ip.destination)} ${protocol} ${fragment.id}`,
  };
}

/**
 * What is known of a flow, or of a datagram, from before the docket's packets, by `slotOf`. `unasked`: the interface let
 * nothing of it come so far that it would remember. `unknown`: what it remembered may be forgotten by now.
 */
export type Known = ReadonlyMap<string, Memory>;

export type Memory = Remembered | 'nothing' | 'unasked' | 'unknown';

/**
 * What interfaces remembered of flows and datagrams when the docket's first packet of them came. An interface that it did not
 * reach tells when a later one reaches it: until then nothing changed there.
 */
export function knownBefore(
  sheets: readonly Sheet[],
  related: RelatedPolicy,
): ReadonlyMap<string, Known> {
  const known = new Map<string, Map<string, Memory>>();
  const begun = new Map<string, Evidence>();
  for (const sheet of sheets) {
    const { evidence, ip, flow, quoted, datagram } = sheet;
    const { clockNs, verdict, memories } = evidence;
    const shown = flow ?? quoted;
    for (const name of [shown, datagram]) {
      if (name !== undefined && !begun.has(name)) begun.set(name, evidence);
    }
    const note = (name: string | undefined, slot: string, memory: Memory): void => {
      if (name === undefined) return;
      // What was live when the first packet came is told of so long, and may be forgotten by now.
      const isRecent =
        clockNs - begun.get(name)!.clockNs <= BigInt(RECALLED_SECONDS) * 1_000_000_000n;
      const bySlot = known.get(name) ?? new Map<string, Memory>();
      known.set(name, bySlot);
      if (bySlot.has(slot)) return;
      bySlot.set(slot, memory === 'nothing' && !isRecent ? 'unknown' : memory);
    };
    verdict.at.forEach((answer, i) => {
      const { code } = answer;
      const slot = slotOf(sheet, answer);
      const memory = memories[i];
      const isLater = ip.fragment !== undefined && ip.fragment.offset > 0;
      if (code === 'source-dest-check') note(flow, slot, 'unasked');
      else if (!asksMemory(code)) return;
      else if (memory?.kind === 'first-fragment') {
        const isOlder = memory.account.createdFrame < begun.get(datagram!)!.verdict.frame;
        note(datagram, slot, isOlder ? memory : 'nothing');
      } else {
        if (isLater) note(datagram, slot, 'nothing');
        // Of errors that cannot pass by what they quote nobody asks what is remembered of that.
        const isAsked = quoted === undefined || relatedObstacle(ip, related) === undefined;
        if (isAsked || memory !== undefined) note(shown, slot, memory ?? 'nothing');
      }
    });
  }
  return known;
}

/**
 * Whose memory an answer rests on: an interface's, of one of both ends as its own. One that forwards has both ends on either
 * side (NI-3).
 */
export function slotOf(
  { ip, quoted }: Sheet,
  { eni, direction }: Pick<InterfaceVerdict, 'eni' | 'direction'>,
): string {
  const leaves = (direction === 'egress') === (quoted === undefined);
  const { source, destination } = quoteOf(ip) ?? ip;
  return `${eni} ${addressText(leaves ? source : destination)}`;
}

/** Whether an answer is given after a look at what is remembered. */
export function asksMemory(code: VerdictCode): boolean {
  return !UNASKED.has(code);
}

const UNASKED: ReadonlySet<VerdictCode> = new Set([
  'source-dest-check',
  'exempt',
  'unsupported-by-vpc',
  'no-groups',
]);

/** The packet that an ICMP error quotes. */
/** Seen from the smaller address; from both ends when a host talks to itself. */
function flowName(ip: IpPacket): string | undefined {
  const { source, destination } = ip;
  const seenFrom = (direction: Direction): string | undefined => {
    const flow = flowOf(ip, direction);
    return flow && keyOfFlow(flow);
  };
  if (source.value < destination.value) return seenFrom('egress');
  if (source.value > destination.value) return seenFrom('ingress');
  const [one, other] = [seenFrom('egress'), seenFrom('ingress')];
  return one !== undefined && other !== undefined && one < other ? one : other;
}

function addressText({ family, value }: Address): string {
  return `${family}:${value.toString(16)}`;
}
