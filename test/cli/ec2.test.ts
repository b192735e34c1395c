import { describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { formatRule } from '../../src/model/rule-text.js';
import { captureOf } from './capture.js';
import { createFolder } from './folder.js';

const folder = createFolder();

/** One group as the AWS CLI prints it, with keys that sgsim does not know. */
const GROUPS = `{
  "SecurityGroups": [
    {
      "Description": "web",
      "GroupName": "web",
      "IpPermissions": [
        {
          "FromPort": 443,
          "IpProtocol": "tcp",
          "IpRanges": [{ "CidrIp": "203.0.113.0/24", "Description": "us" }, { "CidrIp": "0.0.0.0/1" }],
          "ToPort": 443
        }
      ],
      "OwnerId": "123456789012",
      "GroupId": "sg-0web",
      "IpPermissionsEgress": [],
      "Tags": [{ "Key": "team", "Value": "edge" }],
      "VpcId": "vpc-1"
    },
    { "GroupName": "default", "GroupId": "sg-0def", "IpPermissions": [], "VpcId": "vpc-1" }
  ]
}
`;
const INTERFACES = JSON.stringify({
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-0a',
      VpcId: 'vpc-1',
      InterfaceType: 'interface',
      Groups: [{ GroupName: 'web', GroupId: 'sg-0web' }],
      PrivateIpAddress: '10.0.1.20',
    },
  ],
});

/** A fresh folder, and how to ask about it. */
let folders = 0;
function vpcFolder(groups = GROUPS) {
  const name = `vpc-${++folders}`;
  folder.write(`${name}/groups.json`, groups);
  folder.write(`${name}/interfaces.json`, INTERFACES);
  return {
    name,
    ec2: (verb: string, ...args: string[]) => folder.run(['ec2', verb, '--vpc', name, ...args]),
    groups: () => folder.read(`${name}/groups.json`),
  };
}

const ON_WEB = ['--group-id', 'sg-0web'];
const HTTPS = ['--protocol', 'tcp', '--port', '443', '--cidr'];

/** A group's rules as text, read from the folder's documents. */
function rulesIn(text: string, groupId: string): string[] {
  const { description } = loadVpc([{ name: 'groups.json', text }]);
  return description.groups.find(({ id }) => id === groupId)!.rules.map(formatRule);
}

