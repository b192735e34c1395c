import {
  FORMAT_LENGTHS_DOUBTFUL,
  FORMAT_LENGTHS_SWAPPED,
  FORMAT_MODIFIED,
  FORMAT_NANOSECONDS,
  FORMAT_PCAPNG,
  FORMAT_SWAPPED,
} from '../kernel/layout.js';
import { readFully } from '../capture/byte-stream.js';
import { sniff } from '../capture/format.js';
import {
  PCAP_HEADER_SIZE,
  type PcapHeader,
  describePcap,
  parsePcapHeader,
} from '../capture/pcap-header.js';
import type { CaptureSource } from '../capture/source.js';

/** What the first bytes of a capture tell. */
export interface CaptureStart {
  /** WALK_FORMAT, see layout.ts. */
  readonly flags: number;
  /** Absent where interfaces tell it. */
  readonly linkType?: number;
  /** e.g. `pcap, little-endian, microseconds`. */
  readonly format: string;
  /** Bytes that belong to what follows. */
  readonly rest: Uint8Array;
  /** Bytes of the file's own header. */
  readonly size: number;
}

/** Reads the beginning of a capture. Throws InputError when it is none. */
export async function readStart(source: CaptureSource): Promise<CaptureStart> {
  const { format, head } = await sniff(source);
  if (format === 'pcapng') {
    return { flags: FORMAT_PCAPNG, format: 'pcapng', rest: head, size: 0 };
  }
  const bytes = new Uint8Array(PCAP_HEADER_SIZE);
  bytes.set(head);
  const size = head.length + (await readFully(source, bytes.subarray(head.length)));
  const header = parsePcapHeader(source.name, bytes.subarray(0, size));
  return {
    flags: flagsOf(header),
    linkType: header.linkType,
    format: describePcap(header),
    rest: new Uint8Array(0),
    size: PCAP_HEADER_SIZE,
  };
}

function flagsOf({ swapped, nanoseconds, recordHeaderSize, lengths }: PcapHeader): number {
  return (
    (swapped ? FORMAT_SWAPPED : 0) |
    (nanoseconds ? FORMAT_NANOSECONDS : 0) |
    (recordHeaderSize === 24 ? FORMAT_MODIFIED : 0) |
    { straight: 0, swapped: FORMAT_LENGTHS_SWAPPED, doubtful: FORMAT_LENGTHS_DOUBTFUL }[lengths]
  );
}
