import type { Address } from '../model/address.js';
import { RECALLED_SECONDS, type Evidence } from '../model/evidence.js';
import type { IpPacket } from '../model/packet.js';
import { TCP } from '../model/protocol.js';
import type { Remembered } from '../model/remembered.js';
import type { Direction } from '../model/security-group.js';
import type { InterfaceVerdict, VerdictCode } from '../model/verdict.js';
import { flowOf, isBareSyn, keyOfFlow } from './reference-connection.js';
import { waitsForFirst } from './reference-groups.js';
import { quoteOf } from './reference-related.js';

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
export function knownBefore(sheets: readonly Sheet[]): ReadonlyMap<string, Known> {
  const known = new Map<string, Map<string, Memory>>();
  const first = new Map<string, Sheet>();
  for (const sheet of sheets) {
    const { evidence, ip, flow, quoted, datagram } = sheet;
    const shown = flow ?? quoted;
    for (const name of [shown, datagram]) {
      if (name !== undefined && !first.has(name)) first.set(name, sheet);
    }
    const note = (name: string | undefined, slot: string, memory: Memory): void => {
      if (name === undefined) return;
      const bySlot = known.get(name) ?? new Map<string, Memory>();
      known.set(name, bySlot);
      if (bySlot.has(slot)) return;
      const isVague = memory === 'nothing' && mayForget(first.get(name)!, sheet);
      bySlot.set(slot, isVague ? 'unknown' : memory);
    };
    evidence.verdict.at.forEach((answer, i) => {
      const slot = slotOf(sheet, answer);
      const memory = evidence.memories[i];
      const isLater = ip.fragment !== undefined && ip.fragment.offset > 0;
      if (answer.code === 'source-dest-check') note(flow, slot, 'unasked');
      else if (!asksMemory(answer.code)) return;
      else if (memory?.kind === 'first-fragment') note(datagram, slot, memory);
      else {
        if (isLater) note(datagram, slot, 'nothing');
        // An error that passes or not without regard to what it quotes tells nothing.
        if (flow !== undefined || memory !== undefined) note(shown, slot, memory ?? 'nothing');
        // A first fragment takes the place of whatever was remembered of its datagram.
        if (!isLater) note(datagram, slot, 'unknown');
      }
    });
  }
  return known;
}

/**
 * Whether something that mattered to a flow's first packet may be forgotten when another one comes. What was live is told of
 * for RECALLED_SECONDS more; of TCP, what has ended matters as well, unless the packet opens a connection (CT-14).
 */
function mayForget(first: Sheet, now: Sheet): boolean {
  if (first === now) return false;
  if ((quoteOf(first.ip) ?? first.ip).protocol === TCP && !isBareSyn(first.ip)) return true;
  const passedNs = now.evidence.clockNs - first.evidence.clockNs;
  return passedNs > BigInt(RECALLED_SECONDS) * 1_000_000_000n;
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
