interface CapturedFrame {
  /** Since the epoch. */
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  /** Length on the wire, in bytes; that of `bytes` unless told. */
  readonly length?: number;
}

interface PcapOptions {
  readonly bigEndian?: boolean;
  /** Otherwise microseconds: times are then truncated, never rounded up past a later packet. */
  readonly nanoseconds?: boolean;
  /** LINKTYPE_ value; Ethernet (1) unless told. */
  readonly linkType?: number;
  /** Bytes kept of each frame; 262,144 unless told, as tcpdump does. */
  readonly snapLength?: number;
}

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/**
 * Writes a classic pcap file (draft-ietf-opsawg-pcap). Throws RangeError for a time that 32 bits of seconds
 * cannot hold.
 */
export function encodePcap(frames: Iterable<CapturedFrame>, options: PcapOptions = {}): Uint8Array {
  const { nanoseconds = false, linkType = 1, snapLength = 262_144 } = options;
  const records = [...frames].map((frame) => ({
    ...frame,
    kept: frame.bytes.subarray(0, snapLength),
  }));
  const size = records.reduce(
    (sum, { kept }) => sum + RECORD_HEADER_BYTES + kept.length,
    FILE_HEADER_BYTES,
  );
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  const littleEndian = options.bigEndian !== true;

  view.setUint32(0, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, littleEndian);
  view.setUint16(4, 2, littleEndian);
  view.setUint16(6, 4, littleEndian);
  view.setUint32(16, snapLength, littleEndian);
  view.setUint32(20, linkType, littleEndian);

  let at = FILE_HEADER_BYTES;
  for (const { timeNs, bytes, length, kept } of records) {
    const seconds = timeNs / 1_000_000_000n;
    if (timeNs < 0n || seconds > 0xffff_ffffn) {
      throw new RangeError(`time ${timeNs.toString()} ns does not fit a pcap record`);
    }
    const fraction = Number(timeNs % 1_000_000_000n);
    view.setUint32(at, Number(seconds), littleEndian);
    view.setUint32(at + 4, nanoseconds ? fraction : Math.trunc(fraction / 1000), littleEndian);
    view.setUint32(at + 8, kept.length, littleEndian);
    view.setUint32(at + 12, length ?? bytes.length, littleEndian);
    file.set(kept, at + RECORD_HEADER_BYTES);
    at += RECORD_HEADER_BYTES + kept.length;
  }
  return file;
}
