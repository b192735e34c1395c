import type { Outcome } from '../../src/model/outcome.js';
import { flows, NO_PACKETS, NONE, tally } from './tallies.js';

/** Names that try to steer the terminal, long ids, wide characters, IPv6 at full length, large numbers. */
export const HOSTILE: Outcome = {
  captures: [
    {
      name: '\u001b[2J\u001b]0;owned\u0007day\r\n1.pcap\u202egnp',
      format: 'pcap, big-endian, nanoseconds',
      linkType: 'link type 147',
      packets: 9_999_999_999_999,
      bytes: 9_007_199_254_740_991,
      firstTimeNs: -1n,
      lastTimeNs: 10n ** 30n,
      disordered: 1,
      overlong: 2,
      untimed: 0,
    },
  ],
  reading: {
    leftOut: 0,
    peeled: 0,
    linkTypes: [{ linkType: 'link \u001b[31m\u202etype', read: false, packets: 1, bytes: 60 }],
  },
  totals: flows(9_999_999_999_999, 9_007_199_254_740_991, 4_000_000_000),
  byVerdict: {
    allow: flows(9_999_999_999_998, 9_007_199_254_740_931, 3_999_999_999),
    drop: flows(1, 60, 1),
    'not-filtered': NONE,
    'not-judged': NONE,
  },
  byCode: [
    { code: 'rule', ...flows(9_999_999_999_998, 9_007_199_254_740_931, 3_999_999_999) },
    { code: 'not-opened', ...flows(1, 60, 1) },
  ],
  byInterface: [
    {
      eni: 'module.network["eu"].aws_network_interface.application_load_balancer_front_end["blue"]',
      name: '日本語のウェブサーバー\u009b31m',
      direction: 'egress',
      allowed: tally(9_999_999_999_998, 9_007_199_254_740_931),
      dropped: tally(1, 60),
      notFiltered: NO_PACKETS,
      notJudged: tally(9_999_999_999_999, 9_007_199_254_740_991),
    },
  ],
  byRule: [
    {
      rule: 'module.network["eu"].aws_vpc_security_group_egress_rule.application["blue"]',
      groupId: 'sg-0aaaabbbbccccdddd',
      direction: 'egress',
      text: 'tcp/1024-65535 to 2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff/128',
      ...flows(9_999_999_999_998, 9_007_199_254_740_931, 3_999_999_999),
    },
    {
      rule: 'sgr-0123456789abcdef0',
      groupId: 'sg-0aaaabbbbccccdddd',
      direction: 'ingress',
      text: 'tcp/22 from 192.0.2.0/24',
      ...NONE,
    },
  ],
  otherDroppedFlows: { count: 0, packets: 0, bytes: 0, flows: 0 },
  droppedFlows: [
    {
      code: 'not-opened',
      eni: 'eni-0a11bb22cc33dd44e',
      direction: 'egress',
      protocol: 17,
      ports: { from: 33_434, to: 33_534 },
      ...flows(1, 60, 2),
      firstTimeNs: 1_700_000_000_123_456_789n,
      lastTimeNs: 1_700_000_000_123_456_789n,
      example: {
        frame: 4_294_967_295,
        source: '2001:db8:1111:2222:3333:4444:5555:6666',
        destination: '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff',
        sourcePort: 1,
        destinationPort: 33_434,
      },
    },
  ],
  phases: [],
  assumptions: [],
  warnings: [
    {
      severity: 'warning',
      code: 'unknown-key',
      place: `vpc.json: ${'Deep.'.repeat(20)}key`,
      fact: 'not read: \u001b[31mred\u001b[0m\u2028next line',
    },
  ],
};
