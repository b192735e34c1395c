import { formatPrefix } from '../model/address.js';
import { protocolName } from '../model/protocol.js';
import type { Peer, Rule, SecurityGroup, Traffic } from '../model/security-group.js';

/**
 * Rules as resources of Terraform's AWS provider: aws_vpc_security_group_ingress_rule and its twin
 * (registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_security_group_ingress_rule).
 */
export function writeTerraform(groups: readonly SecurityGroup[]): string {
  const names = new Set<string>();
  return groups
    .flatMap(({ rules }) => rules.map((rule) => resource(rule, nameFor(rule, names))))
    .join('\n');
}

function resource(rule: Rule, name: string): string {
  const { groupId, direction, traffic, peer, description } = rule;
  const keys = [
    ['security_group_id', text(groupId)],
    ...trafficKeys(traffic),
    peerKey(peer),
    ...(description === undefined || description === ''
      ? []
      : [['description', text(description)]]),
  ] as const;
  const width = Math.max(...keys.map(([key]) => key.length));
  const lines = keys.map(([key, value]) => `  ${key.padEnd(width)} = ${value}\n`).join('');
  return `resource "aws_vpc_security_group_${direction}_rule" "${name}" {\n${lines}}\n`;
}

function trafficKeys(traffic: Traffic): [string, string][] {
  switch (traffic.kind) {
    case 'all':
      return [['ip_protocol', text('-1')]];
    case 'protocol':
      return [['ip_protocol', text(String(traffic.protocol))]];
    case 'ports':
      return portKeys(protocolName(traffic.protocol), traffic.from, traffic.to);
    case 'icmp':
      return portKeys(protocolName(traffic.protocol), traffic.type, traffic.code);
  }
}

const portKeys = (protocol: string, from: number, to: number): [string, string][] => [
  ['ip_protocol', text(protocol)],
  ['from_port', String(from)],
  ['to_port', String(to)],
];

function peerKey(peer: Peer): [string, string] {
  switch (peer.kind) {
    case 'cidr':
      return [`cidr_ipv${peer.prefix.family}`, text(formatPrefix(peer.prefix))];
    case 'prefix-list':
      return ['prefix_list_id', text(peer.prefixListId)];
    case 'group': {
      const { ownerId, groupId } = peer;
      const id = ownerId === undefined ? groupId : `${ownerId}/${groupId}`;
      return ['referenced_security_group_id', text(id)];
    }
  }
}

/** A name is letters, digits, _ and -, and does not begin with a digit; ids that differ in other characters get a number. */
function nameFor({ id }: Rule, names: Set<string>): string {
  const plain = id.replaceAll(/[^A-Za-z0-9_-]/g, '_').replace(/^(?![A-Za-z_])/, '_');
  let name = plain;
  for (let i = 2; names.has(name); i++) name = `${plain}_${i}`;
  names.add(name);
  return name;
}

/** A quoted template without interpolations (HCL native syntax specification, "Quoted Templates"). */
const text = (value: string): string => {
  const escaped = Array.from(value, (character) => {
    const code = character.codePointAt(0)!;
    if (character === '"' || character === '\\') return `\\${character}`;
    if (character === '\n') return '\\n';
    const isPlain = code >= 0x20 && !UNPRINTABLE.test(character);
    return isPlain ? character : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${escaped.join('').replaceAll(/[$%](?=\{)/g, '$&$&')}"`;
};

const UNPRINTABLE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/u;
