import { icmpText } from '../model/icmp-text.js';
import { nameRule } from './cause-words.js';
import { referTo } from './rule-reference.js';
import type { Cause } from './situation.js';
import type { Unallowed } from './unallowed.js';

/** PR-2: a rule of the protocol and the peer names another type or code, maybe because they were taken for a range. */
export function causeByIcmp({ situation, nearest }: Unallowed): Cause | undefined {
  const { ip, world, evidence } = situation;
  const { transport, source } = ip;
  if (transport?.kind !== 'icmp') return undefined;
  for (const { resolved, protocol, ports, peer } of nearest) {
    const { traffic } = resolved.rule;
    if (traffic.kind !== 'icmp' || !protocol || !peer || ports) continue;
    const name = nameRule(referTo(world, evidence.phase, resolved.rule));
    const asked = icmpText(source.family, transport.type, transport.code);
    const allowed =
      traffic.code === -1
        ? `every code of type ${typeText(source.family, traffic.type)}`
        : icmpText(source.family, traffic.type, traffic.code);
    const reason = `${name} allows ${allowed}, and this is ${asked}`;
    const isRange = looksLikeRange(traffic, transport);
    return {
      cause: 'icmp-type-or-code',
      reason: isRange
        ? `${reason}: the numbers of a rule are a type and a code, not a range`
        : reason,
    };
  }
  return undefined;
}

/** `0 (echo reply)` */
function typeText(family: 4 | 6, type: number): string {
  const named = icmpText(family, type, 0)
    .replace(/[,(].*$/, '')
    .trim();
  return named === `type ${type}` ? String(type) : `${type} (${named})`;
}

/** Numbers that would cover the packet's type as a range, or hold its type and code the other way round. */
function looksLikeRange(
  rule: { readonly type: number; readonly code: number },
  packet: { readonly type: number; readonly code: number },
): boolean {
  if (rule.code === packet.type && rule.type === packet.code && rule.type !== rule.code)
    return true;
  if (rule.code <= rule.type || packet.type < rule.type || packet.type > rule.code) return false;
  return packet.type !== rule.type || rule.code > LAST_CODE;
}

/** Highest code of any ICMP type (IANA). */
const LAST_CODE = 15;
