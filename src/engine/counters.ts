import {
  CODES,
  FLAG_IPV6,
  GROUP_BYTES,
  GROUP_DESTINATION,
  GROUP_DESTINATION_PORT,
  GROUP_FIRST,
  GROUP_FLAGS,
  GROUP_FLOWS,
  GROUP_FRAME,
  GROUP_KEY,
  GROUP_LAST,
  GROUP_PACKETS,
  GROUP_SIZE,
  GROUP_SOURCE,
  GROUP_SOURCE_PORT,
} from '../kernel/layout.js';
import { type Engine, countersSize } from './engine.js';
import { viewAt } from './memory.js';

/** One instance's counters, copied out of the kernel: plain data that a worker can send. */
export interface EngineCounters {
  /** By phase and code, interface and rule, as layout.ts orders them: see `tallyOffsets`. */
  readonly tallies: Float64Array;
  readonly groups: readonly GroupCounters[] | GroupBytes;
  /** Port bits that the group keys leave out. */
  readonly groupShift: number;
  /** Frames that were peeled, and wrong checksums, where they were to be counted. */
  readonly peeled: number;
  readonly wrongHeaders: number;
  readonly wrongTransports: number;
}

/** Drop groups as the kernel has them, GROUP_SIZE bytes each: to send tens of thousands of objects takes its time. */
export type GroupBytes = Uint8Array<ArrayBuffer>;

export interface GroupCounters {
  readonly key: bigint;
  readonly packets: number;
  readonly bytes: number;
  readonly flows: number;
  readonly firstNs: bigint;
  readonly lastNs: bigint;
  readonly frame: number;
  readonly ipv6: boolean;
  readonly source: bigint;
  readonly destination: bigint;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Where, in units of one counter, the counters of interfaces and rules begin. */
export function tallyOffsets(
  interfaceCount: number,
  phaseCount: number,
): { interfaces: number; rules: number } {
  const interfaces = phaseCount * CODES * 3;
  return { interfaces, rules: interfaces + interfaceCount * 16 };
}

/** Counts stay exact: no capture holds 2^53 bytes. */
export function readCounters(engine: Engine): EngineCounters {
  const { memory } = engine.share;
  const size = countersSize(engine.share);
  const view = viewAt(memory, engine.counters, size);
  const tallies = Float64Array.from({ length: size / 8 }, (_, i) =>
    Number(view.getBigUint64(i * 8, true)),
  );
  return {
    tallies,
    groups: copyGroups(engine),
    groupShift: engine.kernel.dropGroupShift(),
    peeled: Number(engine.kernel.peeledFrames()),
    wrongHeaders: Number(engine.kernel.wrongHeaderChecksums()),
    wrongTransports: Number(engine.kernel.wrongTransportChecksums()),
  };
}

/** The slots that hold a group, one after the other. */
function copyGroups({ kernel, share: { memory } }: Engine): GroupBytes {
  const words = GROUP_SIZE / 4;
  const slots = new Uint32Array(
    memory.buffer,
    kernel.dropGroups(),
    kernel.dropGroupSlots() * words,
  );
  const used = new Uint32Array(slots.length);
  let end = 0;
  for (let at = 0; at < slots.length; at += words) {
    // No code is 0, and codes stand in the upper half of a key.
    if (slots[at + 1] === 0) continue;
    used.set(slots.subarray(at, at + words), end);
    end += words;
  }
  return new Uint8Array(used.buffer.slice(0, end * 4));
}

/** The groups of one instance. */
export function readGroups(groups: EngineCounters['groups']): readonly GroupCounters[] {
  if (!(groups instanceof Uint8Array)) return groups;
  const table = new DataView(groups.buffer);
  return Array.from({ length: groups.length / GROUP_SIZE }, (_, i) =>
    readGroup(table, i * GROUP_SIZE),
  );
}

function readGroup(table: DataView, at: number): GroupCounters {
  const number = (offset: number): number =>
    table.getUint32(at + offset, true) + table.getUint32(at + offset + 4, true) * 2 ** 32;
  const ipv6 = (table.getUint32(at + GROUP_FLAGS, true) & FLAG_IPV6) !== 0;
  const address = (offset: number): bigint =>
    ipv6
      ? (table.getBigUint64(at + offset, true) << 64n) | table.getBigUint64(at + offset + 8, true)
      : BigInt(table.getUint32(at + offset + 8, true));
  return {
    key: table.getBigUint64(at + GROUP_KEY, true),
    packets: number(GROUP_PACKETS),
    bytes: number(GROUP_BYTES),
    flows: number(GROUP_FLOWS),
    firstNs: table.getBigInt64(at + GROUP_FIRST, true),
    lastNs: table.getBigInt64(at + GROUP_LAST, true),
    frame: number(GROUP_FRAME),
    ipv6,
    source: address(GROUP_SOURCE),
    destination: address(GROUP_DESTINATION),
    sourcePort: table.getUint16(at + GROUP_SOURCE_PORT, true),
    destinationPort: table.getUint16(at + GROUP_DESTINATION_PORT, true),
  };
}
