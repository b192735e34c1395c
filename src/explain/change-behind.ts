import { formatAddress } from '../model/address.js';
import type { IpPacket } from '../model/packet.js';
import type { Rule } from '../model/security-group.js';
import type { VpcChange } from '../model/vpc-change.js';
import type { ResolvedRule } from '../policy/resolve.js';
import type { ChangeCause, Parting, Place } from './parting.js';
import { nameRule } from './cause-words.js';
import { hasPrivateAddress } from './peer-identity.js';
import { remoteAddress } from './reference-exempt.js';
import { referTo } from './rule-reference.js';

/** Why a rule that allows an opener on one side does not on the other. */
export function lossOfRule(
  parting: Parting,
  { rule }: ResolvedRule,
  opener: IpPacket,
): ChangeCause | undefined {
  const { changes, allows, drops, eni } = parting;
  const name = nameOf(allows, rule);
  const isGone = allows.side === 'before';
  const { groups } = descriptionOf(drops);
  const isCarried = drops.at?.eni.groupIds.includes(rule.groupId) === true;
  if (!isCarried && groups.some(({ id }) => id === rule.groupId)) {
    const behind = changes.ofSetting(eni, ['groups', 'interface']);
    const reason = isGone
      ? `${eni} is no more in ${rule.groupId}, whose rule ${name} allowed it`
      : `${eni} is now in ${rule.groupId}, whose rule ${name} allows it`;
    if (behind !== undefined) return { behind, way: 'membership', reason };
  }
  const changed = changes.ofRule(allows.side, rule);
  if (changed !== undefined) {
    return {
      behind: changed,
      way: 'rule',
      reason: changedText(name, isGone, changes.changes[changed]!),
    };
  }
  return rule.peer.kind === 'cidr' ? undefined : lossOfPeer(parting, rule, name, opener);
}

function changedText(name: string, isGone: boolean, change: VpcChange): string {
  const others = change.kind === 'rules' ? change[isGone ? 'after' : 'before'].length : 0;
  if (isGone) {
    return others === 0
      ? `${name} allowed it, and is gone`
      : `${name} allowed it; what took its place does not`;
  }
  return others === 0
    ? `${name} is new, and allows it`
    : `${name} allows it; what stood in its place did not`;
}

/** The rule is on both sides, but its group or prefix list stands for other addresses. */
function lossOfPeer(
  { changes, allows, drops }: Parting,
  rule: Rule,
  name: string,
  opener: IpPacket,
): ChangeCause | undefined {
  const { peer, groupId, direction } = rule;
  const remote = remoteAddress(opener, direction);
  const address = formatAddress(remote);
  const isGone = allows.side === 'before';
  if (peer.kind === 'prefix-list') {
    const behind = changes.ofSetting(peer.prefixListId, ['prefix-list']);
    const reason = isGone
      ? `${name} allowed it, but ${peer.prefixListId} holds ${address} no more`
      : `${name} allows it, for ${peer.prefixListId} holds ${address} now`;
    return behind === undefined ? undefined : { behind, way: 'peer', reason };
  }
  if (peer.kind === 'cidr') return undefined;
  const reference = changes.ofSetting(`${groupId} ${direction} ${peer.groupId}`, ['reference']);
  if (reference !== undefined) {
    const link = changes.ofKind(LINKS);
    const reason = isGone
      ? `${name} allowed it, but reaches ${peer.groupId} no more`
      : `${name} allows it, for it reaches ${peer.groupId} now`;
    return { behind: link ?? reference, way: 'peer', reason };
  }
  const held = [allows, drops].flatMap((place) =>
    descriptionOf(place).interfaces.filter((eni) => hasPrivateAddress(eni, remote)),
  );
  for (const { id } of held) {
    const behind = changes.ofSetting(id, ['groups', 'addresses', 'interface']);
    if (behind === undefined) continue;
    const reason = isGone
      ? `${name} allowed it, but ${address} (${id}) is no more in ${peer.groupId}`
      : `${name} allows it, for ${address} (${id}) is in ${peer.groupId} now`;
    return { behind, way: 'peer', reason };
  }
  const path = changes.ofKind(['path']);
  if (path === undefined) return undefined;
  return {
    behind: path,
    way: 'peer',
    reason: `${name} reaches ${address} on one side alone, by the paths`,
  };
}

const LINKS = ['peering', 'association', 'transit-attachment'] as const;

/** `tcp/443 from 0.0.0.0/0 (sgr-1 in sg-web)` */
export function nameOf({ world, evidence }: Place, rule: Rule): string {
  return nameRule(referTo(world, evidence.phase, rule));
}

function descriptionOf({ world, evidence }: Place) {
  return world.timeline.phases[evidence.phase]!.description;
}
