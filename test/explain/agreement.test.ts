import { describe, expect, it } from 'vitest';
import type { CaptureFile } from '../../src/capture/capture-file.js';
import { flowLogKind } from '../../src/capture/flow-log-kind.js';
import { loadVpc } from '../../src/documents/load.js';
import { createAgreementTally } from '../../src/explain/agreement.js';
import { createRecordedCapture } from '../../src/generate/recorded-capture.js';
import type { Agreement } from '../../src/model/agreement.js';
import {
  DEFAULT_FLOW_LOG_FIELDS,
  FLOW_LOG_FIELDS,
  type FlowLogField,
} from '../../src/model/flow-log-field.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { createFlowLogRecorder } from '../../src/replay/flow-log-recorder.js';
import { replay } from '../../src/replay/replay.js';
import { createRecordWriter } from '../../src/report/flow-log-line.js';
import { inMemory } from '../replay/in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from '../replay/random-traffic.js';

const ALL = FLOW_LOG_FIELDS.map(({ name }) => name);
const describeVpc = (text: string) => loadVpc([{ name: 'vpc.yaml', text }]).description;

async function ownLog(
  capture: Uint8Array,
  vpc: string,
  fields: readonly FlowLogField[],
): Promise<string> {
  const description = describeVpc(vpc);
  const write = createRecordWriter(description, fields);
  const lines = [fields.join(' ')];
  const recorder = createFlowLogRecorder({
    onClosed: (flows) => {
      for (const flow of flows) lines.push(write(flow).join(' '));
    },
  });
  await replay(() => resolveTimeline(description), [inMemory(capture)], {
    ...{ tracking: DEFAULT_TRACKING, workers: 1, observers: [recorder] },
  });
  await recorder.finish();
  return lines.join('\n');
}

async function agree(
  log: string,
  vpc: string,
  way: { workers?: number; chunkBytes?: number } = {},
): Promise<Agreement> {
  const description = describeVpc(vpc);
  const bytes = new TextEncoder().encode(log);
  const file: CaptureFile = {
    name: 'flows.log',
    size: bytes.length,
    open: () => inMemory(bytes),
    firstBytes: (count) => Promise.resolve(bytes.subarray(0, count)),
  };
  const interfaces = new Map(description.interfaces.map((eni) => [eni.id, eni]));
  const tally = createAgreementTally(new Set(interfaces.keys()));
  const kind = flowLogKind(bytes.subarray(0, 4096))!;
  const source = createRecordedCapture('flows.log', [{ file, kind }], {
    ...{ interfaces, thinned: true, onFrame: tally.onFrame },
  });
  const timeline = resolveTimeline(description);
  await replay(() => timeline, [source], {
    ...{ tracking: DEFAULT_TRACKING, workers: 1, onVerdicts: (some) => tally.take(some) },
    ...way,
  });
  const world = { timeline, tracking: DEFAULT_TRACKING, sourceOf: () => undefined };
  return tally.finish(source.account, world, 1000);
}

const recordsOf = ({ agree: same, differ, notJudged }: Agreement): number =>
  notJudged.reduce((sum, { records }) => sum + records, same + differ);

describe('our own log of a capture', () => {
  it.each([1, 2, 3])('of noise adds up, whatever the fields, seed %i', async (seed) => {
    const capture = randomCapture(seed, 6000);
    for (const fields of [ALL, DEFAULT_FLOW_LOG_FIELDS]) {
      const log = await ownLog(capture, RANDOM_TRAFFIC_VPC, fields);
      const agreement = await agree(log, RANDOM_TRAFFIC_VPC);
      expect(agreement.records).toBe(log.split('\n').length - 1);
      expect(recordsOf(agreement)).toBe(agreement.records);
      // Segments with flags in any order: of what a record says, their order is not a part.
      expect(agreement.differ).toBeLessThan(agreement.records * 0.06);
    }
  });

  it('compares alike with any workers and chunks', async () => {
    const log = await ownLog(randomCapture(4, 6000), RANDOM_TRAFFIC_VPC, ALL);
    const alone = await agree(log, RANDOM_TRAFFIC_VPC);
    for (const way of [{ workers: 3, chunkBytes: 1 << 16 }, { chunkBytes: 100_003 }]) {
      expect(await agree(log, RANDOM_TRAFFIC_VPC, way)).toEqual(alone);
    }
  });
});

const VPC = `
cidrs: [10.0.0.0/16]
subnets: { subnet-a: [10.0.1.0/24] }
groups:
  sg-web: { ingress: [tcp/443 from any, icmp/8 from any], egress: [all to 10.0.0.0/8] }
  sg-shut: { ingress: [tcp/22 from 203.0.113.7], egress: [udp/53 to any] }
interfaces:
  eni-web: { subnet: subnet-a, addresses: [10.0.1.20, 10.0.1.21], groups: [sg-web] }
  eni-shut: { subnet: subnet-a, addresses: [10.0.1.30], groups: [sg-shut] }
  eni-nat: { subnet: subnet-a, addresses: [10.0.1.40], type: natGateway, groups: [], sourceDestCheck: false }
`;
const HEAD =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags pkt-srcaddr pkt-dstaddr flow-direction reject-reason';

/** A record of two packets, ten seconds after the one before. */
function logOf(...records: readonly string[]): string {
  const lines = records.map((record, i) => {
    const [eni, from, to, ports, protocol, action, flags = '-', ends = `${from} ${to}`, why = '-'] =
      record.split('|');
    const start = 1_700_000_000 + i * 1000;
    return `8 1 ${eni} ${from} ${to} ${ports} ${protocol} 2 240 ${start} ${start + 1} ${action} OK ${flags} ${ends} - ${why}`;
  });
  return [HEAD, ...lines].join('\n');
}

