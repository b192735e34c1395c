import * as z from 'zod/mini';
import type { Collected } from './collected.js';
import { placeText } from './place.js';
import { readList, readShape, type Member } from './shape.js';

/** Reads one member of `associations`: the further VPCs in which a group may be used (SG-15). */
export function readShortAssociations(
  { key: groupId, value, place }: Member,
  into: Collected,
): void {
  for (const item of readList(value, place)) {
    const named = typeof item.value === 'string' ? { vpc: item.value } : item.value;
    const association = readShape(ASSOCIATION, named, item.place);
    if (association === undefined) continue;
    const { vpc: vpcId, state = 'associated' } = association;
    into.associations.push({ groupId, vpcId, state, place: placeText(item.place) });
  }
}

const ASSOCIATION = z.strictObject({ vpc: z.string(), state: z.optional(z.string()) });
