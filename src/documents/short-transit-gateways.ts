import * as z from 'zod/mini';
import type { Collected } from './collected.js';
import { inside, placeText } from './place.js';
import { readList, readShape, type Item, type Member } from './shape.js';

/** Reads one member of `transit-gateways`: what the gateway passes on, and the VPCs attached to it (SG-14). */
export function readShortTransitGateway({ key: id, value, place }: Member, into: Collected): void {
  const gateway = readShape(GATEWAY, value, place);
  if (gateway === undefined) return;
  const { state = 'available', groupReferences = false, vpcs } = gateway;
  into.transitGateways.push({ id, state, groupReferences, place: placeText(place) });
  for (const item of readList(vpcs, inside(place, 'vpcs'))) readAttachment(item, id, into);
}

const GATEWAY = z.strictObject({
  groupReferences: z.optional(z.boolean()),
  state: z.optional(z.string()),
  vpcs: z.optional(z.unknown()),
});

const ATTACHMENT = z.strictObject({
  vpc: z.string(),
  groupReferences: z.optional(z.boolean()),
  state: z.optional(z.string()),
});

/** A VPC's id, or a mapping that tells more of its attachment. */
function readAttachment({ value, place }: Item, transitGatewayId: string, into: Collected): void {
  const named = typeof value === 'string' ? { vpc: value } : value;
  const attachment = readShape(ATTACHMENT, named, place);
  if (attachment === undefined) return;
  const { vpc: vpcId, state = 'available', groupReferences = true } = attachment;
  into.transitAttachments.push({
    transitGatewayId,
    vpcId,
    state,
    groupReferences,
    place: placeText(place),
  });
}
