import type { IpPacket } from '../model/packet.js';
import type { ChangedCase } from '../model/verdict-change.js';
import { lossOfRule } from './change-behind.js';
import type { ChangeIndex } from './change-index.js';
import { trackingChange } from './change-tracking.js';
import { decidingAnswer } from './deciding-answer.js';
import { type Opener, openerOf, openingPacket } from './opener.js';
import { hasPrivateAddress } from './peer-identity.js';
import type { ChangeCause, Parting, Place, TwoWorlds } from './parting.js';
import { matchingRules, opposite, swapped } from './reference-rules.js';

/** Finds the change of the VPC that is behind the first packet of a case. */
export function causeOfChange(
  worlds: TwoWorlds,
  changes: ChangeIndex,
  found: ChangedCase,
): ChangeCause {
  if (found.change === 'otherwise') return causeOfOther(worlds, changes, found);
  const allowing = found.change === 'newly-dropped' ? 'before' : 'after';
  const dropping = allowing === 'before' ? 'after' : 'before';
  const answer = decidingAnswer(found[dropping].verdict.at);
  if (answer === undefined) return UNKNOWN_CHANGE;
  const place = (side: 'before' | 'after'): Place => {
    const evidence = found[side];
    const { policy } = worlds[side].timeline.phases[evidence.phase]!;
    const at = policy.interfaces.find(({ eni }) => eni.id === answer.eni);
    return { side, world: worlds[side], evidence, ...(at === undefined ? {} : { at }) };
  };
  const parting = { eni: answer.eni, changes, allows: place(allowing), drops: place(dropping) };
  return (
    causeOfHolder(parting, answer.code) ??
    causeOfOpeners(parting, answer) ??
    causeOfMemory(parting) ??
    UNKNOWN_CHANGE
  );
}

/** Nothing is known to be behind it. */
export const UNKNOWN_CHANGE: ChangeCause = {
  way: 'unknown',
  reason: 'no single change of the VPC was found behind it: see what each side says',
};

/** Another interface is asked, or it has other addresses. */
function causeOfHolder(parting: Parting, code: string): ChangeCause | undefined {
  const { eni, allows } = parting;
  const isAsked = allows.evidence.verdict.at.some(
    (answer) => answer.eni === eni && answer.verdict === 'allow',
  );
  if (isAsked && code !== 'source-dest-check') return undefined;
  const behind = parting.changes.ofSetting(eni, [
    ...(['source-dest-check', 'interface', 'addresses', 'mac'] as const),
    ...(['groups', 'type', 'vpc', 'subnet'] as const),
  ]);
  return behind === undefined
    ? undefined
    : {
        behind,
        way: 'interface',
        reason: `the interface that drops it, ${eni}, is another one, or filters on one side alone`,
      };
}

function causeOfOpeners(
  parting: Parting,
  answer: { readonly eni: string; readonly direction: 'ingress' | 'egress' },
): ChangeCause | undefined {
  for (const opener of openersOf(parting, answer)) {
    const cause = causeOfRules(parting, opener) ?? trackingChange(parting, opener);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

/** Packets that rules may have been asked about: what was denied, what opened the connection, the packet, and its mirror. */
function openersOf(
  { eni, allows, drops }: Parting,
  answer: { readonly eni: string; readonly direction: 'ingress' | 'egress' },
): Opener[] {
  const { content } = drops.evidence.packet;
  if (content.kind !== 'ip') return [];
  const asked = openerOf(drops.evidence, answer);
  const remembered = [allows, drops].flatMap(({ evidence }): Opener[] => {
    const memory = evidence.memories[evidence.verdict.at.findIndex((each) => each.eni === eni)];
    if (memory === undefined || memory.kind === 'first-fragment') return [];
    return [{ packet: openingPacket(memory), direction: memory.original }];
  });
  const mirror: IpPacket = { ...asked.packet, ...swapped(asked.packet) };
  return [asked, ...remembered, { packet: mirror, direction: opposite(asked.direction) }];
}

/** A rule allows the opener on one side, and none on the other. */
function causeOfRules(parting: Parting, { packet, direction }: Opener): ChangeCause | undefined {
  const matchingAt = ({ world, evidence, at }: Place) =>
    at?.set === undefined
      ? []
      : matchingRules(world.timeline.phases[evidence.phase]!.policy, at.set, direction, packet);
  const allowing = matchingAt(parting.allows);
  if (allowing.length === 0 || matchingAt(parting.drops).length > 0) return undefined;
  const named = parting.allows.evidence.verdict.at.find(({ eni }) => eni === parting.eni)?.rule;
  const rule = allowing.find((each) => each.rule.id === named) ?? allowing[0]!;
  return lossOfRule(parting, rule, packet);
}

/** What was remembered for longer, or for less long. */
function causeOfMemory({ changes, eni }: Parting): ChangeCause | undefined {
  const behind = changes.ofSetting(eni, ['idle-limits', 'instance']);
  if (behind === undefined) return undefined;
  return { behind, way: 'memory', reason: `${eni} remembers flows for another time` };
}

/** Interfaces that were asked or hold an address are what filtering and judging at all hang on. */
function causeOfOther(
  worlds: TwoWorlds,
  changes: ChangeIndex,
  { before, after }: ChangedCase,
): ChangeCause {
  const holders = (['before', 'after'] as const).flatMap((side) => {
    const { phase, packet, verdict } = side === 'before' ? before : after;
    const { interfaces } = worlds[side].timeline.phases[phase]!.description;
    const { content } = packet;
    const asked = verdict.at.map(({ eni }) => eni);
    if (content.kind !== 'ip') return asked;
    const { source, destination } = content.ip;
    return [
      ...asked,
      ...interfaces
        .filter((eni) => hasPrivateAddress(eni, source) || hasPrivateAddress(eni, destination))
        .map(({ id }) => id),
    ];
  });
  for (const kind of HOLDING) {
    for (const eni of [...new Set(holders)].sort()) {
      const behind = changes.ofSetting(eni, [kind]);
      if (behind === undefined) continue;
      const reason = `${eni} is asked on one side alone, or is another one`;
      return { behind, way: 'interface', reason };
    }
  }
  return UNKNOWN_CHANGE;
}

/** What tells who is asked, and whether it filters. */
const HOLDING = ['interface', 'addresses', 'groups', 'subnet', 'vpc', 'mac', 'type'] as const;
