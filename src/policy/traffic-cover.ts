import type { Traffic } from '../model/security-group.js';
import { type Carried, LAST_PORT, NO_PORT, carries, isIcmp } from './carries.js';

/**
 * Whether rules for these kinds of traffic together let pass all that a rule for `target` does, among packets of the family.
 * Two halves of a port range are not the whole for later fragments, whose ports are unknown (CT-18).
 */
export function coverTraffic(kinds: readonly Traffic[], target: Traffic, family: 4 | 6): boolean {
  const one = (carried: Omit<Carried, 'family'>): boolean =>
    kinds.some((kind) => carries(kind, { family, ...carried }));
  switch (target.kind) {
    case 'all':
      return PROTOCOLS.every((protocol) => one({ protocol, port: NO_PORT }));
    case 'protocol':
      return one({ protocol: target.protocol, port: NO_PORT });
    case 'ports': {
      const { protocol, from, to } = target;
      if (from === 0 && to === LAST_PORT) return one({ protocol, port: NO_PORT });
      return coverPorts(kinds, protocol, from, to);
    }
    case 'icmp': {
      const { protocol, type, code } = target;
      // In the other family the rule lets nothing pass (PR-3).
      if (!isIcmp(family, protocol)) return true;
      if (type === -1) return one({ protocol, port: NO_PORT });
      const codes = code === -1 ? CODES : [code];
      return codes.every((each) => one({ protocol, port: (type << 8) | each }));
    }
  }
}

/** Whether rules for the one can have a part in covering the other. */
export function mayCover(kind: Traffic, target: Traffic): boolean {
  if (kind.kind === 'all' || target.kind === 'all') return true;
  if (kind.protocol !== target.protocol) return false;
  return (
    kind.kind !== 'ports' ||
    target.kind !== 'ports' ||
    (kind.from <= target.to && target.from <= kind.to)
  );
}

const PROTOCOLS = Array.from({ length: 256 }, (_, protocol) => protocol);
const CODES = PROTOCOLS;

function coverPorts(
  kinds: readonly Traffic[],
  protocol: number,
  from: number,
  to: number,
): boolean {
  const ranges = kinds
    .flatMap((kind): { from: number; to: number }[] => {
      if (kind.kind === 'all') return [{ from: 0, to: LAST_PORT }];
      if (kind.protocol !== protocol) return [];
      return kind.kind === 'ports' ? [kind] : [{ from: 0, to: LAST_PORT }];
    })
    .sort((one, other) => one.from - other.from);
  let next = from;
  for (const range of ranges) {
    if (range.from > next) break;
    next = Math.max(next, range.to + 1);
  }
  return next > to;
}
