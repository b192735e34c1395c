import type { Address } from '../model/address.js';
import type { Evidence } from '../model/evidence.js';
import type { IpPacket } from '../model/packet.js';
import type { Remembered } from '../model/remembered.js';
import type { VerdictCode } from '../model/verdict.js';
import { flowOf, keyOfFlow } from './reference-connection.js';
import { waitsForFirst } from './reference-groups.js';

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
  const quote = ip.transport?.kind === 'icmp' ? ip.transport.quote : undefined;
  const shown = quote ?? ip;
  return {
    evidence,
    ip,
    pair: [shown.source, shown.destination].map(addressText).sort().join(' '),
    flow: waitsForFirst(ip) ? undefined : flowName(ip),
    quoted: quote && flowName(quote),
    datagram:
      fragment && `${addressText(ip.source)} ${addressText(ip.destination)} ${protocol} ${fragment.id}`,
  };
}

/** What is known of a flow, or of a datagram, from before the docket's packets, by interface. */
export type Known = Map<string, Remembered | undefined>;

/**
 * What interfaces remembered of flows and datagrams when the docket's first packet of them came. An interface that it did not
 * reach tells when a later one reaches it: until then nothing changed there.
 */
export function knownBefore(sheets: readonly Sheet[]): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  const note = (name: string | undefined, eni: string, memory: Remembered | undefined): void => {
    if (name === undefined) return;
    let byEni = known.get(name);
    if (byEni === undefined) known.set(name, (byEni = new Map()));
    if (!byEni.has(eni)) byEni.set(eni, memory);
  };
  for (const { evidence, ip, flow, quoted, datagram } of sheets) {
    evidence.verdict.at.forEach(({ eni, code }, i) => {
      if (UNASKED.includes(code)) return;
      const memory = evidence.memories[i];
      const isLater = ip.fragment !== undefined && ip.fragment.offset > 0;
      if (memory?.kind === 'first-fragment') note(datagram, eni, memory);
      else {
        if (isLater) note(datagram, eni, undefined);
        note(flow ?? quoted, eni, memory);
      }
    });
  }
  return known;
}

/** Answers that are given before anything remembered is asked for. */
const UNASKED: readonly VerdictCode[] = [
  'source-dest-check',
  'exempt',
  'unsupported-by-vpc',
  'no-groups',
];

function flowName(ip: IpPacket): string | undefined {
  const names = (['egress', 'ingress'] as const).map((direction) => flowOf(ip, direction));
  const [one, other] = names.map((flow) => flow && keyOfFlow(flow));
  if (one === undefined || other === undefined) return undefined;
  return one < other ? one : other;
}

function addressText({ family, value }: Address): string {
  return `${family}:${value.toString(16)}`;
}
