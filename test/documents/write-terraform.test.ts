import { describe, expect, it } from 'vitest';
import { parsePrefix } from '../../src/model/address.js';
import type { Peer, Rule, SecurityGroup, Traffic } from '../../src/model/security-group.js';
import { writeShortGroups } from '../../src/documents/write-short.js';
import { writeTerraform } from '../../src/documents/write-terraform.js';
import { loadVpc } from '../../src/documents/load.js';

const cidr = (text: string): Peer => ({ kind: 'cidr', prefix: parsePrefix(text)!.prefix });
const rule = (id: string, traffic: Traffic, peer: Peer, description?: string): Rule => ({
  ...{ id, groupId: 'sg-0abc', direction: id.includes('egress') ? 'egress' : 'ingress' },
  ...{ traffic, peer, place: '' },
  ...(description === undefined ? {} : { description }),
});
const group = (...rules: readonly Rule[]): SecurityGroup => ({
  ...{ id: 'sg-0abc', name: 'web', vpcId: 'vpc-1', rules, place: '' },
});

const HOSTILE =
  'a "quoted" \\ ${file("/etc/passwd")} %{ if true } $${x}\n}\nresource "x" "y" {\u202e\u0007';

/** The texts of a quoted template as Terraform reads them (HCL native syntax specification). */
function unquoted(source: string): string {
  // An interpolation is `${` with no other dollar before it.
  expect(source).not.toMatch(/(^|[^$])\$\{|(^|[^%])%\{/);
  return source
    .replaceAll(/\\(?:u([0-9a-f]{4})|(.))/g, (_, code: string | undefined, plain: string) =>
      code === undefined ? (plain === 'n' ? '\n' : plain) : String.fromCharCode(parseInt(code, 16)),
    )
    .replaceAll(/([$%])\1\{/g, '$1{');
}

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly keys: Readonly<Record<string, string | number>>;
}

/** Reads resources line by line; throws where a line is none of those that are written. */
function parse(text: string): Resource[] {
  const resources: Resource[] = [];
  let open: { type: string; name: string; keys: Record<string, string | number> } | undefined;
  for (const line of text.split('\n')) {
    const begin = /^resource "([a-z_]+)" "([A-Za-z_][\w-]*)" \{$/.exec(line);
    const key = /^ {2}([a-z0-9_]+) += (?:(-?\d+)|"((?:[^"\\]|\\.)*)")$/.exec(line);
    if (begin !== null && open === undefined) open = { type: begin[1]!, name: begin[2]!, keys: {} };
    else if (line === '}' && open !== undefined) {
      resources.push(open);
      open = undefined;
    } else if (key !== null && open !== undefined) {
      open.keys[key[1]!] = key[2] === undefined ? unquoted(key[3]!) : Number(key[2]);
    } else if (line !== '') throw new Error(`not read: ${line}`);
  }
  return resources;
}

describe('Terraform resources', () => {
  it('name each kind of traffic and peer', () => {
    const rules = [
      rule(
        'sg-0abc:ingress:1',
        { kind: 'ports', protocol: 6, from: 443, to: 444 },
        cidr('10.0.0.0/8'),
      ),
      rule(
        'sg-0abc:ingress:2',
        { kind: 'icmp', protocol: 58, type: 128, code: -1 },
        cidr('2001:db8::/32'),
      ),
      rule(
        'sg-0abc:ingress:3',
        { kind: 'protocol', protocol: 50 },
        { kind: 'prefix-list', prefixListId: 'pl-1' },
      ),
      rule(
        'sg-0abc:egress:1',
        { kind: 'all' },
        { kind: 'group', groupId: 'sg-2', ownerId: '123456789012' },
      ),
    ];
    const of = { security_group_id: 'sg-0abc' };
    expect(parse(writeTerraform([group(...rules)]))).toEqual([
      {
        type: 'aws_vpc_security_group_ingress_rule',
        name: 'sg-0abc_ingress_1',
        keys: { ...of, ip_protocol: 'tcp', from_port: 443, to_port: 444, cidr_ipv4: '10.0.0.0/8' },
      },
      {
        type: 'aws_vpc_security_group_ingress_rule',
        name: 'sg-0abc_ingress_2',
        keys: {
          ...of,
          ip_protocol: 'icmpv6',
          from_port: 128,
          to_port: -1,
          cidr_ipv6: '2001:db8::/32',
        },
      },
      {
        type: 'aws_vpc_security_group_ingress_rule',
        name: 'sg-0abc_ingress_3',
        keys: { ...of, ip_protocol: '50', prefix_list_id: 'pl-1' },
      },
      {
        type: 'aws_vpc_security_group_egress_rule',
        name: 'sg-0abc_egress_1',
        keys: { ...of, ip_protocol: '-1', referenced_security_group_id: '123456789012/sg-2' },
      },
    ]);
  });

  it('escape what would end a text or begin an expression', () => {
    const [one] = parse(
      writeTerraform([group(rule('a:1', { kind: 'all' }, cidr('10.0.0.0/8'), HOSTILE))]),
    );
    expect(one!.keys.description).toBe(HOSTILE);
  });

  it('have names of their own', () => {
    const rules = ['1', '_1', '.1', '.1'].map((id) =>
      rule(id, { kind: 'all' }, cidr('10.0.0.0/8')),
    );
    const names = parse(writeTerraform([group(...rules)])).map(({ name }) => name);
    expect(names).toEqual(['_1', '_1_2', '_1_3', '_1_4']);
  });
});

it('groups in the short form keep every text', () => {
  const written = writeShortGroups([
    {
      ...group(rule('a:1', { kind: 'all' }, cidr('10.0.0.0/8'), HOSTILE)),
      name: `- ${HOSTILE}: #`,
      description: HOSTILE,
    },
  ]);
  const { description } = loadVpc([{ name: 'groups.yaml', text: written }]);
  expect(description.groups).toMatchObject([
    {
      id: 'sg-0abc',
      name: `- ${HOSTILE}: #`,
      vpcId: 'vpc-1',
      description: HOSTILE,
      rules: [{ description: HOSTILE }],
    },
  ]);
  expect(description.groups[0]!.rules).toHaveLength(1);
});
