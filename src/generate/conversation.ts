import type { AddressWords } from './address-words.js';
import type { End, Ends, Guard } from './ends.js';
import { isWithinAny } from './address-words.js';
import { allows } from './rule-scan.js';

/** Who opens what to whom, and what must become of it. */
export interface Conversation {
  readonly initiator: End;
  readonly responder: End;
  /** IP protocol number. */
  readonly protocol: number;
  /** The responder's; 0 for an ICMP echo. */
  readonly port: number;
  readonly allowed: boolean;
  /**
   * False when the opener is denied on its way out to another interface: that one never sees it, and would take answers
   * for openings of its own.
   */
  readonly answered: boolean;
}

export interface ConversationAsked {
  readonly from: AddressWords;
  readonly to: AddressWords;
  readonly protocol: number;
  readonly port: number;
}

/**
 * What must become of a conversation, by a scan over the rules of the interfaces it passes: egress at the opener's,
 * then ingress at the other's. All its packets share the fate of the first: what is allowed is tracked (CT-2) or, where
 * it is not, both ways are open to anyone (CT-4); what follows a denied opening is dropped too (CT-25). Undefined when it
 * passes no interface, one only, or anything but rules decides.
 */
export function judgeConversation(ends: Ends, asked: ConversationAsked): Conversation | undefined {
  const { protocol, port } = asked;
  const initiator = ends.endAt(asked.from);
  const responder = ends.endAt(asked.to);
  if (initiator === undefined || responder === undefined || initiator.mac === responder.mac) return;
  for (const { guard } of [initiator, responder]) {
    if (guard !== undefined && isOdd(guard, initiator, responder)) return;
  }
  const leaves =
    initiator.guard === undefined ||
    allows(initiator.guard.egress, { protocol, port, remote: responder });
  const allowed =
    leaves &&
    (responder.guard === undefined ||
      allows(responder.guard.ingress, { protocol, port, remote: initiator }));
  const answered = leaves || responder.guard === undefined;
  return { initiator, responder, protocol, port, allowed, answered };
}

const isOdd = ({ odd }: Guard, one: End, other: End): boolean =>
  isWithinAny(one, odd) || isWithinAny(other, odd);
