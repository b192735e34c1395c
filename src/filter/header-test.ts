import { all, any, equals, hasBits, negated, type Condition } from './condition.js';
import type { Direction } from './expression.js';
import type { Span } from '../model/span.js';
import { isType, networkBytes, type Layers } from './layers.js';
import { IPV4, IPV6 } from './link.js';
import type { IpLayer } from './protocol-names.js';

/** Of IPv6, the first header behind the fixed one, or behind a fragment header there; no further. */
export function protocolIs(layers: Layers, span: Span, layer: IpLayer, number: number): Condition {
  if (layer === 'both')
    return any(protocolIs(layers, span, 'ip', number), protocolIs(layers, span, 'ip6', number));
  if (layer === 'ip')
    return all(isType(layers, span, IPV4), equals(networkBytes(layers, span, 9, 1), number));
  const next = networkBytes(layers, span, 6, 1);
  const behindFragment = networkBytes(layers, span, 40, 1);
  return all(
    isType(layers, span, IPV6),
    any(equals(next, number), all(equals(next, FRAGMENT), equals(behindFragment, number))),
  );
}

const FRAGMENT = 44;

/** Not a later fragment of an IPv4 packet: those have no transport header. */
export function isFirstFragment(layers: Layers, span: Span): Condition {
  return negated(hasBits(networkBytes(layers, span, 6, 2), 0x1fff));
}

/** Either side or both, in the order source, destination. */
export function sides(
  direction: Direction,
  test: (side: 'source' | 'destination') => Condition,
): Condition {
  switch (direction) {
    case 'source':
    case 'destination':
      return test(direction);
    case 'either':
      return any(test('source'), test('destination'));
    case 'both':
      return all(test('source'), test('destination'));
  }
}
