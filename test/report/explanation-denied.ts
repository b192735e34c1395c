import { parseAddress } from '../../src/model/address.js';
import type { Explanation, RuleReference } from '../../src/model/explanation.js';
import type { IpPacket, Packet } from '../../src/model/packet.js';
import { SYN } from '../../src/model/protocol.js';

export const address = (text: string) => parseAddress(text)!;

/** 2026-03-02T09:14:19.877987Z */
export const START_NS = 1_772_442_859_877_987_000n;

export const ipPacket = (ip: IpPacket, length: number, timeNs: bigint): Packet => ({
  timeNs,
  length,
  content: { kind: 'ip', ip },
});

export const OFFSET_NS = 12_004_117_000n;

export const captured = (frame: number, offsetNs: bigint) => ({
  capture: 'db.pcap',
  frame,
  timeNs: START_NS + offsetNs,
  offsetNs,
});

export const FROM_WEB: RuleReference = {
  id: 'sgr-07f',
  groupId: 'sg-db',
  groupName: 'db',
  direction: 'ingress',
  text: 'tcp/5432 from sg-web',
  description: 'from the web tier',
  place: 'vpc.json: SecurityGroups[0].IpPermissions[1].UserIdGroupPairs[0]',
  source: { file: 'vpc.json', line: 212, text: '        "FromPort": 5432,' },
};

const NEXT_PORT: RuleReference = {
  id: 'sgr-09c',
  groupId: 'sg-db',
  groupName: 'db',
  direction: 'ingress',
  text: 'tcp/5433 from sg-app',
  place: 'vpc.json: SecurityGroups[0].IpPermissions[2].UserIdGroupPairs[0]',
  source: { file: 'vpc.json', line: 219, text: '"FromPort": 5433,' },
};

const ALL_OUT: RuleReference = {
  id: 'sgr-0e1',
  groupId: 'sg-app',
  direction: 'egress',
  text: 'all to 0.0.0.0/0',
  place: 'vpc.json: SecurityGroups[1].IpPermissionsEgress[0].IpRanges[0]',
  source: {
    file: 'vpc.json',
    line: 301,
    text: '\t{ "IpProtocol": "-1", "IpRanges": [{ "CidrIp": "0.0.0.0/0", "Description": "all out" }] }',
  },
};

export const OPENING = ipPacket(
  {
    source: address('10.40.1.25'),
    destination: address('10.40.7.9'),
    protocol: 6,
    transport: { kind: 'tcp', sourcePort: 51_544, destinationPort: 5432, flags: SYN },
  },
  74,
  START_NS + OFFSET_NS,
);

/** Dropped where it arrives: one rule misses by the peer, another by the port; two ways to let it in. */
export const DENIED: Explanation = {
  verdict: 'drop',
  code: 'no-rule',
  cause: 'peer-not-allowed',
  reason: '10.40.1.25 is eni-0app (app-1) in sg-app, not in sg-web that sgr-07f names for tcp/5432',
  packet: { packet: OPENING, captured: captured(48_213, OFFSET_NS) },
  at: { eni: 'eni-0db', name: 'db-1', direction: 'ingress', filter: 2, filters: 2 },
  steps: [
    {
      question: 'interface',
      result: 'next',
      text: 'eni-0app holds 10.40.1.25, eni-0db holds 10.40.7.9',
    },
    {
      question: 'exempt',
      eni: 'eni-0app',
      direction: 'egress',
      result: 'next',
      text: 'no service of Amazon',
    },
    {
      question: 'rules',
      eni: 'eni-0app',
      direction: 'egress',
      result: 'pass',
      text: 'sgr-0e1 of sg-app: all to 0.0.0.0/0',
      rule: ALL_OUT,
    },
    {
      question: 'connection',
      eni: 'eni-0db',
      direction: 'ingress',
      result: 'next',
      text: 'none is remembered for these ends and ports, neither live nor over',
    },
    {
      question: 'mid-stream',
      eni: 'eni-0db',
      direction: 'ingress',
      result: 'skip',
      text: 'the packet opens',
    },
    {
      question: 'rules',
      eni: 'eni-0db',
      direction: 'ingress',
      result: 'drop',
      text: 'none of 14 rules of sg-db, sg-base matches',
    },
  ],
  connection: { result: 'miss', text: 'nothing is remembered' },
  rules: {
    direction: 'ingress',
    groupIds: ['sg-base', 'sg-db'],
    matched: [],
    nearest: [
      {
        rule: FROM_WEB,
        protocol: true,
        ports: true,
        peer: false,
        miss: '10.40.1.25 is in sg-app, not in sg-web',
      },
      {
        rule: NEXT_PORT,
        protocol: true,
        ports: false,
        peer: true,
        miss: '5432 is not 5433',
      },
    ],
    others: 12,
  },
  peer: {
    address: '10.40.1.25',
    kind: 'interface',
    eni: 'eni-0app',
    name: 'app-1',
    groupIds: ['sg-app'],
    text: 'eni-0app (app-1) in sg-app',
  },
  fixes: [
    {
      certainty: 'likely',
      text: 'add tcp/5432 from sg-app to the ingress rules of sg-db',
      edits: [
        {
          kind: 'authorize',
          groupId: 'sg-db',
          direction: 'ingress',
          rules: [
            {
              traffic: { kind: 'ports', protocol: 6, from: 5432, to: 5432 },
              peer: { kind: 'group', groupId: 'sg-app' },
            },
          ],
        },
      ],
      commands: [
        'aws ec2 authorize-security-group-ingress --group-id sg-db --protocol tcp --port 5432 --source-group sg-app',
      ],
      effect: {
        admits: { packets: 1204, bytes: 98_316 },
        flows: 37,
        otherFlows: 3,
        otherExample: '10.40.1.31:40100 > 10.40.7.9:5432 tcp',
        complete: true,
      },
    },
    {
      certainty: 'possible',
      text: 'put eni-0app into sg-web too',
      edits: [{ kind: 'set-groups', target: 'eni-0app', groupIds: ['sg-app', 'sg-web'] }],
      commands: [
        'aws ec2 modify-network-interface-attribute --network-interface-id eni-0app --groups sg-app sg-web',
      ],
      effect: {
        admits: { packets: 1, bytes: 74 },
        flows: 1,
        otherFlows: 0,
        complete: true,
      },
    },
  ],
  share: {
    packets: 1204,
    bytes: 98_316,
    flows: 37,
    firstFrame: 911,
    firstTimeNs: START_NS + 500_000_000n,
    lastTimeNs: START_NS + 60_000_000_001n,
  },
  assumptions: [
    {
      rule: 'SG-10',
      text: 'group references cover delegated prefixes and detached interfaces too',
    },
  ],
};
