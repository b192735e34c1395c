import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkAddresses } from '../../src/documents/addresses.js';
import { readDocuments } from '../../src/documents/files.js';
import { loadVpc } from '../../src/documents/load.js';
import { protocolName } from '../../src/model/protocol.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { errorsOf } from './loading.js';

/** Descriptions that other projects published; not part of the repository. */
const CORPUS = '../shared/corpus/vpc';
const missing = !existsSync(CORPUS);
const title = missing ? `real descriptions: skipped, ${CORPUS} is absent` : 'real descriptions';

const load = (...paths: string[]): VpcDescription =>
  loadVpc(readDocuments(paths.map((path) => join(CORPUS, path)))).description;

/** `sg=3 eni=2 p:tcp=4` of the corpus's MANIFEST as a map. */
function features(path: string): ReadonlyMap<string, number> {
  const rows = readFileSync(join(CORPUS, 'MANIFEST.tsv'), 'utf8').split('\n');
  const row = rows.find((line) => line.startsWith(`${path}\t`)) ?? '';
  const counts =
    row
      .split('\t')
      .at(-1)
      ?.matchAll(/(\S+)=(\d+)/g) ?? [];
  return new Map([...counts].map(([, name = '', count]) => [name, Number(count)]));
}

/** Permissions by protocol: rules that share a permission's place count once. */
function permissions(vpc: VpcDescription): ReadonlyMap<string, number> {
  const byPlace = new Map<string, string>();
  for (const { place, traffic } of vpc.groups.flatMap((group) => group.rules)) {
    const key = place.replace(/\.(IpRanges|Ipv6Ranges|PrefixListIds|UserIdGroupPairs).*/, '');
    byPlace.set(key, traffic.kind === 'all' ? '-1' : protocolName(traffic.protocol));
  }
  const names = [...byPlace.values()];
  return new Map(
    names.map((name) => [`p:${name}`, names.filter((other) => other === name).length]),
  );
}

const GROUP_FILES = [
  'batfish-hybrid-cloud/SecurityGroups.json',
  'batfish-test-public-private-subnet/SecurityGroups.json',
  'batfish-test-vpc-endpoint-gateway/us-east-1_SecurityGroups.json',
  'batfish-test-vpc-peering-multi-account/123456789012_us-east-1_SecurityGroups.json',
  'batfish-test-vpc-peering-multi-account/123456789013_us-east-1_SecurityGroups.json',
  'cloudmapper-demo/ec2-describe-security-groups.json',
  'custodian/test_appelb_add_security_group.ec2.DescribeSecurityGroups_1.json',
  'custodian/test_only_ports_and_cidr_ingress.ec2.DescribeSecurityGroups_1.json',
  'custodian/test_security_group_self_reference.ec2.DescribeSecurityGroups_2.json',
  'custodian/test_security_group_used.ec2.DescribeSecurityGroups_1.json',
  'localstack-ec2-resource-provider.snapshot.json',
  'npguard-aws_mixed.json',
  'npguard-aws_sg_1.json',
];

describe.skipIf(missing)(title, () => {
  test.each(GROUP_FILES)('%s: groups and protocols as the MANIFEST counts them', (path) => {
    const vpc = load(path);
    const expected = features(path);
    expect(vpc.groups).toHaveLength(expected.get('sg') ?? 0);
    const protocols = [...expected].filter(([name]) => name.startsWith('p:'));
    expect(new Map([...permissions(vpc)].sort())).toEqual(new Map(protocols.sort()));
    const references = vpc.groups
      .flatMap((group) => group.rules)
      .filter((rule) => rule.peer.kind === 'group');
    expect(references.length).toBeGreaterThanOrEqual(expected.get('groupref') ?? 0);
  });

  test.each([
    ['npguard-aws_mixed.json', 6, 6, 2],
    ['npguard-aws_sg_1.json', 5, 7, 2],
    ['batfish-hybrid-cloud', 9, 10, 4],
    ['batfish-test-public-private-subnet', 2, 2, 1],
    ['batfish-test-vpc-endpoint-gateway', 2, 2, 1],
    ['batfish-test-vpc-peering-multi-account', 2, 2, 2],
  ])('%s: %i interfaces, %i subnets, %i VPCs', (path, interfaces, subnets, vpcs) => {
    const vpc = load(path);
    expect(vpc.interfaces).toHaveLength(interfaces);
    expect(vpc.subnets).toHaveLength(subnets);
    expect(vpc.vpcs).toHaveLength(vpcs);
    expect(checkAddresses(vpc)).toEqual([]);
  });

  test('legacy and managed prefix lists', () => {
    const entries = (path: string): readonly (number | undefined)[] =>
      load(path).prefixLists.map((list) => list.entries?.length);
    expect(entries('batfish-hybrid-cloud/PrefixLists.json')).toEqual([3, 1]);
    const managed = 'custodian/test_prefix_list_entry.ec2.DescribeManagedPrefixLists_1.json';
    expect(entries(managed)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('custodian: interfaces with the groups that their own file holds', () => {
    const name = 'custodian/test_security_group_used.ec2.Describe';
    const vpc = load(`${name}NetworkInterfaces_1.json`, `${name}SecurityGroups_1.json`);
    expect(vpc.interfaces).toHaveLength(4);
  });

  test('cloudmapper: everything but the instances, whose interfaces were all renamed alike', () => {
    const folder = 'cloudmapper-demo/ec2-describe-';
    const parts = ['security-groups', 'network-interfaces', 'subnets', 'vpcs'];
    const rest = [...parts, 'vpc-peering-connections'].map((part) => `${folder}${part}.json`);
    expect(load(...rest).interfaces).toHaveLength(1);
    const errors = errorsOf(readDocuments([join(CORPUS, 'cloudmapper-demo')]));
    expect(errors.map((line) => line.replace(/ at .*/, ''))).toEqual(
      [1, 2].map(
        (index) =>
          `error[duplicate-id] ${CORPUS}/${folder}instances.json: Reservations[0].Instances[${index}]` +
          '.NetworkInterfaces[0]: eni-00000000 differs from the one',
      ),
    );
  });

  test('batfish SecurityGroupTest: its invalid permissions are refused (PR-1, PR-2), the rest loads', () => {
    const [file] = readDocuments([join(CORPUS, 'batfish-SecurityGroupTest.json')]);
    const errors = errorsOf([file!]).map(
      (line) => line.replace(/ \S+\.json: /, ' ').split(': ')[0],
    );
    expect(errors).toEqual([
      'error[port-value] SecurityGroups[6].IpPermissions[0]',
      'error[port-value] SecurityGroups[7].IpPermissions[0]',
      'error[icmp-type] SecurityGroups[11].IpPermissions[0]',
      'error[duplicate-id] SecurityGroups[10]',
      'error[duplicate-id] SecurityGroups[11]',
    ]);
    const { SecurityGroups: groups } = JSON.parse(file!.text) as { SecurityGroups: unknown[] };
    const valid = groups.filter((_, index) => ![6, 7, 10, 11].includes(index));
    const { description } = loadVpc([{ name: 'valid.json', text: JSON.stringify(valid) }]);
    expect(description.groups).toHaveLength(8);
  });

  test('terraform is refused by name', () => {
    const errors = errorsOf(readDocuments([join(CORPUS, 'tf')]));
    expect(errors).toHaveLength(5);
    for (const line of errors)
      expect(line).toMatch(/^error\[format\] .*terraform (state|plan) is not read/);
  });
});
