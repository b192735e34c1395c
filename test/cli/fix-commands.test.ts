import { describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { applyFixEdit } from '../../src/explain/fix-edit.js';
import { commandsOf } from '../../src/explain/aws-commands.js';
import { parsePrefix } from '../../src/model/address.js';
import type { FixEdit } from '../../src/model/explanation.js';
import { formatRule } from '../../src/model/rule-text.js';
import type { Peer, Traffic } from '../../src/model/security-group.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { createFolder } from './folder.js';

const folder = createFolder();

const APP = "sg-app '$x`{}],[";
const GROUPS = JSON.stringify({
  SecurityGroups: [
    {
      ...{ GroupName: 'db', GroupId: 'sg-0db', VpcId: 'vpc-1', OwnerId: '123456789012' },
      IpPermissions: [
        {
          ...{ IpProtocol: 'icmp', FromPort: 3, ToPort: 1 },
          IpRanges: [{ CidrIp: '10.0.0.0/8', Description: "it's ours" }],
        },
      ],
      IpPermissionsEgress: [],
    },
    ...['sg-0app', APP].map((GroupId) => ({
      ...{ GroupName: GroupId, GroupId, VpcId: 'vpc-1' },
      ...{ IpPermissions: [], IpPermissionsEgress: [] },
    })),
  ],
  PrefixLists: [{ PrefixListId: 'pl-1', PrefixListName: 'offices' }],
});

const TCP: Traffic = { kind: 'ports', protocol: 6, from: 5432, to: 5432 };
const ICMP: Traffic = { kind: 'icmp', protocol: 1, type: 3, code: 1 };
const cidr = (text: string): Peer => ({ kind: 'cidr', prefix: parsePrefix(text)!.prefix });
const add = (direction: 'ingress' | 'egress', traffic: Traffic, peer: Peer): FixEdit => ({
  ...{ kind: 'authorize', groupId: 'sg-0db', direction, rules: [{ traffic, peer }] },
});

const CASES: readonly FixEdit[][] = [
  [add('ingress', TCP, cidr('10.0.1.5/32'))],
  [add('egress', { kind: 'ports', protocol: 17, from: 53, to: 53 }, cidr('2001:db8::5/128'))],
  [add('ingress', { kind: 'icmp', protocol: 1, type: 8, code: 0 }, cidr('10.0.1.5/32'))],
  [add('ingress', { kind: 'icmp', protocol: 58, type: 128, code: 0 }, cidr('2001:db8::5/128'))],
  [add('egress', { kind: 'protocol', protocol: 50 }, cidr('10.0.1.5/32'))],
  [add('ingress', TCP, { kind: 'group', groupId: 'sg-0app' })],
  [add('egress', TCP, { kind: 'group', groupId: APP })],
  [add('ingress', TCP, { kind: 'prefix-list', prefixListId: 'pl-1' })],
  [
    {
      ...{ kind: 'revoke', groupId: 'sg-0db', direction: 'ingress', ruleIds: [] },
      rules: [{ traffic: ICMP, peer: cidr('10.0.0.0/8') }],
    },
    {
      ...{ kind: 'authorize', groupId: 'sg-0db', direction: 'ingress' },
      rules: [
        {
          ...{ traffic: { kind: 'icmp', protocol: 1, type: 3, code: -1 } },
          ...{ peer: cidr('10.0.0.0/8'), description: "it's ours" },
        },
      ],
    },
  ],
];

/** Rules of a folder's groups, with their descriptions, as far as edits can change them. */
const rulesOf = ({ groups }: VpcDescription): string[] =>
  groups
    .flatMap(({ rules }) => rules)
    .map((rule) => `${rule.groupId} ${formatRule(rule)} ${rule.description ?? ''}`)
    .sort();

describe('commands of fixes', () => {
  it.each(CASES.map((edits, i) => [i, edits] as const))(
    'sgsim ec2 takes them, and they make the same edits: %#',
    async (number, edits) => {
      const vpc = `vpc-${number}`;
      folder.write(`${vpc}/groups.json`, GROUPS);
      const read = () =>
        loadVpc([{ name: 'groups.json', text: folder.read(`${vpc}/groups.json`) }]).description;
      const before = read();
      const expected = edits.reduce(
        (description, edit) => applyFixEdit(description, edit, () => 'sgr-1').description!,
        before,
      );
      for (const command of commandsOf(edits, before)) {
        const [aws, ec2, ...words] = shellWords(command);
        expect([aws, ec2]).toEqual(['aws', 'ec2']);
        const { stderr, status } = await folder.run(['ec2', ...words, '--vpc', vpc]);
        expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      }
      expect(rulesOf(read())).toEqual(rulesOf(expected));
      expect(rulesOf(read())).not.toEqual(rulesOf(before));
    },
  );
});

/** Words as a POSIX shell splits them, of single quotes and backslashes alone. */
function shellWords(command: string): string[] {
  const words = command.match(/(?:'[^']*'|\\.|[^\s'\\])+/gsu) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /'([^']*)'|\\(.)/gsu,
      (_, quoted?: string, escaped?: string) => quoted ?? escaped!,
    ),
  );
}
