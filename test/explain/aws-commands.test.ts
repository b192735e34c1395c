import { describe, expect, it } from 'vitest';
import { commandsOf } from '../../src/explain/aws-commands.js';
import { parsePrefix } from '../../src/model/address.js';
import type { RuleRequest } from '../../src/model/edit.js';
import type { FixEdit } from '../../src/model/explanation.js';
import type { Peer, Traffic } from '../../src/model/security-group.js';
import { describeVpc, group } from '../policy/describe-vpc.js';

const HTTPS: Traffic = { kind: 'ports', protocol: 6, from: 443, to: 443 };
const cidr = (text: string): Peer => ({ kind: 'cidr', prefix: parsePrefix(text)!.prefix });

function authorize(rule: RuleRequest, groupId = 'sg-web'): FixEdit {
  return { kind: 'authorize', groupId, direction: 'ingress', rules: [rule] };
}

const commandOf = (edit: FixEdit): string[] => commandsOf([edit], describeVpc({}));

describe('commands of the AWS CLI', () => {
  it.each<[RuleRequest, string]>([
    [{ traffic: HTTPS, peer: cidr('10.0.1.5/32') }, '--protocol tcp --port 443 --cidr 10.0.1.5/32'],
    [
      { traffic: { kind: 'icmp', protocol: 1, type: 3, code: 4 }, peer: cidr('10.0.1.5/32') },
      '--protocol icmp --port 3-4 --cidr 10.0.1.5/32',
    ],
    [
      { traffic: { kind: 'protocol', protocol: 50 }, peer: cidr('10.0.1.5/32') },
      '--protocol 50 --cidr 10.0.1.5/32',
    ],
    [
      { traffic: HTTPS, peer: { kind: 'group', groupId: 'sg-app' } },
      "--ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443,UserIdGroupPairs=[{GroupId=sg-app}]'",
    ],
    [
      { traffic: HTTPS, peer: cidr('2001:db8::5/128') },
      "--ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443,Ipv6Ranges=[{CidrIpv6=2001:db8::5/128}]'",
    ],
    [
      { traffic: HTTPS, peer: { kind: 'prefix-list', prefixListId: 'pl-1' } },
      "--ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443,PrefixListIds=[{PrefixListId=pl-1}]'",
    ],
  ])('authorize %#', (rule, words) => {
    expect(commandOf(authorize(rule))).toEqual([
      `aws ec2 authorize-security-group-ingress --group-id sg-web ${words}`,
    ]);
  });

  it('revoke by id, in the direction that the rule has, and by content', () => {
    const vpc = describeVpc({ groups: [group('sg-web', ['out tcp/443 10.0.0.0/8'])] });
    const edit: FixEdit = {
      ...{ kind: 'revoke', groupId: 'sg-web', direction: 'either' },
      ...{ rules: [], ruleIds: ['sg-web:1'] },
    };
    expect(commandsOf([edit], vpc)).toEqual([
      'aws ec2 revoke-security-group-egress --group-id sg-web --security-group-rule-ids sg-web:1',
    ]);
    const rules = [{ traffic: HTTPS, peer: cidr('10.0.0.0/8') }];
    expect(commandOf({ ...edit, direction: 'egress', rules, ruleIds: [] })).toEqual([
      'aws ec2 revoke-security-group-egress --group-id sg-web --protocol tcp --port 443 --cidr 10.0.0.0/8',
    ]);
  });

  it('settings of an interface (CT-21)', () => {
    const idle: FixEdit = {
      ...{ kind: 'idle-limit', eni: 'eni-1', limit: 'tcpEstablished', seconds: 600 },
    };
    expect(
      commandsOf([{ kind: 'source-dest-check-off', eni: 'eni-1' }, idle], describeVpc({})),
    ).toEqual([
      'aws ec2 modify-network-interface-attribute --network-interface-id eni-1 --no-source-dest-check',
      'aws ec2 modify-network-interface-attribute --network-interface-id eni-1 --connection-tracking-specification TcpEstablishedTimeout=600',
    ]);
  });

  it('hostile ids are quoted, and never options or files', () => {
    const rule = { traffic: HTTPS, peer: cidr('10.0.1.5/32') };
    const [command] = commandOf(authorize(rule, "sg-$(reboot)'; x"));
    expect(command).toContain(`--group-id 'sg-$(reboot)'\\''; x' --protocol`);
    expect(commandOf(authorize(rule, '--profile'))[0]).toContain('--group-id=--profile ');
    expect(commandOf(authorize(rule, 'file:///etc/passwd'))).toEqual([]);
    const peer: Peer = { kind: 'group', groupId: 'sg-a}],x=[{' };
    expect(commandOf(authorize({ traffic: HTTPS, peer }))[0]).toContain(
      `--ip-permissions '[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"UserIdGroupPairs":[{"GroupId":"sg-a}],x=[{"}]}]'`,
    );
  });
});
