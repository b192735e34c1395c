import { expect, it } from 'vitest';
import { compileImage } from '../../src/compile/rule-image.js';
import { loadVpc } from '../../src/documents/load.js';
import { type GroupCounters, readCounters, readGroups } from '../../src/engine/counters.js';
import { createEngine, shareImages } from '../../src/engine/engine.js';
import { compileKernel } from '../../src/engine/kernel-module.js';
import { allocate, bytesAt, viewAt } from '../../src/engine/memory.js';
import { readVerdicts } from '../../src/engine/verdicts.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { RECORD_HEADER, WALK_LINK_TYPE, WALK_SIZE } from '../../src/kernel/layout.js';
import { parseAddress } from '../../src/model/address.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { allocateSlot } from '../../src/replay/slot.js';

const VPC = `
groups: { sg-a: { ingress: [udp/53 from 203.0.113.0/24] } }
interfaces: { eni-a: { addresses: [10.0.1.20], groups: [sg-a] } }
`;
const FLOWS = 40_000;
/** Room for the batch and one or two segments of 16,384 connections, no more. */
const PAGES = 350;
const policy = resolvePolicy(loadVpc([{ name: 'vpc.yaml', text: VPC }]).description);

/** The codes of UDP packets between these ports, in a memory of so many pages, and the groups of the dropped ones. */
function judgeIn(
  pages: number,
  ports: readonly (readonly [source: number, destination: number])[],
): { codes: readonly FrameVerdict[]; groups: readonly GroupCounters[] } {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: pages, shared: true });
  const slot = allocateSlot(memory, 1 << 22);
  const share = shareImages(
    compileKernel(),
    memory,
    [{ fromNs: 0n, image: compileImage(policy) }],
    DEFAULT_TRACKING,
    1n,
  );
  const engine = createEngine(share);
  const walk = allocate(memory, WALK_SIZE);
  const records = bytesAt(memory, slot.records, slot.recordsSize);
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  let size = 0;
  for (const [source, destination] of ports) {
    const frame = udp(source, destination);
    view.setUint32(size + 8, frame.length, true);
    view.setUint32(size + 12, frame.length, true);
    records.set(frame, size + RECORD_HEADER);
    size += RECORD_HEADER + frame.length;
  }
  viewAt(memory, walk, WALK_SIZE).setUint32(WALK_LINK_TYPE, 1, true);
  const { kernel } = engine;
  kernel.walk(walk, slot.batch, slot.records, slot.records + size, slot.framesMax);
  kernel.decode(slot.batch, slot.rows);
  kernel.judge(slot.rows, slot.verdicts, ports.length, slot.table, 0, 0);
  const names = { interfaces: ['eni-a'], rules: policy.rules.map(({ rule }) => rule.id) };
  return {
    codes: [...readVerdicts(memory, slot, ports.length, names)],
    groups: readGroups(readCounters(engine).groups),
  };
}

function udp(sourcePort: number, destinationPort: number): Uint8Array {
  const transport = { kind: 'udp', sourcePort, destinationPort } as const;
  const source = parseAddress('203.0.113.7')!;
  const destination = parseAddress('10.0.1.20')!;
  const ip = { source, destination, protocol: 17, transport };
  return encodeFrame({ timeNs: 0n, length: 0, content: { kind: 'ip', ip } });
}

it('counts what it has no memory to track, and goes on with what it tracks', () => {
  // The first flow comes once more at the end: it was tracked before memory ran out.
  const sources = [...Array.from({ length: FLOWS }, (_, i) => i + 1), 1];
  const { codes } = judgeIn(
    PAGES,
    sources.map((port) => [port, 53]),
  );
  const count = (code: string): number => codes.filter((each) => each.code === code).length;
  expect(count('rule')).toBeGreaterThanOrEqual(16_384);
  expect(count('state-full')).toBeGreaterThan(0);
  expect(count('rule') + count('state-full')).toBe(FLOWS);
  expect(codes.at(-1)).toMatchObject({ verdict: 'allow', code: 'tracked' });
});

it('ends a scan that it has no memory to group', () => {
  const ports = Array.from({ length: FLOWS }, (_, i) => [40_000, i + 1_000] as const);
  const { codes, groups } = judgeIn(PAGES, ports);
  expect(codes.every(({ code }) => code === 'no-rule')).toBe(true);
  expect(groups.length).toBeGreaterThan(0);
  expect(groups.length).toBeLessThan(FLOWS);
  expect(groups.every(({ packets }) => packets === 1)).toBe(true);
});
