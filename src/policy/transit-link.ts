import type { Direction } from '../model/security-group.js';
import type { TransitAttachment } from '../model/vpc.js';
import type { Unmatched } from './rule-problem.js';

/** VPCs on transit gateways: gateway id to VPC to the best of its attachments. */
export type TransitGateways = ReadonlyMap<string, ReadonlyMap<string, TransitAttachment>>;

/** A deleted attachment may stand beside its successor: the one that passes most on counts. */
export function indexTransit(attachments: readonly TransitAttachment[]): TransitGateways {
  const gateways = new Map<string, Map<string, TransitAttachment>>();
  for (const attachment of attachments) {
    const { transitGatewayId, vpcId } = attachment;
    const byVpc = gateways.get(transitGatewayId) ?? new Map<string, TransitAttachment>();
    gateways.set(transitGatewayId, byVpc);
    const known = byVpc.get(vpcId);
    if (known === undefined || rank(attachment) > rank(known)) byVpc.set(vpcId, attachment);
  }
  return gateways;
}

const rank = ({ state, groupReferences }: TransitAttachment): number =>
  (state === 'available' ? 2 : 0) + (groupReferences ? 1 : 0);

/**
 * Whether a rule of a group in VPC `ours` may name a group in VPC `theirs` over a transit gateway that has both, and
 * if not, all that is off (SG-14, SG-19). Undefined when no gateway has both. A reference never crosses two gateways.
 */
export function transitLink(
  ours: string,
  theirs: string,
  direction: Direction,
  gateways: TransitGateways,
): 'linked' | Unmatched | undefined {
  let fault: Unmatched | undefined;
  for (const byVpc of gateways.values()) {
    const pair = [byVpc.get(ours), byVpc.get(theirs)] as const;
    const [one, other] = pair;
    if (one === undefined || other === undefined) continue;
    const found = gatewayFault(direction, one, other);
    if (found === undefined) return 'linked';
    fault ??= found;
  }
  return fault;
}

function gatewayFault(
  direction: Direction,
  one: TransitAttachment,
  other: TransitAttachment,
): Unmatched | undefined {
  const { transitGatewayId: id, gatewayState, gatewayGroupReferences } = one;
  if (direction === 'egress') {
    return {
      problem: 'egress-reference',
      fact: `egress rules cannot name groups over transit gateway ${id}`,
      fix: 'name a CIDR',
    };
  }
  const off: string[] = [];
  if ((gatewayState ?? 'available') !== 'available') off.push(`it is ${gatewayState!}`);
  if (gatewayGroupReferences === false) off.push('it does not pass group references on');
  for (const { vpcId, state, groupReferences } of [one, other]) {
    if (state !== 'available') off.push(`its attachment to ${vpcId} is ${state}`);
    if (!groupReferences) off.push(`its attachment to ${vpcId} does not pass group references on`);
  }
  if (off.length > 0) {
    return {
      problem: 'stale',
      fact: `transit gateway ${id} does not carry the reference: ${off.join(', ')}`,
      fix: 'remove the rule, or enable SecurityGroupReferencingSupport on the gateway and both attachments',
    };
  }
  if (gatewayGroupReferences !== undefined) return undefined;
  return {
    problem: 'unresolved',
    fact: `no document tells whether transit gateway ${id} passes group references on`,
    fix: 'add the output of `aws ec2 describe-transit-gateways`',
  };
}
