import * as z from 'zod/mini';
import type { Address, Prefix } from '../model/address.js';
import { readAddress, readPrefix } from './cidr.js';
import type { Collected } from './collected.js';
import { readIdleSeconds } from './idle-seconds.js';
import { readMac } from './mac.js';
import { inside, placeText, type Place } from './place.js';
import { publicAddresses } from './public-addresses.js';
import { memberOf, readList, readShape, type Member } from './shape.js';
import { uniqueBy } from './unique.js';

/** Reads one member of `interfaces`. The first IPv4 address is the primary one (NI-2). */
export function readShortInterface(
  { key: id, value, place }: Member,
  vpcId: string,
  into: Collected,
): void {
  const eni = readShape(INTERFACE, value, place);
  const at = (key: string): Place => inside(place, key);
  const addresses = textsOf(value, 'addresses', place, readAddress);
  const reachedBy = textsOf(value, 'public', place, (text, item) => readAddress(text, item, 4));
  const delegated = textsOf<Prefix>(value, 'prefixes', place, readPrefix);
  const groupIds = textsOf(value, 'groups', place, (text) => text);
  const idleSeconds = readIdleSeconds(eni?.idleSeconds, 'name', at('idleSeconds'));
  const mac = eni?.mac === undefined ? undefined : readMac(eni.mac, at('mac'));
  if (eni === undefined) return;
  into.interfaces.push({
    id,
    vpcId: eni.vpc ?? vpcId,
    ...(eni.subnet === undefined ? {} : { subnetId: eni.subnet }),
    type: eni.type ?? 'interface',
    ...(eni.name === undefined ? {} : { name: eni.name }),
    ...(eni.owner === undefined ? {} : { ownerId: eni.owner }),
    ...(eni.instance === undefined ? {} : { instanceId: eni.instance }),
    ...(eni.instanceType === undefined ? {} : { instanceType: eni.instanceType }),
    ...(eni.deviceIndex === undefined ? {} : { deviceIndex: eni.deviceIndex }),
    ...(mac === undefined ? {} : { mac }),
    addresses: inOrder(addresses),
    ...publicAddresses(reachedBy),
    delegated,
    groupIds: [...new Set(groupIds)],
    sourceDestCheck: eni.sourceDestCheck ?? true,
    requesterManaged: false,
    idleSeconds,
    place: placeText(place),
  });
}

// The lists are read item by item, so that one fault does not hide the next.
const LATER = z.optional(z.unknown());
const INTERFACE = z.strictObject({
  addresses: LATER,
  public: LATER,
  prefixes: LATER,
  groups: LATER,
  vpc: z.optional(z.string()),
  subnet: z.optional(z.string()),
  type: z.optional(z.string()),
  name: z.optional(z.string()),
  owner: z.optional(z.string()),
  instance: z.optional(z.string()),
  instanceType: z.optional(z.string()),
  deviceIndex: z.optional(z.number()),
  mac: z.optional(z.string()),
  sourceDestCheck: z.optional(z.boolean()),
  idleSeconds: z.optional(
    z.strictObject({
      tcpEstablished: z.optional(z.number()),
      udp: z.optional(z.number()),
      udpStream: z.optional(z.number()),
    }),
  ),
});

function textsOf<T>(
  value: unknown,
  key: string,
  place: Place,
  read: (text: string, place: Place) => T | undefined,
): readonly T[] {
  return readList(memberOf(value, key), inside(place, key)).flatMap((item) => {
    const text = readShape(z.string(), item.value, item.place);
    const found = text === undefined ? undefined : read(text, item.place);
    return found === undefined ? [] : [found];
  });
}

function inOrder(addresses: readonly Address[]): readonly Address[] {
  const ofFamily = (family: 4 | 6): readonly Address[] =>
    addresses.filter((address) => address.family === family);
  return uniqueBy([...ofFamily(4), ...ofFamily(6)], ({ family, value }) => `${family} ${value}`);
}