const brief = ({ differences, notJudged, ...rest }: Agreement) => ({
  ...{ agree: rest.agree, differ: rest.differ },
  notJudged: notJudged.map(({ reason, records }) => `${reason} ${records}`),
  differences: differences.map(({ accepted, ours, port, records, reasons }) => [
    `${accepted ? 'ACCEPT' : 'REJECT'}, ${ours.code} at ${ours.eni} ${ours.direction}, ${port ?? '-'}: ${records}`,
    reasons.aws,
    reasons.ours,
  ]),
});

const CLOSED_OR_DENIED =
  'a group or a network ACL denied it, or it came after its connection had closed: the log does not tell which (FL-3)';

describe('records that AWS wrote', () => {
  it.each([
    ['an accepted opening', 'eni-web|203.0.113.7|10.0.1.20|40000 443|6|ACCEPT|3'],
    ['a denied opening', 'eni-web|203.0.113.7|10.0.1.20|40000 80|6|REJECT|2'],
    ['a ping', 'eni-web|203.0.113.7|10.0.1.20|0 0|1|ACCEPT'],
    [
      'a secondary address, which pkt-dstaddr tells (FL-7)',
      'eni-web|203.0.113.7|10.0.1.20|40000 443|6|ACCEPT|2|203.0.113.7 10.0.1.21',
    ],
    [
      'what passes a NAT gateway',
      'eni-nat|10.0.1.20|10.0.1.40|40000 443|6|ACCEPT|2|10.0.1.20 203.0.113.7',
    ],
    ['what never came so far', 'eni-web|10.0.1.30|10.0.1.20|40000 443|6|REJECT|2'],
  ])('agree: %s', async (_, record) => {
    expect(brief(await agree(logOf(record), VPC))).toEqual({
      ...{ agree: 1, differ: 0, notJudged: [], differences: [] },
    });
  });

  it.each([
    [
      'rules of another time',
      [
        'eni-web|203.0.113.7|10.0.1.20|40000 8443|6|ACCEPT|2',
        'eni-web|203.0.113.8|10.0.1.20|40001 8443|6|ACCEPT|2',
      ],
      'ACCEPT, no-rule at eni-web ingress, 8443: 2',
      'the groups and network ACLs of then let it pass',
      /port 8443 is not 443|443/,
    ],
    [
      'a network ACL',
      ['eni-web|203.0.113.7|10.0.1.20|40000 443|6|REJECT|2'],
      'REJECT, rule at eni-web ingress, 443: 1',
      CLOSED_OR_DENIED,
      /tcp\/443 from 0\.0\.0\.0\/0 .* allows it/,
    ],
    [
      'packets after the close',
      ['eni-web|203.0.113.7|10.0.1.20|40000 443|6|REJECT|0'],
      'REJECT, inferred at eni-web ingress, 443: 1',
      'a group or a network ACL denied it or, as there is no SYN among its packets, it came after its connection had closed (FL-3)',
      /opening is not in the capture/,
    ],
    [
      'block public access',
      ['eni-web|203.0.113.7|10.0.1.20|40000 443|6|REJECT|2|203.0.113.7 10.0.1.20|BPA'],
      'REJECT, rule at eni-web ingress, 443: 1',
      'VPC block public access rejected it',
      /allows it/,
    ],
    [
      'what we deny at the sender',
      ['eni-web|10.0.1.30|10.0.1.20|40000 443|6|ACCEPT|2'],
      'ACCEPT, no-rule at eni-shut egress, 443: 1',
      'the groups and network ACLs of then let it pass',
      /udp\/53/,
    ],
    [
      'a protocol without ports',
      ['eni-web|203.0.113.7|10.0.1.20|0 0|50|ACCEPT'],
      'ACCEPT, no-rule at eni-web ingress, -: 1',
      'the groups and network ACLs of then let it pass',
      /./,
    ],
  ])('differ: %s', async (_, records, head, aws, ours) => {
    const { differ, differences, ...rest } = brief(await agree(logOf(...records), VPC));
    expect(rest).toEqual({ agree: 0, notJudged: [] });
    expect(differ).toBe(records.length);
    expect(differences).toEqual([[head, aws, expect.stringMatching(ours) as unknown]]);
  });

  it.each([
    ['unknown-interface', 'eni-gone|203.0.113.7|10.0.1.20|40000 443|6|ACCEPT|2'],
    ['not-at-interface', 'eni-shut|203.0.113.7|10.0.1.20|40000 443|6|ACCEPT|2'],
    ['exempt', 'eni-web|10.0.1.20|169.254.169.254|40000 80|6|ACCEPT|2'],
  ])('are not judged: %s', async (reason, record) => {
    expect(brief(await agree(logOf(record), VPC))).toEqual({
      ...{ agree: 0, differ: 0, notJudged: [`${reason} 1`], differences: [] },
    });
  });

  it('FL-3: of nothing are counted', async () => {
    const nothing = (status: string) =>
      `8 1 eni-web - - - - - - - 1700000000 1700000060 - ${status} - - - - -`;
    const log = [
      logOf('eni-web|203.0.113.7|10.0.1.20|40000 443|6|ACCEPT|3'),
      nothing('NODATA'),
      nothing('SKIPDATA'),
      nothing('SKIPDATA'),
      'cut',
    ];
    const agreement = await agree(log.join('\n'), VPC);
    expect(brief(agreement)).toMatchObject({
      ...{ agree: 1, differ: 0, notJudged: ['malformed 1', 'nodata 1', 'skipdata 2'] },
    });
    expect(recordsOf(agreement)).toBe(agreement.records);
  });
});
