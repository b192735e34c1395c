import { readAssociation } from './aws-associations.js';
import { readInstanceType } from './aws-instance-types.js';
import { readInstance, readReservation } from './aws-instances.js';
import { readNetworkInterface } from './aws-network-interfaces.js';
import { readPeering } from './aws-peerings.js';
import { readEntries, readPrefixList } from './aws-prefix-lists.js';
import { readSecurityGroup } from './aws-security-groups.js';
import { readSecurityGroupRule } from './aws-security-group-rules.js';
import { readStaleGroup } from './aws-stale-groups.js';
import { readTransitAttachment, readTransitGateway } from './aws-transit-gateways.js';
import { readSubnet, readVpc } from './aws-vpcs.js';
import type { Collected } from './collected.js';
import { cut } from './faults.js';
import { fail, inside, warn, type Place } from './place.js';
import { isRecord, readList, textOf } from './shape.js';

/**
 * Reads what the AWS CLI's describe commands print (IN-1): one answer, a list of answers, a bare resource, or
 * any of these inside the wrappers that collectors add. Documents are told apart by their keys.
 */
export function readAwsDocument(value: unknown, place: Place, into: Collected): void {
  const walk: Walk = { into, used: false, unusedKey: undefined, tooDeep: false };
  visit(value, place, walk, { depth: 0, loose: false });
  if (walk.tooDeep) {
    const fact = `nested deeper than ${DEEPEST} levels`;
    fail({ ...place, path: '' }, 'nesting', fact, 'give the output of the AWS CLI itself');
  } else if (!walk.used && walk.unusedKey !== undefined) {
    const fact = `${cut(walk.unusedKey)} have no part in the simulation`;
    warn(place, 'not-simulated', fact, 'leave the file out, or ignore this');
  } else if (!walk.used) {
    const fact = 'holds no security groups, interfaces or other known AWS resources';
    fail(
      place,
      'not-aws',
      fact,
      'give the output of `aws ec2 describe-security-groups` and the like',
    );
  }
}

/** Whether a document is an answer of the AWS CLI by one of its top keys, spelled as AWS does. */
export function isAwsAnswer(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).some((key) => AWS_KEYS.has(key));
}

interface Kind {
  /** Key of the list in the CLI's answer. */
  readonly list: string;
  /** Key that every resource of the kind has, and keys of which a bare one has at least one. */
  readonly id: string;
  readonly beside: readonly string[];
  readonly read: (value: unknown, place: Place, into: Collected) => void;
}

// A subnet has a VpcId and a CidrBlock too: it stands before the VPC.
const KINDS: readonly Kind[] = [
  {
    list: 'SecurityGroups',
    id: 'GroupId',
    beside: ['IpPermissions', 'IpPermissionsEgress'],
    read: readSecurityGroup,
  },
  {
    list: 'SecurityGroupRules',
    id: 'SecurityGroupRuleId',
    beside: ['IsEgress'],
    read: readSecurityGroupRule,
  },
  {
    list: 'NetworkInterfaces',
    id: 'NetworkInterfaceId',
    beside: ['MacAddress', 'PrivateIpAddress', 'PrivateIpAddresses', 'Groups'],
    read: readNetworkInterface,
  },
  { list: 'Reservations', id: 'ReservationId', beside: ['Instances'], read: readReservation },
  {
    list: 'Instances',
    id: 'InstanceId',
    beside: ['InstanceType', 'NetworkInterfaces'],
    read: readInstance,
  },
  { list: 'Subnets', id: 'SubnetId', beside: ['CidrBlock'], read: readSubnet },
  { list: 'Vpcs', id: 'VpcId', beside: ['CidrBlock'], read: readVpc },
  {
    list: 'VpcPeeringConnections',
    id: 'VpcPeeringConnectionId',
    beside: ['RequesterVpcInfo', 'AccepterVpcInfo'],
    read: readPeering,
  },
  {
    list: 'PrefixLists',
    id: 'PrefixListId',
    beside: ['PrefixListName', 'AddressFamily', 'Cidrs'],
    read: readPrefixList,
  },
  {
    list: 'TransitGatewayVpcAttachments',
    id: 'TransitGatewayAttachmentId',
    beside: ['VpcId'],
    read: readTransitAttachment,
  },
  {
    list: 'TransitGateways',
    id: 'TransitGatewayId',
    beside: ['TransitGatewayArn'],
    read: readTransitGateway,
  },
  {
    list: 'SecurityGroupVpcAssociations',
    id: 'GroupId',
    beside: ['VpcOwnerId'],
    read: readAssociation,
  },
  {
    list: 'StaleSecurityGroupSet',
    id: 'GroupId',
    beside: ['StaleIpPermissions', 'StaleIpPermissionsEgress'],
    read: readStaleGroup,
  },
  {
    list: 'InstanceTypes',
    id: 'InstanceType',
    beside: ['NetworkInfo'],
    read: readInstanceType,
  },
];

