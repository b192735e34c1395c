import type { TransitAttachment } from '../model/vpc.js';
import type { Collected } from './collected.js';
import { dropCopies } from './duplicates.js';
import type { Faults } from './faults.js';

/** Attachments with what the documents tell of their gateways (SG-14). */
export function joinTransit(collected: Collected, faults: Faults): readonly TransitAttachment[] {
  const gateways = dropCopies(collected.transitGateways, faults);
  const byId = new Map(gateways.map((gateway) => [gateway.id, gateway]));
  return collected.transitAttachments.map((attachment) => {
    const gateway = byId.get(attachment.transitGatewayId);
    if (gateway === undefined) return attachment;
    const { state: gatewayState, groupReferences: gatewayGroupReferences } = gateway;
    return { ...attachment, gatewayState, gatewayGroupReferences };
  });
}
