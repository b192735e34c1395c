// Flow log records become packets: as many, as long, at the same seconds and with the same flags, whatever was recorded.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaptureFile } from '../../src/capture/capture-file.js';
import { flowLogKind } from '../../src/capture/flow-log-kind.js';
import { loadVpc } from '../../src/documents/load.js';
import { createRecordedCapture } from '../../src/generate/recorded-capture.js';
import { formatAddress, parseAddress } from '../../src/model/address.js';
import { type FlowLogField, FLOW_LOG_FIELDS } from '../../src/model/flow-log-field.js';
import type { LoggedFlow } from '../../src/model/logged-flow.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { createFlowLogRecorder } from '../../src/replay/flow-log-recorder.js';
import type { Observer } from '../../src/replay/observer.js';
import { replay } from '../../src/replay/replay.js';
import { createRecordWriter } from '../../src/report/flow-log-line.js';
import { inMemory } from '../replay/in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from '../replay/random-traffic.js';

const FIELDS = FLOW_LOG_FIELDS.map(({ name }) => name);

/** A flow log in memory. */
function fileOf(text: string, name = 'flows.log'): CaptureFile {
  const bytes = new TextEncoder().encode(text);
  return {
    name,
    size: bytes.length,
    open: () => inMemory(bytes, { name }),
    firstBytes: (count) => Promise.resolve(bytes.subarray(0, count)),
  };
}

const describeVpc = (text: string) => loadVpc([{ name: 'vpc.yaml', text }]).description;

function captureOf(texts: readonly string[], vpc: string) {
  const logs = texts.map((text, i) => {
    const kind = flowLogKind(new TextEncoder().encode(text.slice(0, 4096)))!;
    return { file: fileOf(text, `flows-${i}.log`), kind };
  });
  const interfaces = new Map(describeVpc(vpc).interfaces.map((eni) => [eni.id, eni]));
  return createRecordedCapture('flows', logs, { interfaces });
}

function textOf(
  flows: readonly LoggedFlow[],
  vpc: string,
  fields: readonly FlowLogField[] = FIELDS,
) {
  const write = createRecordWriter(describeVpc(vpc), fields);
  return [fields.join(' '), ...flows.map((flow) => write(flow).join(' '))].join('\n');
}

async function logOf(source: ReturnType<typeof inMemory>, vpc: string, others: Observer[] = []) {
  const flows: LoggedFlow[] = [];
  const recorder = createFlowLogRecorder({ onClosed: (some) => void flows.push(...some) });
  const timeline = resolveTimeline(describeVpc(vpc));
  const outcome = await replay(() => timeline, [source], {
    ...{ tracking: DEFAULT_TRACKING, workers: 1, observers: [recorder, ...others] },
  });
  await recorder.finish();
  return { flows, outcome };
}

const OPEN = `
groups: { sg-open: { ingress: [all from any], egress: [all to any] } }
interfaces:
  eni-a: { addresses: [10.0.1.20, 10.0.1.21, 2001:db8::20], groups: [sg-open] }
`;
const LOCAL = { 4: ['10.0.1.20', '10.0.1.21'], 6: ['2001:db8::20'] } as const;
const REMOTE = { 4: ['203.0.113.7', '198.51.100.9'], 6: ['2001:db8:1::7'] } as const;
const LEAST = { 4: { 1: 28, 6: 40, 17: 28, 50: 20 }, 6: { 1: 40, 6: 60, 17: 48, 50: 40 } } as const;

/** A record that packets may have: flags that segments can have or-ed, FIN and RST of two packets only where there are two. */
const flow = fc
  .record({
    family: fc.constantFrom<(4 | 6)[]>(4, 4, 6),
    protocol: fc.constantFrom<(1 | 6 | 17 | 50)[]>(6, 6, 17, 1, 50),
    ingress: fc.boolean(),
    local: fc.nat(1),
    remote: fc.nat(1),
    ports: fc.tuple(fc.integer({ min: 1, max: 65_535 }), fc.integer({ min: 1, max: 65_535 })),
    packets: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 400 })),
    extra: fc.nat(20_000),
    second: fc.nat(59),
    seconds: fc.nat(59),
    flags: fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 18, 19, 22, 23),
  })
  .map((of): LoggedFlow => {
    const local = parseAddress(LOCAL[of.family][of.local % LOCAL[of.family].length]!)!;
    const remote = parseAddress(REMOTE[of.family][of.remote % REMOTE[of.family].length]!)!;
    const hasPorts = of.protocol === 6 || of.protocol === 17;
    const least = LEAST[of.family][of.protocol];
    const first = 1_700_000_000n + BigInt(of.second);
    const seconds = of.packets === 1 ? 0 : Math.min(of.seconds, 59 - of.second);
    return {
      eni: 'eni-a',
      direction: of.ingress ? 'ingress' : 'egress',
      accepted: true,
      protocol: of.protocol,
      source: of.ingress ? remote : local,
      destination: of.ingress ? local : remote,
      sourcePort: hasPorts ? of.ports[0] : 0,
      destinationPort: hasPorts ? of.ports[1] : 0,
      packets: of.packets,
      bytes: of.packets * least + of.extra,
      firstTimeNs: first * 1_000_000_000n,
      lastTimeNs: (first + BigInt(seconds)) * 1_000_000_000n,
      ...(of.protocol === 6 && { tcpFlags: of.flags }),
    };
  });

