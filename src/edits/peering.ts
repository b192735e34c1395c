import type { Edit } from '../model/edit.js';
import type { Rule } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { refuse, type Applied } from './refusal.js';

/** Gives a peering another status, also in the rules that name the peering (SG-13, SG-19). */
export function setPeering(
  description: VpcDescription,
  { peeringId, status }: Extract<Edit, { kind: 'set-peering' }>,
): Applied {
  if (!description.peerings.some(({ id }) => id === peeringId)) {
    const message = `The vpcPeeringConnection ID '${peeringId}' does not exist`;
    return refuse('InvalidVpcPeeringConnectionID.NotFound', message);
  }
  if (!STATUSES.has(status)) {
    return refuse('InvalidParameterValue', `Value (${status}) for peering status is invalid.`);
  }
  // What AWS listed as stale was so by the old status.
  const update = (rule: Rule): Rule =>
    rule.peer.kind === 'group' && rule.peer.peeringId === peeringId
      ? { ...rule, peer: { ...rule.peer, peeringStatus: status, stale: false } }
      : rule;
  return {
    description: {
      ...description,
      peerings: description.peerings.map((peering) =>
        peering.id === peeringId ? { ...peering, status } : peering,
      ),
      groups: description.groups.map((group) => ({ ...group, rules: group.rules.map(update) })),
    },
  };
}

const STATUSES: ReadonlySet<string> = new Set([
  'initiating-request',
  'pending-acceptance',
  'provisioning',
  'active',
  'deleting',
  'deleted',
  'rejected',
  'failed',
  'expired',
]);
