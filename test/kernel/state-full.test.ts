import { expect, it } from 'vitest';
import { compileImage } from '../../src/compile/rule-image.js';
import { loadVpc } from '../../src/documents/load.js';
import { createEngine, shareImage } from '../../src/engine/engine.js';
import { compileKernel } from '../../src/engine/kernel-module.js';
import { allocate, bytesAt, viewAt } from '../../src/engine/memory.js';
import { readVerdicts } from '../../src/engine/verdicts.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { BATCH_LINK_TYPE, BATCH_SIZE, RECORD_HEADER, WALK_SIZE } from '../../src/kernel/layout.js';
import { parseAddress } from '../../src/model/address.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { allocateSlot } from '../../src/replay/slot.js';

const VPC = `
groups: { sg-a: { ingress: [udp/53 from 203.0.113.0/24] } }
interfaces: { eni-a: { addresses: [10.0.1.20], groups: [sg-a] } }
`;
const FLOWS = 40_000;

it('counts what it has no memory to track, and goes on with what it tracks', () => {
  // Room for the batch and one or two segments of 16,384 connections, no more.
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 300, shared: true });
  const policy = resolvePolicy(loadVpc([{ name: 'vpc.yaml', text: VPC }]).description);
  const image = compileImage(policy);
  const slot = allocateSlot(memory, 1 << 22);
  const share = shareImage(compileKernel(), memory, image, DEFAULT_TRACKING, 1n);
  const { kernel } = createEngine(share);
  const found = allocate(memory, WALK_SIZE);

  const flow = (port: number): Uint8Array =>
    encodeFrame({
      timeNs: 0n,
      length: 0,
      content: {
        kind: 'ip',
        ip: {
          source: parseAddress('203.0.113.7')!,
          destination: parseAddress('10.0.1.20')!,
          protocol: 17,
          transport: { kind: 'udp', sourcePort: port, destinationPort: 53 },
        },
      },
    });
  const records = bytesAt(memory, slot.records, slot.recordsSize);
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  let size = 0;
  // The first flow once more at the end: it was tracked before memory ran out.
  for (const port of [...Array.from({ length: FLOWS }, (_, i) => i + 1), 1]) {
    const frame = flow(port);
    view.setUint32(size + 8, frame.length, true);
    view.setUint32(size + 12, frame.length, true);
    records.set(frame, size + RECORD_HEADER);
    size += RECORD_HEADER + frame.length;
  }
  viewAt(memory, slot.batch, BATCH_SIZE).setUint32(BATCH_LINK_TYPE, 1, true);
  kernel.walk(slot.batch, found, slot.records, slot.records + size, slot.framesMax);
  kernel.decode(slot.batch, slot.rows);
  kernel.judge(slot.rows, slot.verdicts, FLOWS + 1, 1n, 0, 1);

  const names = { interfaces: ['eni-a'], rules: policy.rules.map(({ rule }) => rule.id) };
  const codes = [...readVerdicts(memory, slot.rows, slot.verdicts, FLOWS + 1, 1, names)];
  const count = (code: string): number => codes.filter((each) => each.code === code).length;
  expect(count('rule')).toBeGreaterThanOrEqual(16_384);
  expect(count('state-full')).toBeGreaterThan(0);
  expect(count('rule') + count('state-full')).toBe(FLOWS);
  expect(codes.at(-1)).toMatchObject({ verdict: 'allow', code: 'tracked' });
});
