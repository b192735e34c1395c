import { compileImage } from '../../src/compile/rule-image.js';
import { loadVpc } from '../../src/documents/load.js';
import { createEngine, shareImages } from '../../src/engine/engine.js';
import { compileKernel } from '../../src/engine/kernel-module.js';
import { allocate, createMemory, viewAt } from '../../src/engine/memory.js';
import { encodeFrame } from '../../src/generate/frame.js';
import {
  FORMAT_NANOSECONDS,
  RECORD_HEADER,
  ROW_CLOCK,
  ROW_SIZE,
  ROW_SOURCE,
  VERDICT_CODE,
  VERDICT_SIZE,
  WALK_FORMAT,
  WALK_LINK_TYPE,
  WALK_SIZE,
} from '../../src/kernel/layout.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { createAdmission } from '../../src/replay/admission.js';
import { allocateSlot, open } from '../../src/replay/slot.js';

/** A kernel with packets of its own in memory. */
export interface Desk {
  /** The packets as captured frames. */
  readonly frames: readonly Uint8Array[];
  readonly decode: () => void;
  readonly judge: () => void;
  /** Verdict codes of the last judging, by packet. */
  codes(): Uint8Array;
  /** Records in the connection table. */
  records(): number;
  readonly rows: DataView;
  /** Moves a decoded packet to another time, in nanoseconds (less than 2^53). */
  setTime(row: number, timeNs: number): void;
  /** Gives a decoded packet another IPv4 source. */
  setSource(row: number, source: number): void;
}

/** Rules for two halves: a flow that a rule for 0.0.0.0/0 allows need not be tracked (CT-6). */
const VPC = `
groups: { sg-a: { ingress: [udp/53 from 0.0.0.0/1, udp/53 from 128.0.0.0/1, 'udp/53 from 2000::/4'] } }
interfaces: { eni-a: { addresses: [10.0.1.20, '2001:db8::20'], groups: [sg-a] } }
`;

/** Decodes the packets once. */
export function createDesk(packets: readonly Packet[]): Desk {
  const policy = resolvePolicy(loadVpc([{ name: 'vpc.yaml', text: VPC }]).description);
  const memory = createMemory();
  const images = [{ fromNs: 0n, image: compileImage(policy) }];
  const { kernel } = createEngine(
    shareImages(compileKernel(), memory, images, DEFAULT_TRACKING, 1n),
  );
  const frames = packets.map((packet) => encodeFrame(packet));
  const size = frames.reduce((sum, frame) => sum + RECORD_HEADER + frame.length, 0);
  const slot = open(memory, allocateSlot(memory, size));
  writeRecords(slot.recordBytes, packets, frames);
  const walk = allocate(memory, WALK_SIZE);
  const walkView = viewAt(memory, walk, WALK_SIZE);
  walkView.setUint32(WALK_LINK_TYPE, 1, true);
  walkView.setUint32(WALK_FORMAT, FORMAT_NANOSECONDS, true);
  kernel.walk(walk, slot.batch, slot.records, slot.records + size, slot.framesMax);
  kernel.admit(createAdmission(memory, 1).address, slot.batch);
  const decode = (): void => kernel.decode(slot.batch, slot.rows);
  decode();
  const count = packets.length;
  const verdicts = viewAt(memory, slot.verdicts, count * VERDICT_SIZE);
  const rows = viewAt(memory, slot.rows, count * ROW_SIZE);
  return {
    frames,
    decode,
    judge: () => void kernel.judge(slot.rows, slot.verdicts, count, slot.table, 0, 0),
    codes: () =>
      Uint8Array.from({ length: count }, (_, i) =>
        verdicts.getUint8(i * VERDICT_SIZE + VERDICT_CODE),
      ),
    records: () => kernel.connectionCount(),
    rows,
    // In halves: a BigInt for each packet would take as long as judging it.
    setTime: (row, timeNs) => {
      rows.setUint32(row * ROW_SIZE + ROW_CLOCK, timeNs % 2 ** 32, true);
      rows.setUint32(row * ROW_SIZE + ROW_CLOCK + 4, timeNs / 2 ** 32, true);
    },
    setSource: (row, source) => rows.setUint32(row * ROW_SIZE + ROW_SOURCE + 8, source, true),
  };
}

/** Little-endian nanosecond records. */
function writeRecords(
  target: Uint8Array,
  packets: readonly Packet[],
  frames: readonly Uint8Array[],
): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  let at = 0;
  packets.forEach(({ timeNs }, i) => {
    const frame = frames[i]!;
    view.setUint32(at, Number(timeNs / 1_000_000_000n), true);
    view.setUint32(at + 4, Number(timeNs % 1_000_000_000n), true);
    view.setUint32(at + 8, frame.length, true);
    view.setUint32(at + 12, frame.length, true);
    target.set(frame, at + RECORD_HEADER);
    at += RECORD_HEADER + frame.length;
  });
}

/** Throws unless every packet of the last judging got this code. */
export function expectCode(stage: string, desk: Desk, code: number): void {
  const other = desk.codes().find((each) => each !== code);
  if (other !== undefined) throw new Error(`${stage}: a packet got code ${other}, not ${code}`);
}
