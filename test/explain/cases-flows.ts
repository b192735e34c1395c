import type { TrackingOptions } from '../../src/model/tracking.js';
import type { NetworkInterface } from '../../src/model/vpc.js';
import { describeVpc, eni, group, prefixes } from '../policy/describe-vpc.js';
import type { CauseCase } from './cause-case.js';
import { first, icmp, later, tcp, udp } from './packets.js';
import { host } from './story.js';

const SSH_IN = '203.0.113.7:51000 > 10.0.1.20:22';
const SSH_OUT = '10.0.1.20:22 > 203.0.113.7:51000';
const DNS_OUT = '10.0.1.20:40000 > 203.0.113.7:53';
const DNS_BACK = '203.0.113.7:53 > 10.0.1.20:40000';
const IN = '203.0.113.7 > 10.0.1.20';
const OUT = '10.0.1.20 > 203.0.113.7';
const RULE = 'tcp/22 from 203.0.113.0/24 (sg-web:1 in sg-web)';

const ssh = (more: Partial<NetworkInterface> = {}) => host(['in tcp/22 203.0.113.0/24'], more);
const HANDSHAKE = [tcp(SSH_IN, 'S', 0), tcp(SSH_OUT, 'SA', 0.1), tcp(SSH_IN, 'A', 0.2)];
const CLOSED = host(['in tcp/1 10.0.0.0/8']);
const STRICT: Partial<TrackingOptions> = { midstream: 'strict' };

