import { formatPrefix } from '../model/address.js';
import type { Edit, RuleRequest } from '../model/edit.js';
import type { FixEdit } from '../model/explanation.js';
import { ICMPV6, protocolName } from '../model/protocol.js';
import type { Direction, Peer, Traffic } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';

/**
 * The AWS CLI calls that make the edits, in their order, quoted for a POSIX shell. Edits that no fix consists of have none.
 * `description` tells the direction of rules that are revoked by id.
 */
export function commandsOf(edits: readonly FixEdit[], description: VpcDescription): string[] {
  const commands = edits.flatMap((edit) => wordsOf(edit, description));
  return commands.some(readsFile) ? [] : commands.map(shellLine);
}

/** One call of `aws ec2` by its words; none when it cannot be written. */
export function shellCommand(words: readonly Word[]): string[] {
  return readsFile(words) ? [] : [shellLine(words)];
}

/** The AWS CLI would put the content of a file in the place of such a value: nothing tells it not to. */
function readsFile(words: readonly Word[]): boolean {
  return words.some((word) => typeof word !== 'string' && /^(?:fileb?|https?):\/\//.test(word[1]));
}

function wordsOf(edit: FixEdit, description: VpcDescription): Word[][] {
  if (edit.kind === 'authorize') {
    return [[...on('authorize', edit.direction, edit.groupId), ...ruleWords(edit.rules)]];
  }
  if (edit.kind === 'revoke') return revocations(edit, description);
  if (edit.kind === 'source-dest-check-off')
    return [[...modify(edit.eni), '--no-source-dest-check']];
  if (edit.kind !== 'idle-limit') return [];
  const value = `${LIMIT_NAMES[edit.limit]}=${edit.seconds}`;
  return [[...modify(edit.eni), ['--connection-tracking-specification', value]]];
}

/** A word by itself, or an option and its value. */
export type Word = string | readonly [option: string, value: string];

const on = (verb: string, direction: Direction, groupId: string): Word[] => [
  `${verb}-security-group-${direction}`,
  ['--group-id', groupId],
];

const modify = (eni: string): Word[] => [
  'modify-network-interface-attribute',
  ['--network-interface-id', eni],
];

/** ConnectionTrackingSpecificationRequest (CT-21). */
const LIMIT_NAMES = {
  tcpEstablished: 'TcpEstablishedTimeout',
  udp: 'UdpTimeout',
  udpStream: 'UdpStreamTimeout',
} as const;

function revocations(
  { groupId, direction, rules, ruleIds }: Extract<Edit, { kind: 'revoke' }>,
  { groups }: VpcDescription,
): Word[][] {
  const known = groups.find(({ id }) => id === groupId)?.rules ?? [];
  const directionOf = (ruleId: string) =>
    direction === 'either'
      ? (known.find(({ id }) => id === ruleId)?.direction ?? 'ingress')
      : direction;
  const way = direction === 'either' ? 'ingress' : direction;
  return [
    ...(rules.length === 0 ? [] : [[...on('revoke', way, groupId), ...ruleWords(rules)]]),
    ...ruleIds.map((id): Word[] => [
      ...on('revoke', directionOf(id), groupId),
      ['--security-group-rule-ids', id],
    ]),
  ];
}

/** One IPv4 block can be named by single options; anything else needs a permission. */
function ruleWords(rules: readonly RuleRequest[]): Word[] {
  const [rule] = rules;
  const simple = rules.length === 1 && rule !== undefined ? simpleWords(rule) : undefined;
  if (simple !== undefined) return simple;
  const permissions = rules.map(permissionOf);
  const isPlain = permissions.length === 1 && PLAIN.test(JSON.stringify(permissions));
  const value = isPlain ? shorthand(permissions[0]!) : JSON.stringify(permissions);
  return [['--ip-permissions', value]];
}

function simpleWords({ traffic, peer, description }: RuleRequest): Word[] | undefined {
  if (peer.kind !== 'cidr' || peer.prefix.family !== 4 || description !== undefined)
    return undefined;
  const cidr: Word = ['--cidr', formatPrefix(peer.prefix)];
  switch (traffic.kind) {
    case 'all':
      return undefined;
    case 'protocol':
      return [['--protocol', String(traffic.protocol)], cidr];
    case 'ports': {
      const { protocol, from, to } = traffic;
      const port = from === to ? String(from) : `${from}-${to}`;
      return [['--protocol', protocolName(protocol)], ['--port', port], cidr];
    }
    case 'icmp': {
      const { protocol, type, code } = traffic;
      if (protocol === ICMPV6) return undefined;
      const port = type === -1 ? '-1' : `${type}-${code}`;
      return [['--protocol', 'icmp'], ['--port', port], cidr];
    }
  }
}

type Permission = Readonly<Record<string, string | number | readonly Record<string, string>[]>>;

function permissionOf({ traffic, peer, description }: RuleRequest): Permission {
  const more: Record<string, string> =
    description === undefined ? {} : { Description: description };
  return { ...trafficMembers(traffic), ...peerMember(peer, more) };
}

function trafficMembers(traffic: Traffic): Permission {
  switch (traffic.kind) {
    case 'all':
      return { IpProtocol: '-1' };
    case 'protocol':
      return { IpProtocol: String(traffic.protocol) };
    case 'ports': {
      const { protocol, from, to } = traffic;
      return { IpProtocol: protocolName(protocol), FromPort: from, ToPort: to };
    }
    case 'icmp': {
      const { protocol, type, code } = traffic;
      return { IpProtocol: protocolName(protocol), FromPort: type, ToPort: code };
    }
  }
}

function peerMember(peer: Peer, more: Readonly<Record<string, string>>): Permission {
  switch (peer.kind) {
    case 'cidr': {
      const text = formatPrefix(peer.prefix);
      return peer.prefix.family === 4
        ? { IpRanges: [{ CidrIp: text, ...more }] }
        : { Ipv6Ranges: [{ CidrIpv6: text, ...more }] };
    }
    case 'prefix-list':
      return { PrefixListIds: [{ PrefixListId: peer.prefixListId, ...more }] };
    case 'group': {
      const { groupId, ownerId } = peer;
      const owner = ownerId === undefined ? {} : { UserId: ownerId };
      return { UserIdGroupPairs: [{ GroupId: groupId, ...owner, ...more }] };
    }
  }
}

/** JSON whose texts can stand in the AWS CLI's shorthand as they are. */
const PLAIN = /^(?:"[\w.:/-]+"|[[\]{},:\d-])*$/;

function shorthand(permission: Permission): string {
  const members = (it: Permission): string =>
    Object.entries(it)
      .map(([key, value]) =>
        typeof value === 'object'
          ? `${key}=[${value.map((one) => `{${members(one)}}`).join(',')}]`
          : `${key}=${value}`,
      )
      .join(',');
  return members(permission);
}

function shellLine(words: readonly Word[]): string {
  return ['aws ec2', ...words.map(shellWord)].join(' ');
}

/** A value that begins like an option has to hang on its own. */
function shellWord(word: Word): string {
  if (typeof word === 'string') return word;
  const [option, value] = word;
  return `${option}${value.startsWith('-') ? '=' : ' '}${quoted(value)}`;
}

function quoted(text: string): string {
  return /^[\w.:/=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
