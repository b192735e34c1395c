import * as z from 'zod/mini';
import { formatPrefix, type Prefix } from '../model/address.js';
import { readPrefix } from './cidr.js';
import type { Collected } from './collected.js';
import { inside, placeText, type Place } from './place.js';
import { memberOf, optionalFlag, optionalText, readList, readShape } from './shape.js';
import { uniqueBy } from './unique.js';
import { readZone } from './zone.js';

/** Reads one entry of describe-vpcs; its primary IPv4 block comes first. */
export function readVpc(value: unknown, place: Place, into: Collected): void {
  const vpc = readShape(VPC, value, place);
  if (vpc === undefined) return;
  const prefixes = readBlocks(value, vpc.CidrBlock, place);
  into.vpcs.push({
    id: vpc.VpcId,
    prefixes,
    ...(vpc.IsDefault === true ? { isDefault: true } : {}),
    place: placeText(place),
  });
}

/** Reads one entry of describe-subnets. */
export function readSubnet(value: unknown, place: Place, into: Collected): void {
  const subnet = readShape(SUBNET, value, place);
  if (subnet === undefined) return;
  const prefixes = readBlocks(value, subnet.CidrBlock, place);
  const { SubnetId: id, VpcId: vpcId } = subnet;
  into.subnets.push({ id, vpcId, prefixes, ...readZone(value), place: placeText(place) });
}

const VPC = z.object({
  VpcId: z.string(),
  CidrBlock: optionalText,
  IsDefault: optionalFlag,
});
const SUBNET = z.object({ SubnetId: z.string(), VpcId: z.string(), CidrBlock: optionalText });

const STATE = z.nullish(z.object({ State: optionalText }));
const IPV4_BLOCK = z.object({ CidrBlock: z.string(), CidrBlockState: STATE });
const IPV6_BLOCK = z.object({ Ipv6CidrBlock: z.string(), Ipv6CidrBlockState: STATE });

function readBlocks(
  value: unknown,
  primary: string | null | undefined,
  place: Place,
): readonly Prefix[] {
  const found: (Prefix | undefined)[] = [];
  if (typeof primary === 'string') {
    found.push(readPrefix(primary, inside(place, 'CidrBlock'), 4));
  }
  const ipv4 = inside(place, 'CidrBlockAssociationSet');
  for (const item of readList(memberOf(value, 'CidrBlockAssociationSet'), ipv4)) {
    const block = readShape(IPV4_BLOCK, item.value, item.place);
    // The primary block is listed here again: reading it once keeps its faults from doubling.
    if (block === undefined || block.CidrBlock === primary) continue;
    if (!inUse(block.CidrBlockState?.State)) continue;
    found.push(readPrefix(block.CidrBlock, inside(item.place, 'CidrBlock'), 4));
  }
  const ipv6 = inside(place, 'Ipv6CidrBlockAssociationSet');
  for (const item of readList(memberOf(value, 'Ipv6CidrBlockAssociationSet'), ipv6)) {
    const block = readShape(IPV6_BLOCK, item.value, item.place);
    if (block === undefined || !inUse(block.Ipv6CidrBlockState?.State)) continue;
    found.push(readPrefix(block.Ipv6CidrBlock, inside(item.place, 'Ipv6CidrBlock'), 6));
  }
  const prefixes = found.filter((prefix) => prefix !== undefined);
  return uniqueBy(prefixes, formatPrefix);
}

/** Whether an association state (absent: always) means that the block belongs to the VPC. */
function inUse(state: string | null | undefined): boolean {
  return (state ?? 'associated') === 'associated' || state === 'associating';
}
