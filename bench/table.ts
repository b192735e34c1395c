import { compileImage } from '../src/compile/rule-image.js';
import { readCounters } from '../src/engine/counters.js';
import { createEngine, shareImages } from '../src/engine/engine.js';
import { compileKernel } from '../src/engine/kernel-module.js';
import { allocate, createMemory, viewAt } from '../src/engine/memory.js';
import { type FlowRecord, createFlowRecords, inboundPacket } from '../src/generate/flow-records.js';
import {
  CODES,
  FORMAT_NANOSECONDS,
  WALK_FORMAT,
  WALK_LINK_TYPE,
  WALK_SIZE,
} from '../src/kernel/layout.js';
import { loadVpc } from '../src/documents/load.js';
import { DEFAULT_TRACKING } from '../src/model/tracking.js';
import { resolvePolicy } from '../src/policy/resolve.js';
import { createAdmission } from '../src/replay/admission.js';
import { allocateSlot, open } from '../src/replay/slot.js';

const LOCAL = '10.0.1.20';
/** Rules for two halves: a flow that a rule for 0.0.0.0/0 allows need not be tracked (CT-6). */
const VPC = `
groups: { sg-a: { ingress: [tcp/443 from 0.0.0.0/1, tcp/443 from 128.0.0.0/1, udp/53 from 0.0.0.0/1, udp/53 from 128.0.0.0/1] } }
interfaces: { eni-a: { addresses: [${LOCAL}], groups: [sg-a] } }
`;

/** One kernel with one interface, and the time that it spends judging. */
export interface Table {
  /** Judges one packet for each flow. */
  judge(kind: 'syn' | 'ack' | 'udp', flows: Iterable<FlowRecord>): void;
  /** Records in the connection table. */
  records(): number;
  /** Packets by verdict code. */
  packets(code: number): number;
  readonly memory: WebAssembly.Memory;
  /** Milliseconds in the kernel's judge. */
  spent(): number;
  /** Milliseconds of the longest call of the kernel's judge, of some two thousand packets, since this was asked last. */
  longest(): number;
}

const CHUNK = 1 << 17;

export function createTable(seed: bigint): Table {
  const policy = resolvePolicy(loadVpc([{ name: 'vpc.yaml', text: VPC }]).description);
  const memory = createMemory();
  const phases = [{ fromNs: 0n, image: compileImage(policy) }];
  const engine = createEngine(shareImages(compileKernel(), memory, phases, DEFAULT_TRACKING, seed));
  const { kernel } = engine;
  const slot = open(memory, allocateSlot(memory, CHUNK));
  const walk = allocate(memory, WALK_SIZE);
  const view = new DataView(slot.recordBytes.buffer, slot.recordBytes.byteOffset, CHUNK);
  const writers = {
    syn: createFlowRecords(inboundPacket(LOCAL, 0x02)),
    ack: createFlowRecords(inboundPacket(LOCAL, 0x10)),
    udp: createFlowRecords(inboundPacket(LOCAL)),
  };
  const walkView = viewAt(memory, walk, WALK_SIZE);
  walkView.setUint32(WALK_LINK_TYPE, 1, true);
  walkView.setUint32(WALK_FORMAT, FORMAT_NANOSECONDS, true);
  const admission = createAdmission(memory, 1).address;
  let spent = 0;
  let longest = 0;
  const flush = (size: number, count: number): void => {
    kernel.walk(walk, slot.batch, slot.records, slot.records + size, slot.framesMax);
    kernel.admit(admission, slot.batch);
    kernel.decode(slot.batch, slot.rows);
    const began = performance.now();
    kernel.judge(slot.rows, slot.verdicts, count, slot.table, 0, 0);
    const took = performance.now() - began;
    spent += took;
    longest = Math.max(longest, took);
  };
  return {
    judge: (kind, flows) => {
      const { size, write } = writers[kind];
      let count = 0;
      for (const flow of flows) {
        write(view, count * size, flow);
        count++;
        if ((count + 1) * size <= CHUNK && count < slot.framesMax) continue;
        flush(count * size, count);
        count = 0;
      }
      if (count > 0) flush(count * size, count);
    },
    records: () => kernel.connectionCount(),
    packets: (code) => readCounters(engine).tallies[(code % CODES) * 3]!,
    memory,
    spent: () => spent,
    longest: () => {
      const most = longest;
      longest = 0;
      return most;
    },
  };
}
