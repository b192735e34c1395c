import { ruleIdentity } from '../model/rule-identity.js';
import type { Direction, Rule, SecurityGroup } from '../model/security-group.js';
import { readPermissions } from './aws-security-groups.js';
import { noFaults } from './faults.js';
import { isRecord } from './shape.js';
import { permissionOf } from './write-rule.js';

type Json = Readonly<Record<string, unknown>>;

const KEYS = { ingress: 'IpPermissions', egress: 'IpPermissionsEgress' } as const;
const DIRECTIONS = ['ingress', 'egress'] as const;
const PEER_LISTS = ['IpRanges', 'Ipv6Ranges', 'PrefixListIds', 'UserIdGroupPairs'] as const;

/** A group as describe-security-groups prints it. */
export function groupEntryOf(group: SecurityGroup): Json {
  const { id, name, vpcId, ownerId, description = '' } = group;
  const empty = { IpPermissions: [], IpPermissionsEgress: [] };
  const entry = {
    GroupId: id,
    ...{ GroupName: name, Description: description, VpcId: vpcId },
    ...(ownerId === undefined ? {} : { OwnerId: ownerId }),
    ...empty,
  };
  return withRules(entry, group.rules);
}

/** The entry of a group with these rules: what it says of rules that stay is kept as it stands. */
export function withRules(entry: Json, rules: readonly Rule[]): Json {
  const changed: Record<string, unknown> = { ...entry };
  for (const direction of DIRECTIONS) {
    const key = KEYS[direction];
    const wanted = new Map(
      rules
        .filter((rule) => rule.direction === direction)
        .map((rule) => [ruleIdentity(rule), rule]),
    );
    const kept = listOf(entry[key]).flatMap((permission) => {
      const left = keepPeers(permission, String(entry.GroupId), direction, wanted);
      return left === undefined ? [] : [left];
    });
    for (const rule of wanted.values()) addPermission(kept, permissionOf(rule));
    if (entry[key] !== undefined || kept.length > 0) changed[key] = kept;
  }
  return changed;
}

/** A permission with those of its peers that are wanted, which are then no longer; undefined when none is left. */
function keepPeers(
  permission: Json,
  groupId: string,
  direction: Direction,
  wanted: Map<string, Rule>,
): Json | undefined {
  const bare: Record<string, unknown> = { ...permission };
  for (const list of PEER_LISTS) if (list in bare) bare[list] = [];
  const left = { ...bare };
  let count = 0;
  for (const list of PEER_LISTS) {
    const peers = listOf(permission[list]).filter((peer) => {
      const place = { file: '', path: '', faults: noFaults() };
      const alone = [{ ...bare, [list]: [peer] }];
      const [rule] = readPermissions(alone, place, { groupId, direction });
      return rule !== undefined && wanted.delete(ruleIdentity(rule));
    });
    if (list in left) left[list] = peers;
    count += peers.length;
  }
  return count === 0 ? undefined : left;
}

/** Beside others of the same protocol and ports, as AWS tells them. */
function addPermission(permissions: Json[], added: Json): void {
  const same = permissions.findIndex((one) =>
    ['IpProtocol', 'FromPort', 'ToPort'].every((key) => one[key] === added[key]),
  );
  if (same < 0) {
    permissions.push(added);
    return;
  }
  const found = permissions[same]!;
  const list = PEER_LISTS.find((key) => listOf(added[key]).length > 0)!;
  permissions[same] = { ...found, [list]: [...listOf(found[list]), ...listOf(added[list])] };
}

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);
