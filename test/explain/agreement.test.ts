import { describe, expect, it } from 'vitest';
import type { CaptureFile } from '../../src/capture/capture-file.js';
import { flowLogKind } from '../../src/capture/flow-log-kind.js';
import { loadVpc } from '../../src/documents/load.js';
import { createAgreementTally } from '../../src/explain/agreement.js';
import { createRecordedCapture } from '../../src/generate/recorded-capture.js';
import type { Agreement } from '../../src/model/agreement.js';
import { DEFAULT_FLOW_LOG_FIELDS, FLOW_LOG_FIELDS, type FlowLogField } from '../../src/model/flow-log-field.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { createFlowLogRecorder } from '../../src/replay/flow-log-recorder.js';
import { replay } from '../../src/replay/replay.js';
import { createRecordWriter } from '../../src/report/flow-log-line.js';
import { inMemory } from '../replay/in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from '../replay/random-traffic.js';

const ALL = FLOW_LOG_FIELDS.map(({ name }) => name);
const describeVpc = (text: string) => loadVpc([{ name: 'vpc.yaml', text }]).description;

async function ownLog(capture: Uint8Array, vpc: string, fields: readonly FlowLogField[]): Promise<string> {
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

async function agree(log: string, vpc: string, way: { workers?: number; chunkBytes?: number } = {}): Promise<Agreement> {
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

describe('zz', () => {
  it.each([1, 2, 3])('seed %i', async (seed) => {
    for (const fields of [ALL, DEFAULT_FLOW_LOG_FIELDS]) {
      const agreement = await agree(await ownLog(randomCapture(seed, 6000), RANDOM_TRAFFIC_VPC, fields), RANDOM_TRAFFIC_VPC);
      const { records, agree: same, differ, notJudged } = agreement;
      console.log(records, same, differ, JSON.stringify(notJudged));
      const by: Record<string, number> = {};
      for (const d of agreement.differences) { const k = `${d.accepted ? 'ACC' : 'REJ'} ours ${d.ours.code} proto ${d.protocol}`; by[k] = (by[k] ?? 0) + d.records; }
      console.log(by, agreement.differences.slice(0, 6).map((d) => [d.example.place, d.example.key, d.reasons.ours, d.ours.eni, d.ours.direction]));
    }
    expect(1).toBe(1);
  });
});