/** Answers that people keep beside the others and that no rule here looks at. */
const UNUSED = [
  'NetworkAcls',
  'RouteTables',
  'VpcEndpoints',
  'InternetGateways',
  'EgressOnlyInternetGateways',
  'NatGateways',
  'TransitGatewayAttachments',
  'TransitGatewayRouteTables',
  'VpnConnections',
  'VpnGateways',
  'CustomerGateways',
  'DhcpOptions',
  'FlowLogs',
  'Addresses',
  'KeyPairs',
  'LoadBalancers',
];

/** Some collectors write `security_groups` for `SecurityGroups`. */
const plain = (key: string): string => key.toLowerCase().replaceAll(/[_-]/g, '');

const KIND_OF = new Map(KINDS.map((kind) => [plain(kind.list), kind]));
const UNUSED_KEYS = new Set(UNUSED.map(plain));
const AWS_KEYS = new Set([...KINDS.map((kind) => kind.list), 'Entries', ...UNUSED]);

const DEEPEST = 32;

interface Walk {
  readonly into: Collected;
  used: boolean;
  unusedKey: string | undefined;
  tooDeep: boolean;
}

interface Level {
  readonly depth: number;
  /** Below a list that is not ours, where a known key may belong to something else. */
  readonly loose: boolean;
}

function visit(value: unknown, place: Place, walk: Walk, level: Level): void {
  if (typeof value !== 'object' || value === null) return;
  if (level.depth > DEEPEST) {
    walk.tooDeep = true;
    return;
  }
  const below = { ...level, depth: level.depth + 1 };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(item, inside(place, index), walk, below);
    return;
  }
  if (isRecord(value)) visitRecord(value, place, walk, below);
}

function visitRecord(
  record: Readonly<Record<string, unknown>>,
  place: Place,
  walk: Walk,
  below: Level,
): void {
  const bare = KINDS.find(
    (kind) =>
      Object.hasOwn(record, kind.id) && kind.beside.some((key) => Object.hasOwn(record, key)),
  );
  if (bare !== undefined) {
    walk.used = true;
    bare.read(record, place, walk.into);
    return;
  }
  for (const [key, value] of Object.entries(record)) {
    const at = inside(place, key);
    const kind = KIND_OF.get(plain(key));
    if (kind !== undefined && (!below.loose || holds(value, kind.id))) {
      walk.used = true;
      for (const item of readList(value, at)) kind.read(item.value, item.place, walk.into);
    } else if (key === 'Entries' && (!below.loose || holds(value, 'Cidr'))) {
      walk.used = true;
      readEntries(value, at, walk.into, textOf(record, 'PrefixListId'));
    } else if (UNUSED_KEYS.has(plain(key))) walk.unusedKey ??= key;
    else if (plain(key) === 'nexttoken') warnOfMore(value, at);
    else visit(value, at, walk, { ...below, loose: below.loose || Array.isArray(value) });
  }
}

/** Whether a list's first item has the key. */
function holds(list: unknown, key: string): boolean {
  if (!Array.isArray(list)) return false;
  const first: unknown = list[0];
  return isRecord(first) && Object.hasOwn(first, key);
}

function warnOfMore(token: unknown, place: Place): void {
  if (typeof token !== 'string' || token === '') return;
  const fact = 'the answer was cut off: more pages exist';
  warn(place, 'truncated', fact, 'fetch it without --max-items and --no-paginate');
}
