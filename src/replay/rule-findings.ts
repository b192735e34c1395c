import {
  ALLOW_INFERRED,
  ALLOW_RULE,
  ALLOW_UNTRACKED,
  DROP_ALLOWANCE_EXCEEDED,
  DROP_NO_STATE,
  NOT_JUDGED_STATE_FULL,
} from '../kernel/layout.js';
import type { Address } from '../model/address.js';
import { TCP, UDP } from '../model/protocol.js';
import type { Direction } from '../model/security-group.js';
import type { Carried } from '../policy/carries.js';
import type { ResolvedRule } from '../policy/resolve.js';
import type { RuleMatcher } from '../policy/rule-matcher.js';

/** An answer of an interface that rules had a part in. */
export interface AskedPacket {
  readonly code: number;
  readonly set: number;
  readonly direction: Direction;
  readonly remote: Address;
  readonly family: 4 | 6;
  readonly protocol: number;
  /** As a rule in the packet's direction sees it: see `Carried`. */
  readonly port: number;
  /** As one in the other direction sees the packet that it answers. */
  readonly replyPort: number;
  readonly isBareSyn: boolean;
  /** It goes against the first packet of its flow. */
  readonly isReply: boolean;
  /** A connection may have been there that events made untracked (CT-10). */
  readonly mayHaveBeenTracked: boolean;
}

/** What rules had to do with an answer. */
export interface Finding {
  /** Rules that let it pass, by number, ascending. */
  readonly matched: readonly number[];
  /** The rule without which it is dropped, -1 if there is none. */
  readonly only: number;
  /** Rules without any one of which something else is remembered, though it passes. */
  readonly otherwise: readonly number[];
}

/** Codes of answers that may hang on a rule. Those of tracked connections hang on what opened them. */
export function isAsked(code: number): boolean {
  switch (code) {
    case ALLOW_RULE:
    case ALLOW_UNTRACKED:
    case ALLOW_INFERRED:
    case DROP_ALLOWANCE_EXCEEDED:
    case DROP_NO_STATE:
    case NOT_JUDGED_STATE_FULL:
      return true;
    default:
      return false;
  }
}

/**
 * Which rules an answer hangs on. Judging asks of rules only whether some rule matches, and whether some make a flow untracked
 * (CT-4); so whatever it does stays the same without a rule if each of these answers does. All that may have been asked is
 * looked at here, more rather than less.
 */
export function findingOf(packet: AskedPacket, matcher: RuleMatcher): Finding {
  const { code, set, direction, remote, isBareSyn, isReply } = packet;
  const { family, protocol, port, replyPort } = packet;
  const other = direction === 'ingress' ? 'egress' : 'ingress';
  const here: Carried = { family, protocol, port };
  const back: Carried = { family, protocol, port: replyPort };
  const own = matcher.matching(set, direction, remote, here);
  // CT-14, CT-11: what no rule allows passes if one allows what it answers.
  const asksBack = protocol === TCP ? !isBareSyn : protocol === UDP && code === ALLOW_INFERRED;
  const swapped = asksBack ? matcher.matching(set, other, remote, back) : [];
  const isAllowed = code === ALLOW_RULE || code === ALLOW_UNTRACKED || code === ALLOW_INFERRED;
  const matched = own.length > 0 || code === DROP_NO_STATE ? own : swapped;

  const otherwise = new Set<number>();
  let only = -1;
  if (matched.length === 1) {
    const [{ index }] = matched as readonly [ResolvedRule];
    // Without the rule that lets answers of an untracked flow pass it would be tracked, and they would pass.
    const passes = (matched === own && swapped.length > 0) || (code === ALLOW_UNTRACKED && isReply);
    if (!isAllowed || passes) otherwise.add(index);
    else only = index;
  }
  if (protocol === TCP || protocol === UDP) {
    const branches = [
      branch(matcher, set, direction, other, here),
      ...(isBareSyn && !packet.mayHaveBeenTracked
        ? []
        : [branch(matcher, set, other, direction, back)]),
    ];
    for (const index of untrackingRules(branches, packet)) otherwise.add(index);
  }
  otherwise.delete(only);
  return {
    matched: isAllowed ? matched.map(({ index }) => index) : [],
    only,
    otherwise: [...otherwise],
  };
}

/** CT-4 with a packet as the one that opens: rules of both kinds that it takes. */
type Branch = readonly [opening: readonly ResolvedRule[], wayBack: readonly ResolvedRule[]];

function branch(
  matcher: RuleMatcher,
  set: number,
  opening: Direction,
  wayBack: Direction,
  carried: Carried,
): Branch {
  return [matcher.openTo(set, opening, carried), matcher.waysBack(set, wayBack, carried)];
}

/** Rules without which a flow that needs no tracking would need it. */
function untrackingRules(
  branches: readonly Branch[],
  { code, mayHaveBeenTracked }: AskedPacket,
): readonly number[] {
  if (code !== ALLOW_UNTRACKED && !mayHaveBeenTracked) return [];
  const open = branches.filter((lists) => lists.every(({ length }) => length > 0));
  const needed = open.map((lists) =>
    lists.filter(({ length }) => length === 1).map(([rule]) => rule!.index),
  );
  // A live connection is only asked as its opener was; what is not tracked, either way round.
  if (mayHaveBeenTracked) return needed.flat();
  const [first = [], ...rest] = needed;
  return first.filter((index) => rest.every((each) => each.includes(index)));
}
