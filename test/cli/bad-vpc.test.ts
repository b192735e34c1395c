import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFolder } from './folder.js';
import { TINY_CAPTURE, TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('tiny.pcap', TINY_CAPTURE);
folder.write('groups.yaml', TINY_VPC.slice(0, TINY_VPC.indexOf('interfaces:')));
mkdirSync(join(folder.path, 'empty'));
folder.write('notes/readme.txt', 'no documents here');

const NOT_AWS =
  'holds no security groups, interfaces or other known AWS resources; ' +
  'give the output of `aws ec2 describe-security-groups` and the like';

const eni = (id: string, address: string, ...groups: string[]): object => ({
  NetworkInterfaceId: id,
  VpcId: 'vpc-1',
  InterfaceType: 'interface',
  PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
  Groups: groups.map((GroupId) => ({ GroupId })),
});
const interfaces = (...list: object[]): string => JSON.stringify({ NetworkInterfaces: list });
const groupWith = (permission: object): string =>
  JSON.stringify({
    SecurityGroups: [
      {
        GroupId: 'sg-web',
        GroupName: 'web',
        VpcId: 'vpc-1',
        IpPermissions: [permission],
        IpPermissionsEgress: [],
      },
    ],
  });

async function fails(paths: readonly string[], ...lines: string[]): Promise<void> {
  const stderr = lines.map((line) => `error[${line}\n`).join('');
  await folder.check(['replay', '-r', 'tiny.pcap', '--vpc', ...paths], { stderr, status: 2 });
}

it('missing path', () => fails(['none'], 'no-file] none: does not exist; check the path'));

it.each(['empty', 'notes'])('folder without documents: %s', (name) =>
  fails([name], `no-documents] ${name}: folder holds no .json, .yaml or .yml file; name the files`),
);

it('all that is wrong with several paths, one line each', () =>
  fails(
    ['none', 'groups.yaml', 'empty'],
    'no-file] none: does not exist; check the path',
    'no-documents] empty: folder holds no .json, .yaml or .yml file; name the files',
  ));

it('no interfaces at all', () =>
  fails(
    ['groups.yaml'],
    'no-interfaces] groups.yaml: there are no network interfaces: no packet could be told to belong to one; ' +
      'add the output of `aws ec2 describe-network-interfaces`',
  ));

it.each<[string, string, string]>([
  [
    'cut JSON',
    '{"SecurityGroups": [',
    'json-syntax] vpc/a.json:1:21: expected a value, found the end; fetch it again, it is cut short',
  ],
  [
    'wrong JSON',
    '{"SecurityGroups": [],}',
    'json-syntax] vpc/a.json:1:23: expected a key in double quotes, found "}"; mend the JSON here or just before',
  ],
  ['JSON of something else', '{"pets": ["Rex"]}', `not-aws] vpc/a.json: ${NOT_AWS}`],
  ['JSON without keys', 'null', `not-aws] vpc/a.json: ${NOT_AWS}`],
  ['nothing', '', 'empty] vpc/a.json: is empty; fetch it again'],
  [
    'no text',
    '\u001f\u008b\u0000',
    'encoding] vpc/a.json: is not UTF-8 text; name JSON or YAML files',
  ],
  [
    'PR-1: reversed port range',
    groupWith({
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 80,
      IpRanges: [{ CidrIp: '0.0.0.0/0' }],
    }),
    'port-range] vpc/a.json: SecurityGroups[0].IpPermissions[0]: FromPort 443 is above ToPort 80; swap them',
  ],
  [
    'interface with an unknown group',
    interfaces(eni('eni-a', '10.0.1.1', 'sg-web', 'sg-gone')),
    'unknown-group] vpc/a.json: NetworkInterfaces[0]: eni-a carries sg-gone, which no document describes; ' +
      'add the describe-security-groups output that holds it',
  ],
  [
    'SG-7: interface without groups',
    interfaces(eni('eni-a', '10.0.1.1')),
    'no-groups] vpc/a.json: NetworkInterfaces[0]: eni-a has no security group; name its groups (SG-7)',
  ],
  [
    'two interfaces with one address',
    interfaces(eni('eni-a', '10.0.1.1', 'sg-web'), eni('eni-b', '10.0.1.1', 'sg-web')),
    'duplicate-address] vpc/a.json: NetworkInterfaces[1]: 10.0.1.1 belongs to eni-b and to eni-a ' +
      'at vpc/a.json: NetworkInterfaces[0]; correct one of them',
  ],
])('%s', (_, text, line) => {
  folder.write('vpc/a.json', text.startsWith('\u001f') ? Buffer.from(text, 'latin1') : text);
  folder.write('vpc/groups.yaml', folder.read('groups.yaml'));
  // A file that describes the group itself stands alone.
  const own = text.includes('SecurityGroups');
  return fails([own ? 'vpc/a.json' : 'vpc'], line);
});

it('a hundred faults are a hundred lines, not a flood', async () => {
  const many = Array.from({ length: 3000 }, (_, i) => eni(`eni-${i}`, `10.0.${i >> 8}.${i & 255}`));
  folder.write('many.json', interfaces(...many));
  const { stdout, stderr, status } = await folder.run([
    'replay',
    '-r',
    'tiny.pcap',
    '--vpc',
    'many.json',
  ]);
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
  const lines = stderr.trimEnd().split('\n');
  expect(lines.length).toBeLessThan(200);
  for (const line of lines) expect(line).toMatch(/^error\[[a-z-]+\] /);
});
