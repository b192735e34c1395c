import { FORMAT_NANOSECONDS, FORMAT_SWAPPED } from '../kernel/layout.js';
import { PCAP_HEADER_SIZE, describePcap, parsePcapHeader } from '../capture/pcap-header.js';

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

/** The first bytes that must be seen, when there are so many. */
export const START_SIZE = PCAP_HEADER_SIZE;

/** `name` is the capture as the user named it. Throws InputError when the bytes are no capture's. */
export function readStart(name: string, bytes: Uint8Array): CaptureStart {
  const header = parsePcapHeader(name, bytes);
  return {
    flags: (header.swapped ? FORMAT_SWAPPED : 0) | (header.nanoseconds ? FORMAT_NANOSECONDS : 0),
    linkType: header.linkType,
    format: describePcap(header),
    rest: bytes.subarray(PCAP_HEADER_SIZE),
    size: PCAP_HEADER_SIZE,
  };
}
