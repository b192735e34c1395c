import { all, equals, hasBits, type Condition } from './condition.js';
import type { Direction } from './expression.js';
import type { Span } from '../model/span.js';
import { sides } from './header-test.js';
import { linkOf, refusal, type Layers } from './layers.js';

const PLACES = { source: 6, destination: 0 } as const;

/** Whether a MAC address is the frame's; undefined: any group address. Only Ethernet frames have them where expected. */
export function macIs(
  layers: Layers,
  span: Span,
  direction: Direction,
  address: bigint | undefined,
): Condition {
  const { kind, name, header } = linkOf(layers, span);
  if (kind !== 'ethernet')
    throw refusal(layers, span, `MAC addresses are asked of Ethernet frames only, not of ${name}`);
  return sides(direction, (side) => {
    const at = header + PLACES[side];
    // IEEE 802: the lowest bit of the first byte tells a group from one station.
    if (address === undefined) return hasBits({ at, size: 1 }, 1);
    return all(
      equals({ at: at + 2, size: 4 }, Number(address & 0xffff_ffffn)),
      equals({ at, size: 2 }, Number(address >> 32n)),
    );
  });
}
