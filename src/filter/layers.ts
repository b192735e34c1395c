import { all, equals, type Condition, type Load } from './condition.js';
import type { Span } from '../model/span.js';
import { filterFault } from './fault.js';
import { IPV4, IPV6, carries, type LinkLayer } from './link.js';

/**
 * Where the headers stand as far as the expression has been read: `vlan`, `mpls` and `pppoes` move them for all that
 * follows.
 */
export interface Layers {
  readonly text: string;
  /** Of the capture, as messages call it. */
  readonly linkName: string;
  /** Undefined when the filter cannot look into frames of this link type. */
  link: LinkLayer | undefined;
  /** Bytes between the link layer's payload and the network header: MPLS labels. */
  labels: number;
}

export function refusal(layers: Layers, span: Span, fact: string, fix?: string): Error {
  return filterFault(layers.text, span, fact, fix);
}

export function linkOf(layers: Layers, span: Span): LinkLayer {
  if (layers.link !== undefined) return layers.link;
  throw refusal(
    layers,
    span,
    `frames of ${layers.linkName} captures cannot be filtered by their contents`,
    'filter them by length, with less, greater or len',
  );
}

/** Bytes of the network header. */
export function networkBytes(layers: Layers, span: Span, at: number, size: Load['size']): Load {
  return { at: linkOf(layers, span).payload + layers.labels + at, size };
}

/** Bytes behind an IPv4 header of any length, or behind IPv6's fixed header. */
export function transportBytes(
  layers: Layers,
  span: Span,
  family: 4 | 6,
  at: number,
  size: Load['size'],
): Load {
  const network = linkOf(layers, span).payload + layers.labels;
  return family === 4
    ? { at: network + at, size, behindIpv4: network }
    : { at: network + 40 + at, size };
}

/** Whether the frame carries the EtherType where the network header is expected. */
export function isType(layers: Layers, span: Span, etherType: number): Condition {
  const link = linkOf(layers, span);
  if (layers.labels === 0) return carries(link, etherType);
  if (etherType !== IPV4 && etherType !== IPV6)
    throw refusal(layers, span, 'only ip and ip6 are told apart behind MPLS labels');
  // RFC 3032 section 2.1: the bottom of the stack is bit 8 of the label's 32.
  const bottom = networkBytes(layers, span, -2, 1);
  const version = networkBytes(layers, span, 0, 1);
  return all(equals(bottom, 1, 1), equals(version, etherType === IPV4 ? 0x40 : 0x60, 0xf0));
}
