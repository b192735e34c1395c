import {
  above,
  all,
  always,
  any,
  equals,
  negated,
  type Condition,
  type Load,
} from './condition.js';

/** How a link layer tells what it carries. */
export type LinkKind =
  'ethernet' | 'cooked' | 'cooked2' | 'family' | 'ppp' | 'hdlc' | 'raw' | 'ipv4' | 'ipv6';

/** Where the link layer that is being asked stands in the frame, and what it carries begins. */
export interface LinkLayer {
  readonly kind: LinkKind;
  /** As messages call it. */
  readonly name: string;
  readonly header: number;
  readonly type: number;
  readonly payload: number;
  /** Of the family: a null capture may be of either order, a loop capture is big-endian. */
  readonly bothOrders?: boolean;
}

const RAW: LinkLayer = { kind: 'raw', name: 'raw IP', header: 0, type: 0, payload: 0 };
const PPP: LinkLayer = { kind: 'ppp', name: 'PPP', header: 0, type: 2, payload: 4 };

/** By LINKTYPE number: https://www.tcpdump.org/linktypes.html. */
const LINKS: ReadonlyMap<number, LinkLayer> = new Map([
  [0, { kind: 'family', name: 'null', header: 0, type: 0, payload: 4, bothOrders: true }],
  [1, { kind: 'ethernet', name: 'Ethernet', header: 0, type: 12, payload: 14 }],
  [9, PPP],
  [12, RAW],
  [14, RAW],
  [50, PPP],
  [101, RAW],
  [104, { kind: 'hdlc', name: 'Cisco HDLC', header: 0, type: 2, payload: 4 }],
  [108, { kind: 'family', name: 'loop', header: 0, type: 0, payload: 4 }],
  [113, { kind: 'cooked', name: 'Linux cooked', header: 0, type: 14, payload: 16 }],
  [228, { kind: 'ipv4', name: 'IPv4', header: 0, type: 0, payload: 0 }],
  [229, { kind: 'ipv6', name: 'IPv6', header: 0, type: 0, payload: 0 }],
  [276, { kind: 'cooked2', name: 'Linux cooked v2', header: 0, type: 0, payload: 20 }],
]);

/** Undefined for a link type whose frames the filter cannot look into. */
export function linkLayerOf(linkType: number): LinkLayer | undefined {
  return LINKS.get(linkType);
}

/** PPP behind a PPPoE session header (RFC 2516), whose frames begin with the protocol. */
export function pppoeSession(at: number): LinkLayer {
  return { ...PPP, header: at, type: at, payload: at + 2 };
}

export const IPV4 = 0x0800;
export const IPV6 = 0x86dd;

/** Whether the link layer says that it carries an EtherType, or an LLC service up to 1500. */
export function carries(link: LinkLayer, etherType: number): Condition {
  const type: Load = { at: link.type, size: 2 };
  switch (link.kind) {
    case 'ethernet':
      return ethernetCarries(link, etherType);
    case 'cooked':
      return cookedCarries(link, etherType);
    case 'cooked2':
    case 'hdlc':
      return equals(type, etherType);
    case 'ppp':
      return equals(type, PPP_PROTOCOLS.get(etherType) ?? etherType);
    case 'family':
      return familyIs(link, FAMILIES.get(etherType) ?? []);
    case 'raw':
      return VERSIONS.has(etherType)
        ? equals({ at: link.payload, size: 1 }, VERSIONS.get(etherType)!, 0xf0)
        : always(false);
    case 'ipv4':
      return always(etherType === IPV4);
    case 'ipv6':
      return always(etherType === IPV6);
  }
}

const VERSIONS: ReadonlyMap<number, number> = new Map([
  [IPV4, 0x40],
  [IPV6, 0x60],
]);

/** AF_INET is 2 everywhere; AF_INET6 is 24 in NetBSD and OpenBSD, 28 in FreeBSD, 30 in macOS. */
const FAMILIES: ReadonlyMap<number, readonly number[]> = new Map([
  [IPV4, [2]],
  [IPV6, [24, 28, 30]],
]);

function familyIs({ header, bothOrders }: LinkLayer, families: readonly number[]): Condition {
  const orders = bothOrders === true ? [0, 24] : [0];
  if (families.length === 0) return always(false);
  return any(
    ...families.flatMap((family) =>
      orders.map((shift) => equals({ at: header, size: 4 }, (family << shift) >>> 0)),
    ),
  );
}

/** https://www.iana.org/assignments/ppp-numbers */
const PPP_PROTOCOLS: ReadonlyMap<number, number> = new Map([
  [IPV4, 0x21],
  [IPV6, 0x57],
  [0x6003, 0x27], // DECnet
  [0x809b, 0x29], // AppleTalk
  [0xfe, 0x23], // OSI
  [0x42, 0x31], // bridging
  [0xe0, 0x2b], // IPX
]);

const IPX = 0xe0;
/** LLC services whose frames carry the same number as source and destination. */
const BOTH_SAPS: ReadonlySet<number> = new Set([0x06, 0xf0, 0xfe]);
/** EtherTypes that Ethernet also carries behind LLC and SNAP, with the organization's number. */
const SNAP: ReadonlyMap<number, number> = new Map([
  [0x809b, 0x080007],
  [0x80f3, 0x000000],
]);

function ethernetCarries(link: LinkLayer, etherType: number): Condition {
  const type: Load = { at: link.type, size: 2 };
  const llc = negated(above(type, 1500));
  if (etherType === IPX)
    return any(
      equals(type, 0x8137),
      all(
        llc,
        any(
          snap(link, 0, 0x8137),
          equals({ at: link.payload, size: 1 }, IPX),
          equals({ at: link.payload, size: 2 }, 0xffff),
        ),
      ),
    );
  return llcCarries(link, etherType, llc);
}

/** IEEE 802.2 frames have protocol 4, and bare IPX frames 1. */
function cookedCarries(link: LinkLayer, etherType: number): Condition {
  const type: Load = { at: link.type, size: 2 };
  const llc = equals(type, 4);
  if (etherType === IPX)
    return any(
      equals(type, 0x8137),
      equals(type, 1),
      all(llc, any(snap(link, 0, 0x8137), equals({ at: link.payload, size: 1 }, IPX))),
    );
  return llcCarries(link, etherType, llc);
}

function llcCarries(link: LinkLayer, etherType: number, llc: Condition): Condition {
  const type: Load = { at: link.type, size: 2 };
  const service: Load = { at: link.payload, size: 1 };
  if (BOTH_SAPS.has(etherType))
    return all(llc, equals({ ...service, size: 2 }, (etherType << 8) | etherType));
  if (etherType <= 1500) return all(llc, equals(service, etherType));
  const organization = SNAP.get(etherType);
  if (organization === undefined) return equals(type, etherType);
  return any(equals(type, etherType), all(llc, snap(link, organization, etherType)));
}

function snap({ payload }: LinkLayer, organization: number, etherType: number): Condition {
  return all(
    equals({ at: payload + 4, size: 4 }, ((organization << 16) | etherType) >>> 0),
    equals({ at: payload, size: 4 }, (0xaaaa0300 | (organization >> 16)) >>> 0),
  );
}
