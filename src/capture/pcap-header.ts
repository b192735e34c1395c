import { inputError } from '../model/diagnostic.js';

/** File header of a classic capture (draft-ietf-opsawg-pcap section 4). */
export interface PcapHeader {
  /** Fields are in the byte order that this kernel does not have. */
  readonly swapped: boolean;
  readonly nanoseconds: boolean;
  readonly linkType: number;
}

export const PCAP_HEADER_SIZE = 24;

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;

/** Formats that are told apart only to say what to do about them. */
const FOREIGN: readonly { magic: readonly number[]; name: string; fix: string }[] = [
  {
    magic: [0x0a, 0x0d, 0x0d, 0x0a],
    name: 'pcapng',
    fix: 'convert it with `editcap -F pcap IN OUT`',
  },
  {
    magic: [0x1f, 0x8b],
    name: 'gzip',
    fix: 'decompress it: `gzip -dc FILE | sgsim replay -r - ...`',
  },
  {
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    name: 'zstd',
    fix: 'decompress it: `zstd -dc FILE | sgsim replay -r - ...`',
  },
  {
    magic: [0x73, 0x6e, 0x6f, 0x6f, 0x70, 0],
    name: 'snoop',
    fix: 'convert it with `editcap -F pcap IN OUT`',
  },
];

/** Reads a file's first bytes; `name` is the capture as the user named it. Throws InputError. */
export function parsePcapHeader(name: string, bytes: Uint8Array): PcapHeader {
  if (bytes.length === 0) {
    throw inputError(
      'capture-empty',
      name,
      'the file is empty',
      'capture again, or name another file',
    );
  }
  const foreign = FOREIGN.find(({ magic }) => magic.every((byte, i) => bytes[i] === byte));
  if (foreign !== undefined) {
    throw inputError('capture-format', name, `${foreign.name} captures are not read`, foreign.fix);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length < 4 ? 0 : view.getUint32(0, true);
  const swapped =
    bytes.length >= 4 && [MICROSECONDS, NANOSECONDS].includes(view.getUint32(0, false));
  if (!swapped && magic !== MICROSECONDS && magic !== NANOSECONDS) {
    throw inputError(
      'capture-format',
      name,
      'not a capture: it does not begin as pcap does',
      'record one with `tcpdump -w FILE`',
    );
  }
  if (bytes.length < PCAP_HEADER_SIZE) {
    throw inputError(
      'capture-header',
      name,
      `the file header is cut off after ${bytes.length} of ${PCAP_HEADER_SIZE} bytes`,
      'capture again, or name another file',
    );
  }
  const nanoseconds = view.getUint32(0, !swapped) === NANOSECONDS;
  const major = view.getUint16(4, !swapped);
  if (major !== 2) {
    throw inputError(
      'capture-version',
      name,
      `pcap version ${major}.${view.getUint16(6, !swapped)} is not read, only 2.x`,
      'convert it with `editcap -F pcap IN OUT`',
    );
  }
  // The upper bits tell about frame check sequences, which no header depends on.
  return { swapped, nanoseconds, linkType: view.getUint32(20, !swapped) & 0xffff };
}

/** e.g. `pcap, little-endian, microseconds`. */
export function describePcap({ swapped, nanoseconds }: PcapHeader): string {
  const order = swapped ? 'big-endian' : 'little-endian';
  return `pcap, ${order}, ${nanoseconds ? 'nanoseconds' : 'microseconds'}`;
}
