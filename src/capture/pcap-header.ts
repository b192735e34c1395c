import { inputError } from '../model/diagnostic.js';
import { captureFormat } from './format.js';
import { registeredLinkType } from './link-type.js';

/** File header of a classic capture (draft-ietf-opsawg-pcap section 4). */
export interface PcapHeader {
  /** Fields are in the byte order that this kernel does not have. */
  readonly swapped: boolean;
  readonly nanoseconds: boolean;
  readonly linkType: number;
  /** 24 in the modified format of the Linux kernel's A. Kuznetzov: interface, protocol and packet type follow the lengths. */
  readonly recordHeaderSize: 16 | 24;
  /**
   * In which order a record gives its captured length and that on the wire. Versions before 2.3 put the wire first
   * (`swapped`). Files of 2.3 exist in both orders: a captured length above that on the wire tells (`doubtful`).
   */
  readonly lengths: 'straight' | 'swapped' | 'doubtful';
}

export const PCAP_HEADER_SIZE = 24;

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;

const CONVERT = 'convert it with `editcap -F pcap IN OUT`';

/** Reads a file's first bytes; `name` is the capture as the user named it. Throws InputError. */
export function parsePcapHeader(name: string, bytes: Uint8Array): PcapHeader {
  if (captureFormat(name, bytes) === 'pcapng') {
    throw inputError('capture-format', name, 'pcapng captures are not read', CONVERT);
  }
  if (bytes.length < PCAP_HEADER_SIZE) {
    throw inputError(
      'capture-header',
      name,
      `the file header is cut off after ${bytes.length} of ${PCAP_HEADER_SIZE} bytes`,
      'capture again, or name another file',
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const swapped = [MICROSECONDS, NANOSECONDS, MODIFIED].includes(view.getUint32(0, false));
  const magic = view.getUint32(0, !swapped);
  const major = view.getUint16(4, !swapped);
  const minor = view.getUint16(6, !swapped);
  if (major !== 2 && !(major === DGUX_MAJOR && minor === 0)) {
    const fact = `pcap version ${major}.${minor} is not read, only 2.x`;
    throw inputError('capture-version', name, fact, CONVERT);
  }
  const network = view.getUint32(20, !swapped);
  // Bits 26 and above tell about frame check sequences, which no header depends on.
  if ((network & 0x03ff_0000) !== 0) {
    const fact = `reserved bits are set in the link type, 0x${network.toString(16)}`;
    throw inputError('capture-header', name, fact, 'capture again, or name another file');
  }
  const header = {
    swapped,
    nanoseconds: magic === NANOSECONDS,
    linkType: registeredLinkType(network & 0xffff),
    recordHeaderSize: magic === MODIFIED ? 24 : 16,
    lengths: orderOfLengths(major, minor),
  } as const;
  const aix = magic === MICROSECONDS && major === 2 && minor === 2 ? AIX[network] : undefined;
  return aix === undefined ? header : { ...header, nanoseconds: true, linkType: aix };
}

/** DG/UX wrote this version, with lengths in the old order. */
const DGUX_MAJOR = 543;

/** AIX writes version 2.2 with nanoseconds, and numbers link types as RFC 1573 does interfaces. */
const AIX: Readonly<Record<number, number>> = { 6: 1, 9: 6, 15: 10, 24: 0 };

function orderOfLengths(major: number, minor: number): PcapHeader['lengths'] {
  if (major === DGUX_MAJOR || minor < 3) return 'swapped';
  return minor === 3 ? 'doubtful' : 'straight';
}

/** e.g. `pcap, little-endian, microseconds`. */
export function describePcap({ swapped, nanoseconds, recordHeaderSize }: PcapHeader): string {
  const kind = recordHeaderSize === 24 ? 'modified pcap' : 'pcap';
  const order = swapped ? 'big-endian' : 'little-endian';
  return `${kind}, ${order}, ${nanoseconds ? 'nanoseconds' : 'microseconds'}`;
}
