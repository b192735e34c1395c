import { relationOf } from './relation.js';
import { all, any, chained, equals, from, negated, type Condition } from './condition.js';
import { macIs } from './mac-test.js';
import { encapsulated } from './encapsulation.js';
import type { Expression, Primitive } from './expression.js';
import { isType, networkBytes, transportBytes, type Layers } from './layers.js';
import { IPV4, IPV6 } from './link.js';
import { isFirstFragment, protocolIs, sides } from './header-test.js';

type Of<Kind extends Primitive['kind']> = Extract<Primitive, { kind: Kind }>;

/** What an expression asks of the frames of one link type. Moves the layers on as it is read. Throws InputError. */
export function translate(layers: Layers, expression: Expression): Condition {
  if (expression.kind === 'not') return negated(translate(layers, expression.operand));
  if (expression.kind !== 'chain') return ask(layers, expression);
  const first = translate(layers, expression.first);
  const rest = expression.rest.map(({ join, term }) => ({ join, term: translate(layers, term) }));
  return chained(first, rest);
}

function ask(layers: Layers, primitive: Primitive): Condition {
  switch (primitive.kind) {
    case 'ether-type':
      return isType(layers, primitive.span, primitive.value);
    case 'ip-protocol':
      return protocolIs(layers, primitive.span, primitive.layer, primitive.number);
    case 'address4':
      return address4Is(layers, primitive);
    case 'address6':
      return address6Is(layers, primitive);
    case 'ports':
      return portsAre(layers, primitive);
    case 'mac':
      return macIs(layers, primitive.span, primitive.direction, primitive.value);
    case 'broadcast':
      return macIs(layers, primitive.span, 'destination', 0xffff_ffff_ffffn);
    case 'multicast':
      return multicast(layers, primitive);
    case 'vlan':
    case 'mpls':
    case 'pppoes':
      return encapsulated(layers, primitive);
    case 'relation':
      return relationOf(layers, primitive);
  }
}

/** EtherTypes of the headers with IPv4 addresses, and where those stand. */
const PLACES4 = {
  ip: { type: IPV4, source: 12, destination: 16 },
  arp: { type: 0x0806, source: 14, destination: 24 },
  rarp: { type: 0x8035, source: 14, destination: 24 },
} as const;

function address4Is(layers: Layers, primitive: Of<'address4'>): Condition {
  const { span, direction, value, mask } = primitive;
  const unqualified = primitive.layers.length > 1;
  // Behind MPLS labels only IP is told apart: see isType.
  const asked = unqualified && layers.labels > 0 ? (['ip'] as const) : primitive.layers;
  return any(
    ...asked.map((layer) => {
      const place = PLACES4[layer];
      return all(
        isType(layers, span, place.type),
        sides(direction, (side) => equals(networkBytes(layers, span, place[side], 4), value, mask)),
      );
    }),
  );
}

const PLACES6 = { source: 8, destination: 24 } as const;
const WORDS = [0, 1, 2, 3] as const;

function address6Is(layers: Layers, { span, direction, value, mask }: Of<'address6'>): Condition {
  const word = (bits: bigint, index: number): number =>
    Number((bits >> BigInt(96 - 32 * index)) & 0xffff_ffffn);
  return all(
    isType(layers, span, IPV6),
    sides(direction, (side) =>
      all(
        ...WORDS.map((index) =>
          equals(
            networkBytes(layers, span, PLACES6[side] + 4 * index, 4),
            word(value, index),
            word(mask, index),
          ),
        ),
      ),
    ),
  );
}

const PORTS = { source: 0, destination: 2 } as const;

function portsAre(
  layers: Layers,
  { span, protocols, direction, low, high }: Of<'ports'>,
): Condition {
  const within = (family: 4 | 6): Condition =>
    sides(direction, (side) => {
      const port = transportBytes(layers, span, family, PORTS[side], 2);
      return low === high ? equals(port, low) : all(from(port, low), negated(from(port, high + 1)));
    });
  const isOneOf = (at: number): Condition =>
    any(...protocols.map((protocol) => equals(networkBytes(layers, span, at, 1), protocol)));
  return any(
    all(isType(layers, span, IPV6), isOneOf(6), within(6)),
    all(isType(layers, span, IPV4), isOneOf(9), isFirstFragment(layers, span), within(4)),
  );
}

function multicast(layers: Layers, { span, layer }: Of<'multicast'>): Condition {
  switch (layer) {
    case 'link':
      return macIs(layers, span, 'destination', undefined);
    case 'ip':
      return all(isType(layers, span, IPV4), from(networkBytes(layers, span, 16, 1), 224));
    case 'ip6':
      return all(isType(layers, span, IPV6), equals(networkBytes(layers, span, 24, 1), 0xff));
  }
}