/** Drops that what came before explains, in the capture or on the timeline. */
export const FLOW_CASES: readonly CauseCase[] = [
  {
    cause: 'rule-removed',
    title: 'SG-21, CT-9: revoked',
    vpc: ssh(),
    change: [10, 'revoke sg-web in tcp/22 203.0.113.0/24', CLOSED],
    packets: [tcp(SSH_IN, 'S', 20)],
    reason: `${RULE} allowed it until "revoke sg-web in tcp/22 203.0.113.0/24" at 1970-01-01T00:00:10.000000Z`,
  },
  {
    cause: 'rule-removed',
    title: 'CT-8: the group was taken off the interface, and the answer comes mid-stream',
    vpc: describeVpc({
      groups: [group('sg-web', ['in tcp/22 203.0.113.0/24']), group('sg-none')],
      interfaces: [eni('eni-web', ['10.0.1.20'], ['sg-web'])],
    }),
    change: [
      10,
      'set-groups eni-web sg-none',
      describeVpc({
        groups: [group('sg-web', ['in tcp/22 203.0.113.0/24']), group('sg-none')],
        interfaces: [eni('eni-web', ['10.0.1.20'], ['sg-none'])],
      }),
    ],
    packets: [tcp(SSH_OUT, 'PA', 12.5)],
    reason: `${RULE} allowed what it answers until "set-groups eni-web sg-none" at 1970-01-01T00:00:10.000000Z`,
  },
  {
    cause: 'rule-added-later',
    title: 'SG-21: authorized after it',
    vpc: host([]),
    change: [10, 'authorize sg-web in tcp/22 203.0.113.0/24', ssh()],
    packets: [tcp(SSH_IN, 'S', 5)],
    reason: `${RULE} allows it only since "authorize sg-web in tcp/22 203.0.113.0/24" at 1970-01-01T00:00:10.000000Z, 5 s after it`,
  },
  {
    cause: 'rule-added-later',
    title: 'SG-9, SG-21: a prefix list grows after it',
    vpc: {
      ...host(['in tcp/22 pl-1']),
      prefixLists: [{ id: 'pl-1', name: '', entries: [], place: '' }],
    },
    change: [
      10,
      'set-prefix-list pl-1',
      {
        ...host(['in tcp/22 pl-1']),
        prefixLists: [{ id: 'pl-1', name: '', entries: prefixes('203.0.113.0/24'), place: '' }],
      },
    ],
    packets: [tcp(SSH_IN, 'S', 9.75)],
    reason:
      'tcp/22 from pl-1 (sg-web:1 in sg-web) allows it only since "set-prefix-list pl-1" at 1970-01-01T00:00:10.000000Z, 0.25 s after it',
  },
  {
    cause: 'request-denied',
    title: 'CT-25: the answer to a denied SYN',
    vpc: host(['out all 0.0.0.0/0']),
    packets: [tcp(SSH_IN, 'S', 0), tcp(SSH_OUT, 'SA', 1)],
    reason: 'the reply would pass, but its request, frame 1, was dropped at eni-web ingress',
  },
  {
    cause: 'request-denied',
    title: 'CT-25: the answer to a denied ping',
    vpc: host(['in icmp/-1/-1 0.0.0.0/0']),
    packets: [icmp(OUT, [8, 0], 0, { id: 7 }), icmp(IN, [0, 0], 1, { id: 7 })],
    reason: 'the reply would pass, but its request, frame 1, was dropped at eni-web egress',
  },
  {
    cause: 'request-denied',
    title: 'CT-16, CT-25: an error about what was dropped',
    vpc: CLOSED,
    packets: [udp(DNS_OUT, 0), icmp(IN, [3, 3], 1, { quote: udp(DNS_OUT) })],
    reason:
      'it is an icmp error about a flow whose opening, frame 1, was dropped at eni-web egress',
  },
  {
    cause: 'opening-denied',
    title: 'CT-25: what follows a denied SYN',
    vpc: host(['out all 0.0.0.0/0']),
    packets: [tcp(SSH_IN, 'S', 0), tcp(SSH_IN, 'A', 1)],
    reason: 'the opening of its connection, frame 1, was dropped at eni-web ingress',
  },
  {
    cause: 'opening-denied',
    title: 'CT-25: on the way out, after other frames',
    vpc: host(['in all 10.0.0.0/8']),
    packets: [udp(DNS_OUT, 0), tcp(SSH_OUT, 'S', 1), tcp(SSH_OUT, 'PA', 2)],
    reason: 'the opening of its connection, frame 2, was dropped at eni-web egress',
  },
  {
    cause: 'reply-too-late',
    title: 'CT-12: udp after 30 s',
    vpc: host(['out udp/53 203.0.113.0/24']),
    packets: [udp(DNS_OUT, 0), udp(DNS_BACK, 45)],
    reason:
      'it answers a connection, opened by frame 1, that was silent for 45 s; eni-web forgets udp after 30 s (the default UdpTimeout), and no rule allows the reply alone',
  },
  {
    cause: 'reply-too-late',
    title: 'CT-15: ping after 30 s',
    vpc: host(['out icmp/8/-1 203.0.113.0/24']),
    packets: [icmp(OUT, [8, 0], 0, { id: 7 }), icmp(IN, [0, 0], 30.5, { id: 7 })],
    reason:
      'it answers a connection, opened by frame 1, that was silent for 30.5 s; eni-web forgets icmp queries after 30 s, and no rule allows the reply alone',
  },
  {
    cause: 'reply-too-late',
    title: 'CT-12, CT-21: a stream, at an interface with a limit of its own',
    vpc: host(['out udp/53 203.0.113.0/24'], { idleSeconds: { udpStream: 60 } }),
    packets: [
      ...[udp(DNS_OUT, 0), udp(DNS_BACK, 1), udp(DNS_OUT, 2), udp(DNS_BACK, 3)],
      udp(DNS_BACK, 103),
    ],
    reason:
      'it answers a connection, opened by frame 1, that was silent for 100 s; eni-web forgets a udp stream after 60 s (its UdpStreamTimeout), and no rule allows the reply alone',
  },
  {
    cause: 'reply-too-late',
    title: 'CT-16: an error about a flow that was forgotten',
    vpc: host(['out udp/53 203.0.113.0/24']),
    packets: [udp(DNS_OUT, 0), icmp(IN, [3, 3], 31, { quote: udp(DNS_OUT) })],
    reason:
      'it is an icmp error about a connection, opened by frame 1, that was silent for 31 s; eni-web forgets udp after 30 s (the default UdpTimeout), and no rule allows the error alone',
  },
  {
    cause: 'reply-too-late',
    title: 'CT-25: the request was denied, and is no longer remembered',
    vpc: CLOSED,
    packets: [udp(DNS_OUT, 0), udp(DNS_BACK, 45)],
    reason:
      'it answers frame 1, which was dropped, and comes 45 s after it: too late also if the request had passed, since eni-web forgets udp after 30 s',
  },
  {
    cause: 'idle-too-long',
    title: 'CT-14, CT-21: silent for longer than the interface allows',
    vpc: ssh({ idleSeconds: { tcpEstablished: 350 } }),
    packets: [...HANDSHAKE, tcp(SSH_IN, 'PA', 412.2)],
    reason:
      'its connection, opened by frame 1, was silent for 412 s, and eni-web forgets established tcp after 350 s (its TcpEstablishedTimeout)',
  },
  {
    cause: 'idle-too-long',
    title: 'CT-23: by way of a network load balancer',
    vpc: {
      ...ssh(),
      paths: [{ prefix: prefixes('203.0.113.0/24')[0]!, via: 'network-load-balancer', place: '' }],
    },
    packets: [...HANDSHAKE, tcp(SSH_OUT, 'PA', 400.7)],
    reason:
      'its connection, opened by frame 1, was silent for 400.5 s, and eni-web forgets established tcp after 350 s (the TcpEstablishedTimeout of a network load balancer)',
  },
  {
    cause: 'idle-too-long',
    title: 'CT-13: half-open, and strict about what begins mid-stream',
    vpc: ssh(),
    options: STRICT,
    packets: [tcp(SSH_IN, 'S', 0), tcp(SSH_OUT, 'SA', 130)],
    reason:
      'its connection, opened by frame 1, was silent for 130 s, and eni-web forgets half-open tcp after 120 s',
  },
  {
    cause: 'connection-closed',
    title: 'CT-13, CT-14: reset',
    vpc: ssh(),
    packets: [...HANDSHAKE, tcp(SSH_OUT, 'R', 1), tcp(SSH_IN, 'PA', 42)],
    reason:
      'its connection, opened by frame 1, ended with RST, and this comes 41 s after its last packet; eni-web forgets tcp that was reset after 10 s',
  },
  {
    cause: 'connection-closed',
    title: 'CT-13, CT-14: closed by both sides',
    vpc: ssh(),
    packets: [
      ...HANDSHAKE,
      ...[tcp(SSH_IN, 'FA', 1), tcp(SSH_OUT, 'FA', 2), tcp(SSH_IN, 'A', 3)],
      tcp(SSH_OUT, 'PA', 203),
    ],
    reason:
      'its connection, opened by frame 1, ended with FIN, and this comes 200 s after its last packet; eni-web forgets closed tcp after 120 s',
  },
  {
    cause: 'mid-stream',
    title: 'CT-14: no rule for either direction',
    vpc: host(['in tcp/22 10.0.0.0/8']),
    packets: [tcp(SSH_IN, 'PA')],
    reason:
      'its opening is not in the capture, and no rule allows it or what it would answer; nearest is tcp/22 from 10.0.0.0/8 (sg-web:1 in sg-web), but 203.0.113.7 is outside 10.0.0.0/8',
  },
  {
    cause: 'mid-stream',
    title: 'CT-14: no rule that comes near, and not the first packet of the flow',
    vpc: host(['in tcp/22 10.0.0.0/8']),
    packets: [tcp(SSH_OUT, 'PA', 0), tcp(SSH_OUT, 'PA', 1)],
    reason: 'its opening is not in the capture, and no rule allows it or what it would answer',
  },
  {
    cause: 'mid-stream',
    title: 'CT-14: strict',
    vpc: ssh(),
    options: STRICT,
    packets: [tcp(SSH_IN, 'PA')],
    reason:
      'its connection is not known, and with --midstream strict tcp has to begin with a bare SYN',
  },
  {
    cause: 'port-not-allowed',
    title: 'CT-18: a later fragment of a datagram whose first one was dropped',
    vpc: host(['in udp/53 203.0.113.0/24']),
    packets: [
      first(udp('203.0.113.7:5353 > 10.0.1.20:54', 0), 7),
      later(udp('203.0.113.7:5353 > 10.0.1.20:54', 1), 7),
    ],
    reason:
      'a later fragment, it shares the verdict of the first, frame 1: no rule allows it; nearest is udp/53 from 203.0.113.0/24 (sg-web:1 in sg-web), but port 54 is not 53',
  },
];
