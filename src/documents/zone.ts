import type { Zone } from '../model/vpc.js';
import { textOf } from './shape.js';

/** The Availability Zone that an entry of an interface or a subnet tells; nothing where it tells none. */
export function readZone(value: unknown): { readonly zone?: Zone } {
  const name = textOf(value, 'AvailabilityZone');
  const id = textOf(value, 'AvailabilityZoneId');
  if (name === undefined && id === undefined) return {};
  return { zone: { ...(name !== undefined && { name }), ...(id !== undefined && { id }) } };
}
