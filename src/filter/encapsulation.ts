import { all, any, equals, type Condition } from './condition.js';
import type { Primitive } from './expression.js';
import { isType, linkOf, networkBytes, refusal, type Layers } from './layers.js';
import { carries, pppoeSession, type LinkLayer } from './link.js';

type Encapsulated = Extract<Primitive, { kind: 'vlan' | 'mpls' | 'pppoes' }>;

/** Whether the frame is encapsulated so; moves the layers behind that header for all that follows. */
export function encapsulated(layers: Layers, primitive: Encapsulated): Condition {
  switch (primitive.kind) {
    case 'vlan':
      return vlan(layers, primitive);
    case 'mpls':
      return mpls(layers, primitive);
    case 'pppoes':
      return pppoes(layers, primitive);
  }
}

/** IEEE 802.1Q, 802.1ad, and the number that both had before. */
const TAGS = [0x8100, 0x88a8, 0x9100];

function vlan(layers: Layers, { span, number }: Encapsulated): Condition {
  const link = linkOf(layers, span);
  if (layers.labels > 0) throw refusal(layers, span, 'no VLAN tag stands behind MPLS labels');
  if (link.kind !== 'ethernet')
    throw refusal(layers, span, `VLAN tags are asked of Ethernet frames only, not of ${link.name}`);
  const tagged = any(...TAGS.map((tag) => carries(link, tag)));
  layers.link = { ...link, type: link.type + 4, payload: link.payload + 4 };
  if (number === undefined) return tagged;
  return all(tagged, equals({ at: link.payload, size: 2 }, number, 0xfff));
}

/** What each link layer calls MPLS: RFC 3032 section 5, RFC 3032 section 4.3 for PPP. */
const MPLS: Partial<Readonly<Record<LinkLayer['kind'], number>>> = {
  ethernet: 0x8847,
  hdlc: 0x8847,
  ppp: 0x281,
};

function mpls(layers: Layers, { span, number }: Encapsulated): Condition {
  const link = linkOf(layers, span);
  const type = MPLS[link.kind];
  if (type === undefined)
    throw refusal(layers, span, `MPLS labels are not asked of ${link.name} frames`);
  const labelled =
    layers.labels === 0 ? carries(link, type) : equals(networkBytes(layers, span, -2, 1), 0, 1); // the label before is not the last
  const label = networkBytes(layers, span, 0, 4);
  layers.labels += 4;
  if (number === undefined) return labelled;
  return all(labelled, equals(label, (number << 12) >>> 0, 0xfffff000));
}

/** RFC 2516 section 4: six bytes of header, the session in the second two. */
function pppoes(layers: Layers, { span, number }: Encapsulated): Condition {
  const session = isType(layers, span, 0x8864);
  const header = networkBytes(layers, span, 0, 4);
  layers.link = pppoeSession(header.at + 6);
  layers.labels = 0;
  if (number === undefined) return session;
  return all(session, equals(header, number, 0xffff));
}
