import {
  PCAP_HEADER_SIZE,
  type PcapHeader,
  parsePcapHeader,
} from '../../src/capture/pcap-header.js';
import {
  type KernelExports,
  compileKernel,
  instantiateKernel,
} from '../../src/engine/kernel-module.js';
import { allocate, bytesAt, createMemory, viewAt } from '../../src/engine/memory.js';
import {
  BATCH_BYTES,
  BATCH_FRAMES,
  BATCH_SIZE,
  BATCH_TABLE,
  CONTENT_IP,
  FLAG_FIRST_FRAGMENT,
  FLAG_IPV6,
  FLAG_LATER_FRAGMENT,
  FLAG_MAC,
  FLAG_MORE_FRAGMENTS,
  FLAG_QUOTE,
  FLAG_TRANSPORT,
  FORMAT_NANOSECONDS,
  FORMAT_SWAPPED,
  FRAME_SIZE,
  RECORD_HEADER,
  ROW_CLOCK,
  ROW_CONTENT,
  ROW_DESTINATION,
  ROW_DESTINATION_MAC,
  ROW_DESTINATION_PORT,
  ROW_FLAGS,
  ROW_FRAGMENT_ID,
  ROW_FRAGMENT_OFFSET,
  ROW_LENGTH,
  ROW_PROTOCOL,
  ROW_QUOTE_DESTINATION,
  ROW_QUOTE_DESTINATION_PORT,
  ROW_QUOTE_PROTOCOL,
  ROW_QUOTE_SOURCE,
  ROW_QUOTE_SOURCE_PORT,
  ROW_SIZE,
  ROW_SOURCE,
  ROW_SOURCE_MAC,
  ROW_SOURCE_PORT,
  ROW_TCP_FLAGS,
  ROW_TIME,
  NEXT_DAMAGED,
  WALK_FORMAT,
  WALK_LINK_TYPE,
  WALK_SIZE,
} from '../../src/kernel/layout.js';
import type { Address } from '../../src/model/address.js';
import { type Admission, createAdmission } from '../../src/replay/admission.js';
import type { Fragment } from '../../src/model/packet.js';

/** What a kernel row holds, as its flags say; what it does not hold is absent. */
export interface DecodedRow {
  readonly timeNs: bigint;
  /** Latest time of the capture up to here (CP-7). */
  readonly clockNs: bigint;
  readonly length: number;
  /** CONTENT_IP, or the code of a frame that is not judged. */
  readonly content: number;
  readonly sourceMac?: string;
  readonly destinationMac?: string;
  readonly ip?: DecodedIp;
}

export interface DecodedIp {
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: number;
  readonly fragment?: Fragment;
  /** For ICMP the destination port is type * 256 + code, the source port the id. */
  readonly transport?: {
    readonly sourcePort: number;
    readonly destinationPort: number;
    readonly tcpFlags: number;
  };
  readonly quote?: {
    readonly source: Address;
    readonly destination: Address;
    readonly protocol: number;
    readonly sourcePort: number;
    readonly destinationPort: number;
  };
}

/** Kernel memory for one batch of records; sizes in bytes, others addresses. */
export interface DecodeRoom {
  readonly memory: WebAssembly.Memory;
  readonly kernel: KernelExports;
  readonly batch: number;
  readonly walk: number;
  /** Where each frame is: see layout.ts. */
  readonly table: number;
  admission: Admission;
  readonly records: number;
  readonly recordsSize: number;
  readonly rows: number;
  readonly framesMax: number;
}

/** Room for records of at most `recordsSize` bytes together. */
export function createDecodeRoom(recordsSize: number): DecodeRoom {
  const memory = createMemory();
  const framesMax = Math.ceil(recordsSize / RECORD_HEADER);
  const batch = allocate(memory, BATCH_SIZE);
  const table = allocate(memory, framesMax * FRAME_SIZE);
  viewAt(memory, batch, BATCH_SIZE).setUint32(BATCH_TABLE, table, true);
  return {
    memory,
    kernel: instantiateKernel(compileKernel(), memory),
    batch,
    table,
    walk: allocate(memory, WALK_SIZE),
    admission: createAdmission(memory, 1),
    records: allocate(memory, recordsSize),
    recordsSize,
    rows: allocate(memory, framesMax * ROW_SIZE),
    framesMax,
  };
}

/** Forgets the capture before, whose records came in another format. */
export function beginCapture(room: DecodeRoom, header: PcapHeader): void {
  const walk = viewAt(room.memory, room.walk, WALK_SIZE);
  bytesAt(room.memory, room.walk, WALK_SIZE).fill(0);
  const swapped = header.swapped ? FORMAT_SWAPPED : 0;
  walk.setUint32(WALK_LINK_TYPE, header.linkType, true);
  walk.setUint32(WALK_FORMAT, swapped | (header.nanoseconds ? FORMAT_NANOSECONDS : 0), true);
  room.admission = createAdmission(room.memory, 1);
}

/** The records that follow are of another link. */
export function changeLink(room: DecodeRoom, linkType: number): void {
  viewAt(room.memory, room.walk, WALK_SIZE).setUint32(WALK_LINK_TYPE, linkType, true);
}

