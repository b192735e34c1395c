import * as z from 'zod/mini';
import { nameTag, readNetworkInterface } from './aws-network-interfaces.js';
import type { Collected } from './collected.js';
import { inside, type Place } from './place.js';
import { readPublic } from './public-addresses.js';
import { memberOf, optionalText, readList, readShape } from './shape.js';

/** Reads one entry of describe-instances' Reservations. */
export function readReservation(value: unknown, place: Place, into: Collected): void {
  if (readShape(RESERVATION, value, place) === undefined) return;
  for (const item of readList(memberOf(value, 'Instances'), inside(place, 'Instances'))) {
    readInstance(item.value, item.place, into);
  }
}

/** Reads an instance for its name, type, public address and interfaces; groups count at the interfaces only (NI-1). */
export function readInstance(value: unknown, place: Place, into: Collected): void {
  const instance = readShape(INSTANCE, value, place);
  if (instance === undefined) return;
  const name = nameTag(memberOf(value, 'Tags'));
  if (name !== undefined) into.instanceNames.set(instance.InstanceId, name);
  if (typeof instance.InstanceType === 'string') {
    into.instanceTypes.set(instance.InstanceId, instance.InstanceType);
  }
  const [publicAddress] = readPublic(value, 'PublicIpAddress', place);
  if (publicAddress !== undefined) into.instanceAddresses.set(instance.InstanceId, publicAddress);
  const at = inside(place, 'NetworkInterfaces');
  for (const item of readList(memberOf(value, 'NetworkInterfaces'), at)) {
    readNetworkInterface(item.value, item.place, into, instance.InstanceId);
  }
}

const RESERVATION = z.object({});
const INSTANCE = z.object({ InstanceId: z.string(), InstanceType: optionalText });