/** An interval of the second log begins with its first packet. */
const BEGIN: LoggedFlow = {
  ...{ eni: 'eni-a', direction: 'egress', accepted: true, protocol: 50 },
  source: parseAddress('10.0.1.20')!,
  destination: parseAddress('203.0.113.7')!,
  ...{ sourcePort: 0, destinationPort: 0, packets: 1, bytes: 60 },
  ...{ firstTimeNs: 1_700_000_000_000_000_000n, lastTimeNs: 1_700_000_000_000_000_000n },
};

const tupleOf = (flow: LoggedFlow): string =>
  [
    ...[flow.direction, flow.protocol, formatAddress(flow.source), flow.sourcePort],
    ...[formatAddress(flow.destination), flow.destinationPort],
  ].join(' ');

const lineOf = (flow: LoggedFlow): string =>
  [
    ...[tupleOf(flow), flow.packets, flow.bytes, flow.tcpFlags],
    ...[flow.firstTimeNs / 1_000_000_000n, flow.lastTimeNs / 1_000_000_000n],
  ].join(' ');

describe('records become packets', () => {
  it('that have the same record again: ends, packets, bytes, flags, seconds', async () => {
    const log = fc.uniqueArray(flow, { minLength: 1, maxLength: 12, selector: tupleOf });
    await fc.assert(
      fc.asyncProperty(log, async (flows) => {
        const all = [BEGIN, ...flows.filter((each) => tupleOf(each) !== tupleOf(BEGIN))];
        const source = captureOf([textOf(all, OPEN)], OPEN);
        const again = await logOf(source, OPEN);
        expect(source.account).toMatchObject({ records: all.length, malformed: 0, twice: 0 });
        expect(again.flows.map(lineOf).sort()).toEqual(all.map(lineOf).sort());
      }),
      { numRuns: 60 },
    );
  });

  it('out of order, in any number of files', async () => {
    const flows = fc.sample(flow, { numRuns: 40, seed: 7 });
    const write = textOf(flows, OPEN).split('\n');
    const bytesOf = async (texts: readonly string[]): Promise<number> =>
      (await logOf(captureOf(texts, OPEN), OPEN)).outcome.totals.bytes;
    const whole = await bytesOf([write.join('\n')]);
    expect(whole).toBe(flows.reduce((sum, { bytes }) => sum + bytes, 0));
    const [head, ...lines] = write as [string, ...string[]];
    const halves = [lines.slice(20).reverse(), lines.slice(0, 20)];
    expect(await bytesOf(halves.map((half) => [head, ...half].join('\n')))).toBe(whole);
  });
});

describe('capture to flow log to flows', () => {
  /** Packets and bytes by ends, as the first interface that logged a packet has it. */
  const sums = (flows: readonly LoggedFlow[]): Record<string, [number, number]> => {
    const byEnds: Record<string, [number, number]> = {};
    for (const flow of flows) {
      const key = tupleOf(flow).replace(/^\w+ /, '');
      const [packets, bytes] = byEnds[key] ?? [0, 0];
      byEnds[key] = [packets + flow.packets, bytes + flow.bytes];
    }
    return byEnds;
  };

  it.each([1, 2, 3])('keeps ends, packets and bytes, seed %i', async (seed) => {
    const vpc = RANDOM_TRAFFIC_VPC;
    const { flows } = await logOf(inMemory(randomCapture(seed, 6000)), vpc);
    const locals = new Set(
      describeVpc(vpc).interfaces.flatMap(({ addresses }) => addresses.map(formatAddress)),
    );
    // What comes from another interface of the VPC was logged when it left, unless that denied it.
    const once = flows.filter(
      ({ direction, source }) => direction === 'egress' || !locals.has(formatAddress(source)),
    );
    const source = captureOf([textOf(flows, vpc)], vpc);
    const packets: LoggedFlow[] = [];
    const again = await logOf(source, vpc);
    packets.push(...again.flows);
    expect(source.account).toMatchObject({ records: flows.length, malformed: 0 });
    expect(source.account.twice).toBe(flows.length - once.length);
    expect(again.outcome.totals.packets).toBe(once.reduce((sum, flow) => sum + flow.packets, 0));
    expect(again.outcome.totals.bytes).toBe(once.reduce((sum, flow) => sum + flow.bytes, 0));
    const first = packets.filter(
      ({ direction, source: from }) => direction === 'egress' || !locals.has(formatAddress(from)),
    );
    expect(sums(first)).toEqual(sums(once));
  });
});

describe('what a log says of nothing', () => {
  it('is counted: no data, skipped, malformed', async () => {
    const head =
      'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
    const source = captureOf(
      [
        [
          head,
          '2 1 eni-a - - - - - - - 1431280876 1431280934 - NODATA',
          '2 1 eni-a - - - - - - - 1431280876 1431280934 - SKIPDATA',
          '2 1 eni-a 203.0.113.7 10.0.1.20 4000 443 6 2 120 1431280876 1431280934 ACCEPT OK',
          '2 1 eni-a 203.0.113.7 10.0.1.20 4000 443 6 2 12 1431280876 1431280934 ACCEPT OK',
          'cut',
        ].join('\n'),
      ],
      OPEN,
    );
    const { outcome } = await logOf(source, OPEN);
    expect(source.account).toEqual({
      ...{ records: 5, noData: 1, skipped: 1, twice: 0, malformed: 2 },
      firstFault: 'flows-0.log:5: 12 bytes are no 2 packets',
    });
    expect(outcome.totals.packets).toBe(2);
    expect(outcome.captures[0]!.stopped).toEqual({
      frame: 3,
      fact: '2 of 5 records cannot be read, the first at flows-0.log:5: 12 bytes are no 2 packets',
      amid: true,
    });
  });
});
