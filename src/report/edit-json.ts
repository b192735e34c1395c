import { formatAddress, formatPrefix } from '../model/address.js';
import type { RuleRequest } from '../model/edit.js';
import type { FixEdit } from '../model/explanation.js';
import { formatRule } from '../model/rule-text.js';
import type { Direction } from '../model/security-group.js';

/** One change for JSON, by the words of `--events` and the AWS CLI: every edit has all keys, null for what it does not have. */
export interface EditObject {
  readonly kind: FixEdit['kind'];
  /** Group, interface, instance, peering or prefix list. */
  readonly target: string;
  readonly direction: Direction | 'either' | null;
  readonly rules: readonly { readonly text: string; readonly description: string | null }[] | null;
  readonly ruleIds: readonly string[] | null;
  readonly groupIds: readonly string[] | null;
  readonly address: string | null;
  readonly status: string | null;
  readonly entries: readonly string[] | null;
  readonly limit: string | null;
  readonly seconds: number | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly vpcId: string | null;
}

export function editObject(edit: FixEdit): EditObject {
  switch (edit.kind) {
    case 'authorize':
      return withNulls({
        kind: edit.kind,
        target: edit.groupId,
        direction: edit.direction,
        rules: requests(edit.rules, edit.direction),
      });
    case 'revoke':
      return withNulls({
        kind: edit.kind,
        target: edit.groupId,
        direction: edit.direction,
        // rules of either direction are named by id alone
        rules: requests(edit.rules, edit.direction === 'egress' ? 'egress' : 'ingress'),
        ruleIds: edit.ruleIds,
      });
    case 'create-group': {
      const { kind, groupId: target, name, description, vpcId } = edit;
      return withNulls({ kind, target, name, description, vpcId });
    }
    case 'delete-group':
      return withNulls({ kind: edit.kind, target: edit.groupId });
    case 'set-groups':
      return withNulls({ kind: edit.kind, target: edit.target, groupIds: edit.groupIds });
    case 'attach-address':
    case 'detach-address':
    case 'move-address':
      return withNulls({
        kind: edit.kind,
        target: edit.target,
        address: formatAddress(edit.address),
      });
    case 'set-peering':
      return withNulls({ kind: edit.kind, target: edit.peeringId, status: edit.status });
    case 'set-prefix-list': {
      const { kind, prefixListId: target, entries } = edit;
      return withNulls({ kind, target, entries: entries.map(formatPrefix) });
    }
    case 'source-dest-check-off':
      return withNulls({ kind: edit.kind, target: edit.eni });
    case 'idle-limit':
      return withNulls({
        kind: edit.kind,
        target: edit.eni,
        limit: edit.limit,
        seconds: edit.seconds,
      });
  }
}

function withNulls(edit: Pick<EditObject, 'kind' | 'target'> & Partial<EditObject>): EditObject {
  return {
    kind: edit.kind,
    target: edit.target,
    direction: edit.direction ?? null,
    rules: edit.rules ?? null,
    ruleIds: edit.ruleIds ?? null,
    groupIds: edit.groupIds ?? null,
    address: edit.address ?? null,
    status: edit.status ?? null,
    entries: edit.entries ?? null,
    limit: edit.limit ?? null,
    seconds: edit.seconds ?? null,
    name: edit.name ?? null,
    description: edit.description ?? null,
    vpcId: edit.vpcId ?? null,
  };
}

function requests(rules: readonly RuleRequest[], direction: Direction) {
  return rules.map(({ traffic, peer, description }) => ({
    text: formatRule({ direction, traffic, peer }),
    description: description ?? null,
  }));
}