describe('sgsim ec2', () => {
  it('authorize-security-group-ingress: prints the rules, adds them, leaves the rest as it is', async () => {
    const vpc = vpcFolder();
    const args = [...ON_WEB, '--protocol', 'tcp', '--port', '22', '--cidr', '10.0.0.0/8'];
    const { stdout, stderr, status } = await vpc.ec2('authorize-security-group-ingress', ...args);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const answer = JSON.parse(stdout) as { SecurityGroupRules: { SecurityGroupRuleId: string }[] };
    const [rule] = answer.SecurityGroupRules;
    expect(rule!.SecurityGroupRuleId).toMatch(/^sgr-[0-9a-f]{17}$/u);
    expect(answer).toEqual({
      Return: true,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: rule!.SecurityGroupRuleId,
          GroupId: 'sg-0web',
          GroupOwnerId: '123456789012',
          IsEgress: false,
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
          CidrIpv4: '10.0.0.0/8',
        },
      ],
    });
    expect(rulesIn(vpc.groups(), 'sg-0web')).toEqual([
      'tcp/443 from 203.0.113.0/24',
      'tcp/443 from 0.0.0.0/1',
      'tcp/22 from 10.0.0.0/8',
    ]);
    expect(JSON.parse(vpc.groups())).toMatchObject({
      SecurityGroups: [{ Tags: [{ Key: 'team', Value: 'edge' }] }, {}],
    });
    expect(vpc.groups()).toMatch(/^ {2}"SecurityGroups": \[$/mu);
    expect(folder.names().filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('authorize then revoke leaves what was there before', async () => {
    const vpc = vpcFolder(`${JSON.stringify(JSON.parse(GROUPS), null, 2)}\n`);
    const before = vpc.groups();
    const shorthand =
      'IpProtocol=udp,FromPort=53,ToPort=53,Ipv6Ranges=[{CidrIpv6=2001:db8::/32,Description=a b}]';
    const both = [
      '--ip-permissions',
      shorthand,
      '{"IpProtocol":"-1","UserIdGroupPairs":[{"GroupId":"sg-0web"}]}',
    ];
    await vpc.ec2('authorize-security-group-egress', ...ON_WEB, ...both);
    expect(rulesIn(vpc.groups(), 'sg-0web').slice(2)).toEqual([
      'udp/53 to 2001:db8::/32',
      'all to sg-0web',
    ]);
    await vpc.ec2('revoke-security-group-egress', '--group-name', 'web', ...both);
    expect(vpc.groups()).toBe(before);
  });

  it('revoke takes one peer out of a permission', async () => {
    const vpc = vpcFolder();
    const { stdout } = await vpc.ec2(
      'revoke-security-group-ingress',
      ...ON_WEB,
      ...HTTPS,
      '0.0.0.0/1',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      Return: true,
      RevokedSecurityGroupRules: [{ IpProtocol: 'tcp', FromPort: 443, CidrIpv4: '0.0.0.0/1' }],
    });
    expect(rulesIn(vpc.groups(), 'sg-0web')).toEqual(['tcp/443 from 203.0.113.0/24']);
    expect(vpc.groups()).toContain('"Description": "us"');
  });

  it('SG-5, PR-6: create, carry, leave and delete a group', async () => {
    const vpc = vpcFolder();
    const create = ['--group-name', 'api', '--description', 'an api', '--vpc-id', 'vpc-1'];
    const { stdout } = await vpc.ec2('create-security-group', ...create);
    const { GroupId } = JSON.parse(stdout) as { GroupId: string };
    expect(rulesIn(vpc.groups(), GroupId)).toEqual(['all to 0.0.0.0/0']);
    const eni = ['--network-interface-id', 'eni-0a', '--groups'];
    const set = await vpc.ec2('modify-network-interface-attribute', ...eni, GroupId, 'sg-0web');
    expect(set).toEqual({ stdout: '', stderr: '', status: 0 });
    expect(folder.read(`${vpc.name}/interfaces.json`)).toContain(
      `"Groups":[{"GroupName":"api","GroupId":"${GroupId}"},{"GroupName":"web","GroupId":"sg-0web"}]`,
    );
    const used = await vpc.ec2('delete-security-group', '--group-id', GroupId);
    expect(used.stderr).toContain('(DependencyViolation)');
    await vpc.ec2('modify-network-interface-attribute', ...eni, 'sg-0web');
    const gone = await vpc.ec2('delete-security-group', '--group-name', 'api');
    expect(JSON.parse(gone.stdout)).toEqual({ Return: true, GroupId });
    expect(JSON.parse(vpc.groups())).toEqual(JSON.parse(GROUPS));
  });

  it('describe-security-groups prints what loads again as the same groups', async () => {
    const vpc = vpcFolder();
    const { stdout } = await vpc.ec2('describe-security-groups', '--group-names', 'web');
    expect(rulesIn(stdout, 'sg-0web')).toEqual(rulesIn(GROUPS, 'sg-0web'));
    const all = await vpc.ec2('describe-security-groups');
    expect(JSON.parse(all.stdout)).toMatchObject({ SecurityGroups: [{}, {}] });
  });

  it('a replay follows the edit', async () => {
    const vpc = vpcFolder();
    folder.write('ssh.pcap', captureOf([0, '10.9.9.9:51000 > 10.0.1.20:22 tcp S']));
    const replay = ['replay', '-r', 'ssh.pcap', '--vpc', vpc.name, '--verdicts', '-'];
    expect((await folder.run(replay)).stdout).toContain('"no-rule"');
    const type = ['--type', 'ssh', '--cidr', '10.0.0.0/8'];
    await vpc.ec2('authorize-security-group-ingress', ...ON_WEB, ...type);
    expect((await folder.run(replay)).stdout).toContain('"rule"');
  });

  it.each([
    [
      'PR-5',
      'authorize-security-group-ingress',
      [...ON_WEB, ...HTTPS, '203.0.113.9/24'],
      'InvalidPermission.Duplicate',
    ],
    [
      'PR-1',
      'authorize-security-group-ingress',
      [...ON_WEB, '--protocol', 'tcp', '--cidr', '0.0.0.0/0'],
      'InvalidParameterValue',
    ],
    [
      'PR-5',
      'authorize-security-group-ingress',
      [...ON_WEB, '--ip-permissions', '{"IpProtocol":"-1","IpRanges":[{"Description":"none"}]}'],
      'InvalidPermission.Malformed',
    ],
    [
      'PR-2',
      'authorize-security-group-ingress',
      [...ON_WEB, '--protocol', 'tcp', '--port', '70000', '--cidr', '0.0.0.0/0'],
      'InvalidParameterValue',
    ],
    [
      'SG-8',
      'authorize-security-group-ingress',
      [...ON_WEB, ...HTTPS, 'everywhere'],
      'InvalidParameterValue',
    ],
    [
      'SG-13',
      'authorize-security-group-ingress',
      [...ON_WEB, '--protocol', '-1', '--source-group', 'sg-0none'],
      'InvalidGroup.NotFound',
    ],
    [
      'PR-5',
      'revoke-security-group-ingress',
      [...ON_WEB, ...HTTPS, '10.0.0.0/8'],
      'InvalidPermission.NotFound',
    ],
    [
      'PR-5',
      'revoke-security-group-ingress',
      [...ON_WEB, '--security-group-rule-ids', 'sgr-0none'],
      'InvalidSecurityGroupRuleId.NotFound',
    ],
    ['SG-6', 'delete-security-group', ['--group-name', 'default'], 'CannotDelete'],
    ['PR-6', 'delete-security-group', ['--group-name', 'none'], 'InvalidGroup.NotFound'],
    [
      'PR-6',
      'create-security-group',
      ['--group-name', 'WEB', '--description', 'x', '--vpc-id', 'vpc-1'],
      'InvalidGroup.Duplicate',
    ],
    [
      'NI-1',
      'modify-network-interface-attribute',
      ['--network-interface-id', 'eni-0z', '--groups', 'sg-0web'],
      'InvalidNetworkInterfaceID.NotFound',
    ],
    ['SG-1', 'describe-security-groups', ['--group-ids', 'sg-0none'], 'InvalidGroup.NotFound'],
  ])("%s: %s %j is refused with AWS's code", async (_, verb, args, code) => {
    const vpc = vpcFolder();
    const { stdout, stderr, status } = await vpc.ec2(verb, ...args);
    expect({ stdout, status, files: vpc.groups() }).toEqual({
      stdout: '',
      status: 2,
      files: GROUPS,
    });
    const operation = verb.replaceAll(/(?:^|-)(\w)/gu, (__, letter: string) =>
      letter.toUpperCase(),
    );
    const start = `error[${code}] An error occurred (${code}) when calling the ${operation} operation: `;
    expect(stderr.startsWith(start)).toBe(true);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it.each([
    ['tcp', 'TCP/UDP'],
    ['icmp', 'ICMP'],
  ])('PR-1: %s without ports is refused in the words of AWS', async (protocol, words) => {
    const args = [...ON_WEB, '--protocol', protocol, '--cidr', '0.0.0.0/0'];
    const { stderr } = await vpcFolder().ec2('authorize-security-group-ingress', ...args);
    expect(stderr).toContain(
      `Invalid value for portRange. Must specify both from and to ports with ${words}.`,
    );
  });

  it.each([
    [
      ['--port', 'x'],
      'error[usage] --port: is no port and no range of ports; see `sgsim ec2 --help`\n',
    ],
    [
      ['--ip-permissions', 'x'],
      'error[usage] --ip-permissions: is neither JSON nor shorthand; see `sgsim ec2 --help`\n',
    ],
    [
      ['--protocol', '-1', '--ip-permissions', '[]'],
      'error[usage] --ip-permissions: stands beside --protocol, --port, --cidr or the like; see `sgsim ec2 --help`\n',
    ],
  ])('%j is a fault of usage', async (args, stderr) => {
    const { status, ...run } = await vpcFolder().ec2(
      'authorize-security-group-ingress',
      ...ON_WEB,
      ...args,
    );
    expect({ status, stderr: run.stderr }).toEqual({ status: 2, stderr });
  });

  it('a group that is described in YAML is not edited', async () => {
    folder.write(
      'yaml/vpc.yaml',
      'groups: { sg-1: { ingress: [], egress: [] } }\ninterfaces: { eni-1: { addresses: [10.0.0.9], groups: [sg-1] } }\n',
    );
    const args = [
      'authorize-security-group-ingress',
      '--vpc',
      'yaml',
      '--group-id',
      'sg-1',
      ...HTTPS,
      '0.0.0.0/0',
    ];
    await folder.check(['ec2', ...args], {
      stderr:
        'error[not-editable] yaml: what is to change is not described in JSON as the AWS CLI prints it; edit the other document by hand\n',
      status: 2,
    });
  });
});
