import * as z from 'zod/mini';
import type { Collected } from './collected.js';
import { placeText, type Place } from './place.js';
import { optionalText, readShape } from './shape.js';

/** Reads one entry of describe-security-group-vpc-associations (SG-15). */
export function readAssociation(value: unknown, place: Place, into: Collected): void {
  const association = readShape(ASSOCIATION, value, place);
  if (association === undefined) return;
  const { GroupId: groupId, VpcId: vpcId, State: state } = association;
  into.associations.push({ groupId, vpcId, state, place: placeText(place) });
}

// The account of the VPC tells nothing that verdicts rest on.
const ASSOCIATION = z.object({
  GroupId: z.string(),
  VpcId: z.string(),
  VpcOwnerId: optionalText,
  State: z.string(),
});
