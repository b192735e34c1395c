import * as z from 'zod/mini';
import type { Collected } from './collected.js';
import { shown } from './faults.js';
import { fail, inside, placeText, type Place } from './place.js';
import { optionalText, readShape } from './shape.js';

/** Reads one entry of describe-transit-gateways. Gateways pass group references on only when told to (SG-14). */
export function readTransitGateway(value: unknown, place: Place, into: Collected): void {
  const gateway = readShape(GATEWAY, value, place);
  if (gateway === undefined) return;
  into.transitGateways.push({
    id: gateway.TransitGatewayId,
    state: gateway.State ?? 'available',
    groupReferences: readSupport(gateway.Options, 'disable', place),
    place: placeText(place),
  });
}

/** Reads one entry of describe-transit-gateway-vpc-attachments. Attachments pass references on unless told not to. */
export function readTransitAttachment(value: unknown, place: Place, into: Collected): void {
  const attachment = readShape(ATTACHMENT, value, place);
  if (attachment === undefined) return;
  into.transitAttachments.push({
    transitGatewayId: attachment.TransitGatewayId,
    vpcId: attachment.VpcId,
    state: attachment.State ?? 'available',
    groupReferences: readSupport(attachment.Options, 'enable', place),
    place: placeText(place),
  });
}

const OPTIONS = z.nullish(z.object({ SecurityGroupReferencingSupport: optionalText }));

const GATEWAY = z.object({ TransitGatewayId: z.string(), State: optionalText, Options: OPTIONS });

const ATTACHMENT = z.object({
  TransitGatewayId: z.string(),
  VpcId: z.string(),
  State: optionalText,
  Options: OPTIONS,
});

function readSupport(
  options: z.output<typeof OPTIONS>,
  unset: 'enable' | 'disable',
  place: Place,
): boolean {
  const key = 'SecurityGroupReferencingSupport';
  const support = options?.[key] ?? unset;
  if (support !== 'enable' && support !== 'disable') {
    const fact = `${shown(support)} is neither enable nor disable`;
    fail(inside(inside(place, 'Options'), key), 'option', fact, 'correct it');
  }
  return support === 'enable';
}