/** Walks and decodes the whole records between two addresses; tells how many bytes they take. */
export function decodeRecords(
  room: DecodeRoom,
  from: number,
  to: number,
): { rows: DecodedRow[]; bytes: number; damaged: boolean } {
  return decodeRecordsAs(room, from, to, readRow);
}

/** The same, in the words of `read`, which is shown a row and where its frame is. */
function decodeRecordsAs<T>(
  room: DecodeRoom,
  from: number,
  to: number,
  read: (row: DataView, frame: DataView) => T,
): { rows: T[]; bytes: number; damaged: boolean } {
  const { memory, kernel, batch, walk, table, admission, rows, framesMax } = room;
  const damaged = kernel.walk(walk, batch, from, to, framesMax) === NEXT_DAMAGED;
  kernel.admit(admission.address, batch);
  kernel.decode(batch, rows);
  const view = viewAt(memory, batch, BATCH_SIZE);
  const frames = view.getUint32(BATCH_FRAMES, true);
  return {
    rows: Array.from({ length: frames }, (_, i) =>
      read(
        viewAt(memory, rows + i * ROW_SIZE, ROW_SIZE),
        viewAt(memory, table + i * FRAME_SIZE, FRAME_SIZE),
      ),
    ),
    bytes: view.getUint32(BATCH_BYTES, true),
    damaged,
  };
}

/** Rows of all whole records of a classic pcap file. Throws InputError for what is no capture. */
export function decodeFile(room: DecodeRoom, file: Uint8Array): DecodedRow[] {
  return decodeFileAs(room, file, readRow);
}

/** The same, in the words of `read`. */
export function decodeFileAs<T>(
  room: DecodeRoom,
  file: Uint8Array,
  read: (row: DataView, frame: DataView) => T,
): T[] {
  beginCapture(room, parsePcapHeader('test.pcap', file.subarray(0, PCAP_HEADER_SIZE)));
  const all: T[] = [];
  for (let at = PCAP_HEADER_SIZE; ;) {
    const chunk = file.subarray(at, at + room.recordsSize);
    bytesAt(room.memory, room.records, chunk.length).set(chunk);
    const { rows, bytes } = decodeRecordsAs(room, room.records, room.records + chunk.length, read);
    if (bytes === 0) return all;
    for (const row of rows) all.push(row);
    at += bytes;
  }
}

/** The rows that the kernel left at an address. */
export function readRows(memory: WebAssembly.Memory, address: number, count: number): DecodedRow[] {
  return Array.from({ length: count }, (_, i) =>
    readRow(viewAt(memory, address + i * ROW_SIZE, ROW_SIZE)),
  );
}

function readRow(row: DataView): DecodedRow {
  const flags = row.getUint8(ROW_FLAGS);
  const content = row.getUint8(ROW_CONTENT);
  const mac = (at: number): string => row.getBigUint64(at, true).toString(16).padStart(12, '0');
  return {
    timeNs: row.getBigInt64(ROW_TIME, true),
    clockNs: row.getBigInt64(ROW_CLOCK, true),
    length: row.getUint32(ROW_LENGTH, true),
    content,
    ...((flags & FLAG_MAC) !== 0 && {
      sourceMac: mac(ROW_SOURCE_MAC),
      destinationMac: mac(ROW_DESTINATION_MAC),
    }),
    ...(content === CONTENT_IP && { ip: readIp(row, flags) }),
  };
}

function readIp(row: DataView, flags: number): DecodedIp {
  const port = (at: number): number => row.getUint16(at, true);
  const address = (at: number): Address => readAddress(row, at, flags);
  return {
    source: address(ROW_SOURCE),
    destination: address(ROW_DESTINATION),
    protocol: row.getUint8(ROW_PROTOCOL),
    ...((flags & (FLAG_FIRST_FRAGMENT | FLAG_LATER_FRAGMENT)) !== 0 && {
      fragment: {
        id: row.getUint32(ROW_FRAGMENT_ID, true),
        offset: row.getUint16(ROW_FRAGMENT_OFFSET, true),
        more: (flags & FLAG_MORE_FRAGMENTS) !== 0,
      },
    }),
    ...((flags & FLAG_TRANSPORT) !== 0 && {
      transport: {
        sourcePort: port(ROW_SOURCE_PORT),
        destinationPort: port(ROW_DESTINATION_PORT),
        tcpFlags: row.getUint8(ROW_TCP_FLAGS),
      },
    }),
    ...((flags & FLAG_QUOTE) !== 0 && {
      quote: {
        source: address(ROW_QUOTE_SOURCE),
        destination: address(ROW_QUOTE_DESTINATION),
        protocol: row.getUint8(ROW_QUOTE_PROTOCOL),
        sourcePort: port(ROW_QUOTE_SOURCE_PORT),
        destinationPort: port(ROW_QUOTE_DESTINATION_PORT),
      },
    }),
  };
}

/** Rows hold IPv4 as ::ffff:a.b.c.d; anything else in an IPv4 row is a fault of the decoder. */
function readAddress(row: DataView, at: number, flags: number): Address {
  const value = (row.getBigUint64(at, true) << 64n) | row.getBigUint64(at + 8, true);
  if ((flags & FLAG_IPV6) !== 0) return { family: 6, value };
  if (value >> 32n !== 0xffffn) throw new Error(`not a mapped address: ${value.toString(16)}`);
  return { family: 4, value: value & 0xffffffffn };
}
