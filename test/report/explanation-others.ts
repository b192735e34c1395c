import type { Answers } from '../../src/model/answers.js';
import type { Explanation } from '../../src/model/explanation.js';
import { ACK, SYN } from '../../src/model/protocol.js';
import {
  address,
  captured,
  DENIED,
  FROM_WEB,
  ipPacket,
  OPENING,
  START_NS,
} from './explanation-denied.js';

const SECOND = 1_000_000_000n;
const PSH = 0x08;

const REPLY = {
  source: address('10.40.7.9'),
  destination: address('10.40.2.8'),
  protocol: 6,
  transport: { kind: 'tcp', sourcePort: 5432, destinationPort: 40_100, flags: PSH | ACK },
} as const;

/** Passes because its connection is live, though the rule that opened it may be gone. */
export const TRACKED: Explanation = {
  verdict: 'allow',
  code: 'tracked',
  cause: 'connection',
  reason: 'it answers a connection that sgr-07f let in with frame 12',
  packet: {
    packet: ipPacket(REPLY, 1514, START_NS + 3n * SECOND),
    captured: captured(60, 3n * SECOND),
  },
  at: { eni: 'eni-0db', direction: 'egress', filter: 1, filters: 1 },
  steps: [
    {
      question: 'connection',
      eni: 'eni-0db',
      direction: 'egress',
      result: 'pass',
      text: 'a live one: rules are not asked',
      rule: FROM_WEB,
    },
    { question: 'rules', eni: 'eni-0db', direction: 'egress', result: 'skip', text: 'not asked' },
  ],
  connection: {
    result: 'hit',
    text: 'tcp 10.40.2.8:40100 with 10.40.7.9:5432',
    remembered: {
      kind: 'connection',
      eni: 'eni-0db',
      flow: {
        local: address('10.40.7.9'),
        remote: address('10.40.2.8'),
        protocol: 6,
        localPort: 5432,
        remotePort: 40_100,
      },
      state: 'ESTABLISHED',
      original: 'ingress',
      rule: 'sgr-07f',
      lastSeenNs: START_NS + 2_900_000_000n,
      idleSeconds: 432_000,
      wasEstablished: true,
      turns: 0,
      lastWasOriginal: true,
      account: {
        createdNs: START_NS + SECOND,
        createdFrame: 12,
        original: { packets: 25, bytes: 2150 },
        reply: { packets: 1, bytes: 74 },
      },
    },
    rule: FROM_WEB,
  },
  fixes: [],
  share: {
    packets: 1,
    bytes: 1514,
    flows: 1,
    firstFrame: 60,
    firstTimeNs: START_NS + 3n * SECOND,
    lastTimeNs: START_NS + 3n * SECOND,
  },
  assumptions: [],
};

/** What the database answered when it was captured, though here the opening is dropped. */
export const NOT_OPENED: Explanation = {
  verdict: 'drop',
  code: 'not-opened',
  cause: 'opening-denied',
  reason: 'frame 48213, which opens this connection, was dropped at eni-0db ingress: no-rule',
  packet: {
    packet: ipPacket(
      {
        source: address('2001:db8::9'),
        destination: address('2001:db8::25'),
        protocol: 6,
        transport: { kind: 'tcp', sourcePort: 5432, destinationPort: 51_544, flags: SYN | ACK },
      },
      94,
      START_NS - 250_000_000n,
    ),
    captured: {
      capture: 'ring/b.pcap',
      frame: 48_214,
      ownFrame: 7,
      timeNs: START_NS - 250_000_000n,
      offsetNs: 0n,
    },
  },
  at: { eni: 'eni-0db', name: 'db-1', direction: 'egress', filter: 1, filters: 2 },
  steps: [
    {
      question: 'denied-opening',
      eni: 'eni-0db',
      direction: 'egress',
      result: 'drop',
      text: 'it answers an opening that was dropped 0.2 s before',
    },
  ],
  connection: { result: 'denied', text: 'its opening was dropped' },
  peer: { address: '2001:db8::25', kind: 'outside', text: 'an address outside of the VPC' },
  fixes: [
    {
      certainty: 'likely',
      text: 'let the opening pass: see frame 48213',
      edits: [],
      commands: [],
    },
  ],
  share: {
    packets: 82,
    bytes: 13_200,
    flows: 1,
    firstFrame: 48_214,
    firstTimeNs: START_NS - 250_000_000n,
    lastTimeNs: START_NS + SECOND,
  },
  assumptions: [
    { rule: 'CT-25', text: 'packets that answer or follow a denied opening are dropped too' },
  ],
};

/** Nobody can tell from a frame that ends in its headers. */
export const NOT_JUDGED: Explanation = {
  verdict: 'not-judged',
  code: 'cut',
  cause: 'not-judged',
  reason: 'the frame was captured too short to read its ports',
  packet: {
    packet: {
      timeNs: START_NS,
      length: 1514,
      sourceMac: '020000000001',
      destinationMac: '0200000000ff',
      content: { kind: 'unread', code: 'cut' },
    },
    captured: captured(1, 0n),
  },
  steps: [],
  fixes: [
    {
      certainty: 'possible',
      text: 'capture again with `-s 128` or more',
      edits: [],
      commands: [],
    },
  ],
  assumptions: [],
};

/** Kernel and reference part: sgsim is wrong somewhere. */
export const DISAGREEMENT: Explanation = {
  ...NOT_JUDGED,
  verdict: 'allow',
  code: 'rule',
  cause: 'rule-matches',
  reason: 'sgr-07f allows it',
  packet: { packet: OPENING, captured: captured(48_213, 12_004_117_000n) },
  at: { eni: 'eni-0db', direction: 'ingress', filter: 1, filters: 1 },
  rules: {
    direction: 'ingress',
    groupIds: ['sg-db'],
    matched: [{ rule: FROM_WEB, protocol: true, ports: true, peer: true, miss: '' }],
    nearest: [],
    others: 0,
  },
  fixes: [],
  disagreement: 'replay: drop no-rule at eni-0db ingress; specification: allow rule by sgr-07f',
};

/** A packet that was only asked about, about several interfaces. */
const ASKED: Explanation = {
  verdict: 'drop',
  code: 'no-rule',
  cause: 'no-rules',
  reason: 'sg-db has no ingress rules',
  packet: {
    packet: ipPacket(
      {
        source: address('203.0.113.9'),
        destination: address('10.40.7.9'),
        protocol: 1,
        transport: { kind: 'icmp', type: 8, code: 0, id: 7 },
      },
      84,
      0n,
    ),
  },
  at: { eni: 'eni-0db', direction: 'ingress', filter: 1, filters: 1 },
  steps: [],
  rules: { direction: 'ingress', groupIds: ['sg-db'], matched: [], nearest: [], others: 0 },
  fixes: [],
  assumptions: [],
};

export const BY_MEMBER: Answers = {
  shown: [
    { explanation: ASKED, subjects: ['eni-a', 'eni-b'] },
    { explanation: { ...ASKED, reason: 'sg-old has no ingress rules' }, subjects: ['eni-c'] },
  ],
  total: { answers: 3, subjects: 4 },
};

export const BY_CAUSE: Answers = {
  shown: [{ explanation: DENIED }, { explanation: NOT_OPENED }],
  total: { answers: 5, packets: 2000, flows: 41 },
};
