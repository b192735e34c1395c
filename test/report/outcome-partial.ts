import type { Outcome } from '../../src/model/outcome.js';
import { flows, NO_PACKETS, NONE, tally } from './tallies.js';

const WEB = 'eni-0a11bb22cc33dd44e';
const DB = 'eni-0f99ee88dd77cc66b';

/** Two captures, one damaged; lists longer than `top: 1`. */
export const PARTIAL: Outcome = {
  captures: [
    {
      name: 'day1.pcap',
      format: 'pcap, little-endian, microseconds',
      linkType: 'Ethernet',
      packets: 3,
      bytes: 222,
      firstTimeNs: 1_700_000_000_000_000_000n,
      lastTimeNs: 1_700_000_000_250_000_000n,
      disordered: 0,
      overlong: 1,
      untimed: 0,
      stopped: {
        frame: 4,
        fact: 'the record claims 4294967295 bytes, more than the snapshot length of 262144 allows',
      },
    },
    {
      name: 'day2.pcap',
      format: 'pcap, little-endian, microseconds',
      linkType: 'Ethernet',
      packets: 1,
      bytes: 74,
      firstTimeNs: 1_700_086_400_000_000_000n,
      lastTimeNs: 1_700_086_400_000_000_000n,
      disordered: 0,
      overlong: 0,
      untimed: 0,
      stopped: { frame: 2, fact: 'the file ends inside a record' },
    },
  ],
  reading: {
    leftOut: 1_234,
    peeled: 5,
    linkTypes: [
      { linkType: 'ethernet', read: true, packets: 7, bytes: 700 },
      { linkType: 'usb-linux', read: false, packets: 1_003, bytes: 64_192 },
    ],
    wrongChecksums: { ip: 0, transport: 1_017 },
  },
  totals: flows(4, 296, 3),
  byVerdict: {
    allow: flows(1, 74, 1),
    drop: flows(2, 148, 1),
    'not-filtered': NONE,
    'not-judged': flows(1, 74, 1),
  },
  byCode: [
    { code: 'inferred', ...flows(1, 74, 1) },
    { code: 'no-rule', ...flows(2, 148, 1) },
    { code: 'no-interface', ...flows(1, 74, 1) },
  ],
  byInterface: [
    {
      eni: WEB,
      direction: 'ingress',
      allowed: tally(1, 74),
      dropped: tally(1, 74),
      notFiltered: NO_PACKETS,
      notJudged: NO_PACKETS,
    },
    {
      eni: DB,
      direction: 'ingress',
      allowed: NO_PACKETS,
      dropped: tally(1, 74),
      notFiltered: NO_PACKETS,
      notJudged: NO_PACKETS,
    },
    {
      eni: DB,
      direction: 'egress',
      allowed: NO_PACKETS,
      dropped: NO_PACKETS,
      notFiltered: tally(1, 74),
      notJudged: NO_PACKETS,
    },
  ],
  byRule: [
    {
      rule: 'web:ingress:1',
      groupId: 'web',
      direction: 'ingress',
      text: 'tcp/80 from 0.0.0.0/0',
      ...flows(1, 74, 1),
    },
    {
      rule: 'web:ingress:2',
      groupId: 'web',
      direction: 'ingress',
      text: 'tcp/443 from 0.0.0.0/0',
      ...NONE,
    },
    { rule: 'web:egress:1', groupId: 'web', direction: 'egress', text: 'all to ::/0', ...NONE },
  ],
  otherDroppedFlows: { count: 0, packets: 0, bytes: 0, flows: 0 },
  droppedFlows: [
    {
      code: 'no-rule',
      eni: WEB,
      direction: 'ingress',
      protocol: 6,
      ports: { from: 22, to: 22 },
      ...flows(1, 74, 1),
      firstTimeNs: 1_700_000_000_000_000_000n,
      lastTimeNs: 1_700_000_000_000_000_000n,
      example: {
        frame: 1,
        source: '203.0.113.9',
        destination: '10.0.1.5',
        sourcePort: 51_000,
        destinationPort: 22,
      },
    },
    {
      code: 'no-rule',
      eni: DB,
      direction: 'ingress',
      protocol: 99,
      ...flows(1, 74, 0),
      firstTimeNs: 1_700_000_000_250_000_000n,
      lastTimeNs: 1_700_000_000_250_000_000n,
      example: { frame: 3, source: '203.0.113.9', destination: '10.0.2.8' },
    },
  ],
  phases: [],
  assumptions: [],
  warnings: [
    { severity: 'warning', code: 'one', place: '', fact: 'first' },
    { severity: 'warning', code: 'two', place: 'a.json', fact: 'second' },
  ],
};
