import { describeVpc, eni, group } from '../policy/describe-vpc.js';
import type { CauseCase } from './cause-case.js';
import { bare, first, frame, icmp, later, tcp, udp, withMacs } from './packets.js';
import { host, subnetWorld } from './story.js';

const SSH_IN = '203.0.113.7:51000 > 10.0.1.20:22';
const SSH_OUT = '10.0.1.20:22 > 203.0.113.7:51000';
const HTTP = '203.0.113.7:51000 > 10.0.1.20:80';
const HTTP_BACK = '10.0.1.20:80 > 203.0.113.7:51000';
const IN = '203.0.113.7 > 10.0.1.20';
const RULE = 'tcp/22 from 203.0.113.0/24 (sg-web:1 in sg-web)';
const SSH = host(['in tcp/22 203.0.113.0/24']);
/** AWS tracks none of what comes to port 80 (CT-5). */
const OPEN = host(['in tcp/80 0.0.0.0/0', 'out all 0.0.0.0/0']);
const MACS = ['02000000000a', '020000000001'] as const;

/** Drops that no rule would prevent, and what is not dropped. */
export const OTHER_CASES: readonly CauseCase[] = [
  {
    cause: 'allowance-full',
    title: 'CT-19: of an instance',
    vpc: host(['in tcp/22 203.0.113.0/24'], { instanceId: 'i-1' }),
    options: { maxTracked: 1 },
    packets: [tcp(SSH_IN, 'S', 0), tcp('203.0.113.7:51001 > 10.0.1.20:22', 'S', 1)],
    reason: `${RULE} allows it, but instance i-1 tracks as many connections as it may (1)`,
  },
  {
    cause: 'allowance-full',
    title: 'CT-14, CT-19: an interface of no instance, and a reply mid-stream',
    vpc: SSH,
    options: { maxTracked: 1 },
    packets: [tcp(SSH_IN, 'S', 0), tcp('10.0.1.20:22 > 203.0.113.7:51001', 'PA', 1)],
    reason: `${RULE} allows it, but eni-web tracks as many connections as it may (1)`,
  },
  {
    cause: 'foreign-address',
    title: 'NI-3: on the way out',
    vpc: subnetWorld(),
    packets: [withMacs(udp('192.0.2.9:53 > 203.0.113.7:53'), ...MACS)],
    reason: 'its source 192.0.2.9 is no address of eni-a, whose source/destination check is on',
  },
  {
    cause: 'foreign-address',
    title: 'NI-3, CT-20: at the other end',
    vpc: subnetWorld(),
    packets: [withMacs(udp('10.0.1.20:53 > 192.0.2.9:53'), '02000000000a', '02000000000b')],
    reason:
      'eni-a lets it out; eni-b, the other end, drops it: its destination 192.0.2.9 is no address of eni-b, whose source/destination check is on',
  },
  {
    cause: 'multicast',
    title: 'NF-4: multicast',
    vpc: subnetWorld(),
    packets: [udp('10.0.1.20:5353 > 224.0.0.251:5353')],
    reason: '224.0.0.251 is a multicast address, and a VPC carries no multicast',
  },
  {
    cause: 'multicast',
    title: 'NF-4: broadcast of the subnet',
    vpc: subnetWorld(),
    packets: [udp('10.0.1.20:137 > 10.0.1.255:137')],
    reason: '10.0.1.255 is a broadcast address, and a VPC carries no broadcast',
  },
  {
    cause: 'rule-matches',
    title: 'SG-1: a rule, and a connection',
    vpc: SSH,
    packets: [tcp(SSH_IN, 'S')],
    reason: `${RULE} allows it, and it opens a connection`,
  },
  {
    cause: 'rule-matches',
    title: 'SG-1, CT-15: several rules, and no connection',
    vpc: host([
      'in icmp/3/-1 203.0.113.0/24',
      'in all 203.0.113.7/32',
      'in icmp/-1/-1 203.0.113.0/24',
    ]),
    packets: [icmp(IN, [3, 1])],
    reason:
      'icmp/3 from 203.0.113.0/24 (sg-web:1 in sg-web) allows it, and so do 2 more; it opens no connection',
  },
  {
    cause: 'rule-matches',
    title: 'CT-18: a later fragment of a datagram whose first one a rule allowed',
    vpc: host(['in udp/53 203.0.113.0/24']),
    packets: [
      first(udp('203.0.113.7:5353 > 10.0.1.20:53', 0), 7),
      later(udp('203.0.113.7:5353 > 10.0.1.20:53', 1), 7),
    ],
    reason:
      'a later fragment, it shares the verdict of the first, frame 1: udp/53 from 203.0.113.0/24 (sg-web:1 in sg-web) allows it',
  },
  {
    cause: 'connection',
    title: 'CT-2: a reply',
    vpc: SSH,
    packets: [tcp(SSH_IN, 'S', 0), tcp(SSH_OUT, 'SA', 1)],
    reason: `it answers the connection that frame 1 began, by ${RULE}`,
  },
  {
    cause: 'connection',
    title: 'CT-8: the rule was revoked',
    vpc: SSH,
    change: [10, 'revoke', host([])],
    packets: [tcp(SSH_IN, 'S', 0), tcp(SSH_OUT, 'SA', 1), tcp(SSH_IN, 'A', 20)],
    reason: `it goes on with the connection that frame 1 began, by ${RULE}, which is gone by now`,
  },
  {
    cause: 'error-about-connection',
    title: 'CT-16: port unreachable',
    vpc: host(['out udp/53 203.0.113.0/24']),
    packets: [
      udp('10.0.1.20:40000 > 203.0.113.7:53', 0),
      icmp(IN, [3, 3], 1, { quote: udp('10.0.1.20:40000 > 203.0.113.7:53') }),
    ],
    reason:
      'it is an icmp error about the connection that frame 1 began, by udp/53 to 203.0.113.0/24 (sg-web:1 in sg-web)',
  },
  {
    cause: 'error-about-connection',
    title: 'CT-16: about the reply of a connection from outside',
    vpc: SSH,
    packets: [
      ...[tcp(SSH_IN, 'S', 0), tcp(SSH_OUT, 'SA', 1)],
      icmp('198.51.100.1 > 10.0.1.20', [3, 4], 2, { quote: tcp(SSH_OUT, 'SA') }),
    ],
    reason: `it is an icmp error about the connection that frame 1 began, by ${RULE}`,
  },
  {
    cause: 'untracked-flow',
    title: 'CT-4: a request',
    vpc: OPEN,
    packets: [tcp(HTTP, 'S')],
    reason:
      'tcp/80 from 0.0.0.0/0 (sg-web:1 in sg-web) allows it; the flow is not tracked, since rules let every address in and out',
  },
  {
    cause: 'untracked-flow',
    title: 'CT-6: the reply needs a rule of its own',
    vpc: OPEN,
    packets: [tcp(HTTP, 'S', 0), tcp(HTTP_BACK, 'SA', 1)],
    reason:
      'all to 0.0.0.0/0 (sg-web:2 in sg-web) allows it; the flow is not tracked, since rules let every address in and out',
  },
  {
    cause: 'assumed-connection',
    title: 'CT-14: a packet of the opener',
    vpc: SSH,
    packets: [tcp(SSH_IN, 'PA')],
    reason: `its opening is not in the capture, and ${RULE} allows it: the connection is taken for one that was allowed`,
  },
  {
    cause: 'assumed-connection',
    title: 'CT-14: a reply',
    vpc: SSH,
    packets: [tcp(SSH_OUT, 'PA')],
    reason: `its opening is not in the capture, and ${RULE} allows what it answers: the connection is taken for one that was allowed`,
  },
  {
    cause: 'assumed-connection',
    title: 'CT-11: a flow that was not tracked until rules became narrower',
    vpc: OPEN,
    change: [10, 'narrow', host(['in tcp/80 203.0.113.0/24'])],
    packets: [tcp(HTTP, 'S', 0), tcp(HTTP_BACK, 'SA', 1), tcp(HTTP, 'A', 20)],
    reason:
      'its flow needed no tracking until rules became narrower; tcp/80 from 203.0.113.0/24 (sg-web:1 in sg-web) allows it, and from here on it is tracked',
  },
  {
    cause: 'not-filtered',
    title: "NF-1: Amazon's services",
    vpc: SSH,
    packets: [tcp('10.0.1.20:40000 > 169.254.169.254:80', 'S')],
    reason:
      "169.254.169.254 is an address of Amazon's services, which security groups do not filter",
  },
  {
    cause: 'not-filtered',
    title: 'NF-1: the resolver of the VPC',
    vpc: subnetWorld(),
    packets: [udp('10.0.1.20:40000 > 10.0.0.2:53')],
    reason:
      '10.0.0.2 is an address that AWS reserves in the VPC, which security groups do not filter',
  },
  {
    cause: 'not-filtered',
    title: 'NF-1: DHCP',
    vpc: SSH,
    packets: [udp('10.0.1.20:68 > 10.0.1.1:67')],
    reason: 'it is dhcp, which security groups do not filter',
  },
  {
    cause: 'not-filtered',
    title: 'NF-3: neighbor discovery',
    vpc: SSH,
    packets: [icmp('2001:db8::20 > 2001:db8::1', [135, 0])],
    reason: 'it is neighbor or multicast listener discovery, which security groups do not filter',
  },
  {
    cause: 'not-filtered',
    title: 'NF-3: no IP',
    vpc: SSH,
    packets: [frame({ kind: 'non-ip' })],
    reason: 'it is not IP, and security groups filter only IP',
  },
  {
    cause: 'not-filtered',
    title: 'SG-20: both ends on one interface',
    vpc: describeVpc({
      groups: [group('sg-a')],
      interfaces: [eni('eni-a', ['10.0.1.20', '10.0.1.21'], ['sg-a'])],
    }),
    packets: [udp('10.0.1.20:1 > 10.0.1.21:2')],
    reason: 'one interface has both 10.0.1.20 and 10.0.1.21: it never leaves the host',
  },
  {
    cause: 'not-filtered',
    title: 'SG-7: a service interface',
    vpc: describeVpc({
      interfaces: [eni('eni-nat', ['10.0.1.20'], [], { name: 'nat-1', type: 'natGateway' })],
    }),
    packets: [tcp(SSH_IN, 'S')],
    reason: 'it meets eni-nat (nat-1), a natGateway interface without groups',
  },
  {
    cause: 'not-judged',
    title: 'NI-5: of no interface',
    vpc: SSH,
    packets: [bare('192.0.2.1 > 198.51.100.1', 47)],
    reason: 'no loaded interface has 192.0.2.1 or 198.51.100.1',
  },
  {
    cause: 'not-judged',
    title: 'NI-5: IPv6 of no interface',
    vpc: SSH,
    packets: [icmp('2001:db8:1::7 > 2001:db8:1::8', [128, 0])],
    reason: 'no loaded interface has 2001:db8:1::7 or 2001:db8:1::8',
  },
];
