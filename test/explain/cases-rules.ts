import { describeVpc, eni, group } from '../policy/describe-vpc.js';
import type { CauseCase } from './cause-case.js';
import { bare, icmp, later, tcp, udp } from './packets.js';
import { host } from './story.js';

const HTTPS = '203.0.113.7:51000 > 10.0.1.20:443';
const DNS = '203.0.113.7:51000 > 10.0.1.20:53';
const PING = '203.0.113.7 > 10.0.1.20';

/** New flows that no rule allows: what the rules say instead. */
export const RULE_CASES: readonly CauseCase[] = [
  {
    cause: 'no-rules',
    title: 'SG-4: nothing may come in',
    vpc: host(['out all 0.0.0.0/0']),
    packets: [tcp(HTTPS, 'S')],
    reason: 'sg-web has no ingress rules, so only replies to tracked connections pass',
  },
  {
    cause: 'no-rules',
    title: 'SG-2, SG-4: of two groups none has an egress rule',
    vpc: describeVpc({
      groups: [group('sg-a', ['in all 0.0.0.0/0']), group('sg-b')],
      interfaces: [eni('eni-web', ['10.0.1.20'], ['sg-b', 'sg-a'])],
    }),
    packets: [tcp('10.0.1.20:51000 > 203.0.113.7:443', 'S')],
    reason: 'sg-a and sg-b have no egress rules, so only replies to tracked connections pass',
  },
  {
    cause: 'port-not-allowed',
    title: 'PR-1: one port away',
    vpc: host(['in tcp/22 203.0.113.0/24', 'in tcp/444 203.0.113.0/24']),
    packets: [tcp(HTTPS, 'S')],
    reason:
      'no rule allows it; nearest is tcp/444 from 203.0.113.0/24 (sg-web:2 in sg-web), but port 443 is not 444',
  },
  {
    cause: 'port-not-allowed',
    title: 'SG-3: the wide range of hosts own ports is no mistaken source port',
    vpc: host(['in tcp/1024-65535 203.0.113.0/24']),
    packets: [tcp(HTTPS, 'S')],
    reason:
      'no rule allows it; nearest is tcp/1024-65535 from 203.0.113.0/24 (sg-web:1 in sg-web), but port 443 is outside 1024-65535',
  },
  {
    cause: 'peer-not-allowed',
    title: 'SG-8: the block with the longest common prefix is nearest',
    vpc: host(['out tcp/443 10.0.0.0/8', 'out tcp/443 192.0.2.0/24']),
    packets: [tcp('10.0.1.20:51000 > 192.0.3.5:443', 'S')],
    reason:
      'no rule allows it; nearest is tcp/443 to 192.0.2.0/24 (sg-web:2 in sg-web), but 192.0.3.5 is outside 192.0.2.0/24',
  },
  {
    cause: 'protocol-not-allowed',
    title: 'PR-1: tcp for udp',
    vpc: host(['in tcp/53 203.0.113.0/24']),
    packets: [udp(DNS)],
    reason:
      'no rule allows it; nearest is tcp/53 from 203.0.113.0/24 (sg-web:1 in sg-web), but udp is not tcp',
  },
  {
    cause: 'protocol-not-allowed',
    title: 'PR-1: a protocol without ports',
    vpc: host(['in 50 203.0.113.0/24']),
    packets: [bare(PING, 47)],
    reason:
      'no rule allows it; nearest is 50 from 203.0.113.0/24 (sg-web:1 in sg-web), but gre is not esp',
  },
  {
    cause: 'nothing-near',
    title: 'two fields fail',
    vpc: host(['in tcp/443 10.0.0.0/8', 'in tcp/80 203.0.113.0/24']),
    packets: [udp(DNS)],
    reason:
      'no rule comes near; nearest is tcp/80 from 203.0.113.0/24 (sg-web:2 in sg-web), but udp is not tcp; port 53 is not 80',
  },
  {
    cause: 'nothing-near',
    title: 'all fields fail',
    vpc: host(['in tcp/443 10.0.0.0/8', 'in 50 10.0.0.0/8']),
    packets: [udp(DNS)],
    reason: 'none of the 2 ingress rules of sg-web has anything in common with it',
  },
  {
    cause: 'wrong-family',
    title: 'SG-8: 0.0.0.0/0 is no IPv6',
    vpc: host(['in tcp/443 0.0.0.0/0']),
    packets: [tcp('[2001:db8:1::7]:51000 > [2001:db8::20]:443', 'S')],
    reason:
      'tcp/443 from 0.0.0.0/0 (sg-web:1 in sg-web) is for IPv4 only, and 2001:db8:1::7 is IPv6',
  },
  {
    cause: 'wrong-family',
    title: 'PR-3: icmp is no icmpv6',
    vpc: host(['in icmp/8/-1 0.0.0.0/0']),
    packets: [icmp('2001:db8:1::7 > 2001:db8::20', [128, 0])],
    reason:
      'icmp/8 from 0.0.0.0/0 (sg-web:1 in sg-web) is for IPv4 only, and this is icmpv6, a protocol of its own',
  },
  {
    cause: 'icmp-type-or-code',
    title: 'PR-2: replies are allowed, not requests',
    vpc: host(['in icmp/0/-1 203.0.113.0/24']),
    packets: [icmp(PING, [8, 0])],
    reason:
      'icmp/0 from 203.0.113.0/24 (sg-web:1 in sg-web) allows every code of type 0 (echo reply), and this is echo request (8/0)',
  },
  {
    cause: 'icmp-type-or-code',
    title: 'PR-2: 0/8 is no range, and not 8/0',
    vpc: host(['in icmp/0/8 203.0.113.0/24']),
    packets: [icmp(PING, [8, 0])],
    reason:
      'icmp/0/8 from 203.0.113.0/24 (sg-web:1 in sg-web) allows echo reply (0/8), and this is echo request (8/0): the numbers of a rule are a type and a code, not a range',
  },
  {
    cause: 'icmp-type-or-code',
    title: 'PR-2: 0/255 is not everything',
    vpc: host(['in icmp/0/255 203.0.113.0/24']),
    packets: [icmp(PING, [0, 0])],
    reason:
      'icmp/0/255 from 203.0.113.0/24 (sg-web:1 in sg-web) allows echo reply (0/255), and this is echo reply (0/0): the numbers of a rule are a type and a code, not a range',
  },
  {
    cause: 'icmp-type-or-code',
    title: 'PR-2: another code',
    vpc: host(['in icmp/3/4 203.0.113.0/24']),
    packets: [icmp(PING, [3, 1])],
    reason:
      'icmp/3/4 from 203.0.113.0/24 (sg-web:1 in sg-web) allows destination unreachable, fragmentation needed (3/4), and this is destination unreachable, host (3/1)',
  },
  {
    cause: 'source-port',
    title: 'SG-3: a rule for the replies of a name server',
    vpc: host(['out udp/53 203.0.113.0/24']),
    packets: [udp('10.0.1.20:53 > 203.0.113.7:40000')],
    reason:
      'it comes from port 53, which udp/53 to 203.0.113.0/24 (sg-web:1 in sg-web) names, but rules ask where it goes: to port 40000',
  },
  {
    cause: 'source-port',
    title: 'SG-3: a range that has the source port',
    vpc: host(['in tcp/8000-8100 203.0.113.0/24']),
    packets: [tcp('203.0.113.7:8080 > 10.0.1.20:443', 'S')],
    reason:
      'it comes from port 8080, which tcp/8000-8100 from 203.0.113.0/24 (sg-web:1 in sg-web) names, but rules ask where it goes: to port 443',
  },
  {
    cause: 'fragment-without-first',
    title: 'CT-18: no port is known',
    vpc: host(['in udp/53 203.0.113.0/24']),
    packets: [later(udp(DNS), 7)],
    reason:
      'it is a later fragment of datagram 7, whose first one was not seen: without its ports udp/53 from 203.0.113.0/24 (sg-web:1 in sg-web) cannot match',
  },
  {
    cause: 'fragment-without-first',
    title: 'CT-18: no type is known',
    vpc: host(['in tcp/443 203.0.113.0/24', 'in icmp/8/-1 203.0.113.0/24']),
    packets: [later(icmp(PING, [8, 0]), 9)],
    reason:
      'it is a later fragment of datagram 9, whose first one was not seen: without its type icmp/8 from 203.0.113.0/24 (sg-web:2 in sg-web) cannot match',
  },
];
