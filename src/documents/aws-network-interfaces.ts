import * as z from 'zod/mini';
import type { Address, Prefix } from '../model/address.js';
import { readAddress, readPrefix } from './cidr.js';
import type { Collected } from './collected.js';
import { readIdleSeconds } from './idle-seconds.js';
import { readMac } from './mac.js';
import { inside, placeText, type Place } from './place.js';
import { publicAddresses, readAssociated } from './public-addresses.js';
import {
  memberOf,
  optionalFlag,
  optionalNumber,
  optionalText,
  readList,
  readShape,
  textOf,
} from './shape.js';
import { uniqueBy } from './unique.js';
import { readZone } from './zone.js';

/** Reads one entry of describe-network-interfaces, or of an instance when `instanceId` is given. */
export function readNetworkInterface(
  value: unknown,
  place: Place,
  into: Collected,
  instanceId?: string,
): void {
  const eni = readShape(INTERFACE, value, place);
  const addresses = readAddresses(value, place);
  const delegated = readDelegated(value, place);
  const groupIds = readGroupIds(value, place);
  if (eni === undefined) return;
  const idle = inside(place, 'ConnectionTrackingConfiguration');
  const mac = eni.MacAddress ? readMac(eni.MacAddress, inside(place, 'MacAddress')) : undefined;
  const name = nameTag(memberOf(value, 'TagSet'));
  const instance = instanceId ?? eni.Attachment?.InstanceId ?? undefined;
  const deviceIndex = eni.Attachment?.DeviceIndex ?? undefined;
  const list = instanceId === undefined ? into.interfaces : into.instanceInterfaces;
  list.push({
    id: eni.NetworkInterfaceId,
    vpcId: eni.VpcId,
    ...(typeof eni.SubnetId === 'string' ? { subnetId: eni.SubnetId } : {}),
    type: eni.InterfaceType ?? 'interface',
    ...(name === undefined ? {} : { name }),
    ...(typeof eni.OwnerId === 'string' ? { ownerId: eni.OwnerId } : {}),
    ...(instance === undefined ? {} : { instanceId: instance }),
    ...(deviceIndex === undefined ? {} : { deviceIndex }),
    ...readZone(value),
    ...(mac === undefined ? {} : { mac }),
    addresses,
    ...publicAddresses(readPublicAddresses(value, place)),
    delegated,
    groupIds,
    sourceDestCheck: eni.SourceDestCheck ?? true,
    requesterManaged: eni.RequesterManaged ?? false,
    idleSeconds: readIdleSeconds(eni.ConnectionTrackingConfiguration, 'aws', idle),
    place: placeText(place),
  });
}

/** The value of the Name tag, if there is one. */
export function nameTag(tags: unknown): string | undefined {
  if (!Array.isArray(tags)) return undefined;
  const tag: unknown = tags.find((entry) => textOf(entry, 'Key') === 'Name');
  const name = textOf(tag, 'Value');
  return name === '' ? undefined : name;
}

const INTERFACE = z.object({
  NetworkInterfaceId: z.string(),
  VpcId: z.string(),
  SubnetId: optionalText,
  InterfaceType: optionalText,
  OwnerId: optionalText,
  MacAddress: optionalText,
  SourceDestCheck: optionalFlag,
  RequesterManaged: optionalFlag,
  Attachment: z.nullish(z.object({ InstanceId: optionalText, DeviceIndex: optionalNumber })),
  ConnectionTrackingConfiguration: z.nullish(
    z.object({
      TcpEstablishedTimeout: optionalNumber,
      UdpTimeout: optionalNumber,
      UdpStreamTimeout: optionalNumber,
    }),
  ),
});

const IPV4 = z.object({ PrivateIpAddress: z.string(), Primary: optionalFlag });
const IPV6 = z.object({ Ipv6Address: z.string() });
const IPV4_PREFIX = z.object({ Ipv4Prefix: z.string() });
const IPV6_PREFIX = z.object({ Ipv6Prefix: z.string() });
const GROUP = z.object({ GroupId: z.string() });

/** Primary IPv4 first, then secondary IPv4, then IPv6 (NI-2). */
function readAddresses(eni: unknown, place: Place): readonly Address[] {
  const listed = shapesOf(eni, 'PrivateIpAddresses', IPV4, place);
  const primary = listed.filter(({ shape }) => shape.Primary === true);
  const secondary = listed.filter(({ shape }) => shape.Primary !== true);
  const single = textOf(eni, 'PrivateIpAddress');
  const ipv4 = [...primary, ...secondary].map(({ shape, place: at }) =>
    readAddress(shape.PrivateIpAddress, inside(at, 'PrivateIpAddress'), 4),
  );
  if (listed.length === 0 && single !== undefined) {
    ipv4.push(readAddress(single, inside(place, 'PrivateIpAddress'), 4));
  }
  const ipv6 = shapesOf(eni, 'Ipv6Addresses', IPV6, place).map(({ shape, place: at }) =>
    readAddress(shape.Ipv6Address, inside(at, 'Ipv6Address'), 6),
  );
  const all = [...ipv4, ...ipv6].filter((address) => address !== undefined);
  return uniqueBy(all, ({ family, value }) => `${family} ${value}`);
}

/** Of the interface itself and of each private address (SG-10). */
function readPublicAddresses(eni: unknown, place: Place): readonly Address[] {
  const key = 'PrivateIpAddresses';
  const listed = memberOf(eni, key);
  const items = Array.isArray(listed) ? readList(listed, inside(place, key)) : [];
  return [
    ...readAssociated(eni, place),
    ...items.flatMap((item) => readAssociated(item.value, item.place)),
  ];
}

function readDelegated(eni: unknown, place: Place): readonly Prefix[] {
  return [
    ...shapesOf(eni, 'Ipv4Prefixes', IPV4_PREFIX, place).map(({ shape, place: at }) =>
      readPrefix(shape.Ipv4Prefix, inside(at, 'Ipv4Prefix'), 4),
    ),
    ...shapesOf(eni, 'Ipv6Prefixes', IPV6_PREFIX, place).map(({ shape, place: at }) =>
      readPrefix(shape.Ipv6Prefix, inside(at, 'Ipv6Prefix'), 6),
    ),
  ].filter((prefix) => prefix !== undefined);
}

function readGroupIds(eni: unknown, place: Place): readonly string[] {
  const ids = shapesOf(eni, 'Groups', GROUP, place).map(({ shape }) => shape.GroupId);
  return [...new Set(ids)];
}

function shapesOf<S extends z.ZodMiniType>(
  value: unknown,
  key: string,
  schema: S,
  place: Place,
): readonly { readonly shape: z.output<S>; readonly place: Place }[] {
  return readList(memberOf(value, key), inside(place, key)).flatMap((item) => {
    const shape = readShape(schema, item.value, item.place);
    return shape === undefined ? [] : [{ shape, place: item.place }];
  });
}
