import { formatAddress, formatPrefix } from '../model/address.js';
import type { SettingChange, SettingKind } from '../model/vpc-change.js';
import type { NetworkInterface, VpcDescription } from '../model/vpc.js';
import { blockTexts } from './address-blocks.js';
import type { ResolvedInterface, ResolvedPolicy } from './resolve.js';

/** What one side of a comparison says of something. */
interface Fact {
  readonly kind: SettingKind;
  readonly subject: string;
  readonly name?: string;
  readonly value: string;
}

/** A VPC description and what became of it. */
export interface ResolvedVpc {
  readonly description: VpcDescription;
  readonly policy: ResolvedPolicy;
}

/** What differs between two VPCs, but for the rules of groups; in document order of the first, then what is new. */
export function settingChanges(before: ResolvedVpc, after: ResolvedVpc): SettingChange[] {
  const [old, fresh] = [indexFacts(before), indexFacts(after)];
  const keys = new Set([...old.keys(), ...fresh.keys()]);
  return [...keys].flatMap((key): SettingChange[] => {
    const [one, other] = [old.get(key), fresh.get(key)];
    if (one?.value === other?.value) return [];
    const { kind, subject, name } = (other ?? one)!;
    if (PARTS.has(kind) && (one === undefined || other === undefined)) return [];
    return [
      {
        ...{ kind, subject },
        ...(name === undefined || name === subject ? {} : { name }),
        ...(one === undefined ? {} : { before: one.value }),
        ...(other === undefined ? {} : { after: other.value }),
      },
    ];
  });
}

/** What comes and goes with an interface, or with a rule, is no change of its own. */
const PARTS: ReadonlySet<SettingKind> = new Set([
  'reference',
  ...(['groups', 'addresses', 'source-dest-check', 'idle-limits'] as const),
  ...(['mac', 'type', 'instance', 'subnet', 'vpc'] as const),
]);

/** The first of several things with one id counts, as in resolving. */
function indexFacts(vpc: ResolvedVpc): ReadonlyMap<string, Fact> {
  const facts = new Map<string, Fact>();
  for (const fact of factsOf(vpc)) {
    const key = JSON.stringify([fact.kind, fact.subject]);
    const known = facts.get(key);
    if (known === undefined) facts.set(key, fact);
    else if (SEVERAL.has(fact.kind))
      facts.set(key, { ...known, value: `${known.value}; ${fact.value}` });
  }
  return facts;
}

/** Of these, all with one id count. */
const SEVERAL: ReadonlySet<SettingKind> = new Set([
  ...(['path', 'peering', 'association', 'transit-attachment'] as const),
]);

function factsOf({ description, policy }: ResolvedVpc): Fact[] {
  const { groups, prefixLists, peerings, associations, transitAttachments, paths } = description;
  return [
    ...groups.map(({ id, name }): Fact => ({ kind: 'group', subject: id, name, value: id })),
    ...policy.interfaces.flatMap(interfaceFacts),
    ...elsewhere(description, policy),
    ...prefixLists.map(({ id, name, entries }): Fact => {
      const value = entries === undefined ? 'not loaded' : listOf(blockTexts(entries));
      return { kind: 'prefix-list', subject: id, name, value };
    }),
    ...policy.rules.flatMap(({ rule, problem, overTransit }): Fact[] => {
      if (rule.peer.kind !== 'group') return [];
      const subject = `${rule.groupId} ${rule.direction} ${rule.peer.groupId}`;
      const value = problem ?? (overTransit === true ? 'over a transit gateway' : 'reached');
      return [{ kind: 'reference', subject, value }];
    }),
    ...peerings.map(({ id, status, requester, accepter }): Fact => {
      const ends = [requester, accepter].map(({ vpcId, region = '' }) =>
        `${vpcId} ${region}`.trim(),
      );
      return { kind: 'peering', subject: id, value: `${status}, ${ends.sort().join(' and ')}` };
    }),
    ...associations.map(({ groupId, vpcId, state }): Fact => ({
      ...{ kind: 'association', subject: `${groupId} with ${vpcId}`, value: state },
    })),
    ...transitAttachments.map((attachment): Fact => {
      const { transitGatewayId, vpcId, state, groupReferences } = attachment;
      const { gatewayGroupReferences, gatewayState } = attachment;
      const value = [
        state,
        `group references ${onOff(groupReferences)}`,
        `at the gateway ${onOff(gatewayGroupReferences)}`,
        ...(gatewayState === undefined ? [] : [`gateway ${gatewayState}`]),
      ].join(', ');
      return { kind: 'transit-attachment', subject: `${transitGatewayId} to ${vpcId}`, value };
    }),
    ...paths.map(({ prefix, via }): Fact => ({
      ...{ kind: 'path', subject: formatPrefix(prefix), value: via },
    })),
  ];
}

const onOff = (value: boolean | undefined): string =>
  value === undefined ? 'unknown' : value ? 'on' : 'off';

function interfaceFacts({
  eni,
  idleSeconds,
  subnetPrefixes,
  primaryVpcPrefix,
}: ResolvedInterface): Fact[] {
  const { tcpEstablished, udp, udpStream } = idleSeconds;
  const fact = (kind: SettingKind, value: string): Fact => ({
    ...{ kind, subject: eni.id, value },
    ...(eni.name === undefined ? {} : { name: eni.name }),
  });
  return [
    ...sharedFacts(eni),
    fact('source-dest-check', onOff(eni.sourceDestCheck)),
    fact('idle-limits', `tcp ${tcpEstablished} s, udp ${udp} s, udp stream ${udpStream} s`),
    fact('mac', eni.mac ?? 'none'),
    fact('type', eni.type),
    fact('instance', eni.instanceId ?? 'none'),
    fact('subnet', listOf(subnetPrefixes.map(formatPrefix).sort())),
    fact(
      'vpc',
      [eni.vpcId, ...(primaryVpcPrefix ? [formatPrefix(primaryVpcPrefix)] : [])].join(' '),
    ),
  ];
}

/** Interfaces of other VPCs than the one whose packets are judged: they are members of groups all the same. */
function elsewhere({ interfaces }: VpcDescription, policy: ResolvedPolicy): Fact[] {
  const seen = new Set(policy.interfaces.map(({ eni }) => eni.id));
  return interfaces.filter(({ id }) => !seen.has(id)).flatMap(sharedFacts);
}

function sharedFacts({ id, name, groupIds, addresses, delegated }: NetworkInterface): Fact[] {
  const own = { subject: id, ...(name === undefined ? {} : { name }) };
  const held = [...addresses.map(formatAddress), ...delegated.map(formatPrefix)];
  const groups = listOf([...new Set(groupIds)].sort());
  return [
    { kind: 'interface', ...own, value: 'there' },
    { kind: 'groups', ...own, value: groups },
    { kind: 'addresses', ...own, value: listOf([...new Set(held)].sort()) },
  ];
}

const listOf = (texts: readonly string[]): string =>
  texts.length === 0 ? 'none' : texts.join(', ');
