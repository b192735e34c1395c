import * as z from 'zod/mini';
import type { Prefix } from '../model/address.js';
import { readPrefix } from './cidr.js';
import type { Collected } from './collected.js';
import { hasIdForm } from './id-form.js';
import { fail, inside, placeText, type Place } from './place.js';
import { readList, readMembers, readShape, isRecord, type Member } from './shape.js';
import { readShortAssociations } from './short-associations.js';
import { readShortGroup } from './short-groups.js';
import { readShortInterface } from './short-interfaces.js';
import { readShortPath } from './short-paths.js';
import { readShortTransitGateway } from './short-transit-gateways.js';

/**
 * Reads a VPC in the short form that people write by hand: the keys of `TOP`, members named by their ids, rules in
 * the notation of `parseRule`. Everything belongs to `vpc` unless it names another.
 */
export function readShortYaml(value: unknown, place: Place, into: Collected): void {
  if (!isRecord(value) || !KEYS.some((key) => Object.hasOwn(value, key))) {
    const fact = 'holds neither a VPC in the short form nor AWS resources';
    fail({ ...place, path: '' }, 'not-vpc', fact, `write at least one of ${KEYS.join(', ')}`);
    return;
  }
  const top = readShape(TOP, value, place);
  const vpcId = top?.vpc ?? 'vpc-main';
  if (value['cidrs'] !== undefined && value['cidrs'] !== null) {
    const at = inside(place, 'cidrs');
    into.vpcs.push({ id: vpcId, prefixes: readPrefixes(value['cidrs'], at), place: placeText(at) });
  }
  const section = (key: string, prefix: string): readonly Member[] =>
    readMembers(value[key], inside(place, key)).filter((member) =>
      hasIdForm(member.key, prefix, member.place),
    );
  for (const { key: id, value: cidrs, place: at } of section('subnets', 'subnet-')) {
    into.subnets.push({ id, vpcId, prefixes: readPrefixes(cidrs, at), place: placeText(at) });
  }
  for (const member of section('groups', 'sg-')) readShortGroup(member, vpcId, into);
  for (const member of section('interfaces', 'eni-')) readShortInterface(member, vpcId, into);
  for (const { key: id, value: cidrs, place: at } of section('prefix-lists', 'pl-')) {
    const entries = cidrs === null ? {} : { entries: readPrefixes(cidrs, at) };
    into.prefixLists.push({ id, name: id, ...entries, place: placeText(at) });
  }
  for (const member of section('peerings', 'pcx-')) readShortPeering(member, into);
  for (const member of section('transit-gateways', 'tgw-')) {
    readShortTransitGateway(member, into);
  }
  for (const member of section('associations', 'sg-')) readShortAssociations(member, into);
  for (const item of readList(value['paths'], inside(place, 'paths'))) readShortPath(item, into);
}

const KEYS = [
  'vpc',
  'cidrs',
  'subnets',
  'groups',
  'interfaces',
  'prefix-lists',
  'peerings',
  'transit-gateways',
  'associations',
  'paths',
];

// Everything but `vpc` is read member by member, so that one fault does not hide the next.
const LATER = z.optional(z.unknown());
const TOP = z.strictObject({
  vpc: z.optional(z.string()),
  cidrs: LATER,
  subnets: LATER,
  groups: LATER,
  interfaces: LATER,
  'prefix-lists': LATER,
  peerings: LATER,
  'transit-gateways': LATER,
  associations: LATER,
  paths: LATER,
});

const PEERING = z.strictObject({ between: LATER, status: z.optional(z.string()) });

function readPrefixes(value: unknown, place: Place): readonly Prefix[] {
  return readList(value, place).flatMap((item) => {
    const text = readShape(z.string(), item.value, item.place);
    return text === undefined ? [] : (readPrefix(text, item.place) ?? []);
  });
}

function readShortPeering({ key: id, value, place }: Member, into: Collected): void {
  const peering = readShape(PEERING, value, place);
  if (peering === undefined) return;
  const at = inside(place, 'between');
  const sides = readList(peering.between, at).map((item) =>
    readShape(z.string(), item.value, item.place),
  );
  const [requester, accepter] = sides;
  if (sides.length !== 2) {
    fail(at, 'peering', 'a peering is between two VPCs', 'write it like [vpc-1, vpc-2]');
  } else if (requester !== undefined && accepter !== undefined) {
    into.peerings.push({
      id,
      status: peering.status ?? 'active',
      requester: { vpcId: requester },
      accepter: { vpcId: accepter },
      place: placeText(place),
    });
  }
}
