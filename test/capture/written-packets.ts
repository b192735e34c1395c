/** Packet of a pcapng capture as it was written. */
export interface WrittenPacket {
  /** Name of its interface. */
  readonly at: string;
  readonly linkType: number;
  readonly timeNs: bigint;
  readonly wire: number;
  readonly bytes: Buffer;
  readonly comment?: string;
}

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;

/** Takes a little-endian capture of one section apart, whose times are nanoseconds; throws for what is in no place there. */
export function writtenPackets(file: Buffer): WrittenPacket[] {
  const cards: { name: string; linkType: number }[] = [];
  const packets: WrittenPacket[] = [];
  for (let at = 0; at < file.length;) {
    const [type, size] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
    const block = file.subarray(at, at + size);
    if (size % 4 !== 0 || block.readUInt32LE(size - 4) !== size) throw new Error(`length at ${at}`);
    if ((type === SECTION) !== (at === 0)) throw new Error(`section at ${at}`);
    if (type === INTERFACE) cards.push(readCard(block));
    else if (type === ENHANCED_PACKET) packets.push(readPacket(block, cards));
    else if (type !== SECTION) throw new Error(`block ${type} at ${at}`);
    at += size;
  }
  return packets;
}

function readCard(block: Buffer): { name: string; linkType: number } {
  const options = readOptions(block, 16);
  if (options.get(9)?.[0] !== 9) throw new Error('times are not nanoseconds');
  return { name: options.get(2)!.toString(), linkType: block.readUInt16LE(8) };
}

function readPacket(
  block: Buffer,
  cards: readonly { name: string; linkType: number }[],
): WrittenPacket {
  const { name, linkType } = cards[block.readUInt32LE(8)]!;
  const captured = block.readUInt32LE(20);
  const comment = readOptions(block, 28 + Math.ceil(captured / 4) * 4)
    .get(1)
    ?.toString();
  return {
    at: name,
    linkType,
    timeNs: (BigInt(block.readUInt32LE(12)) << 32n) | BigInt(block.readUInt32LE(16)),
    wire: block.readUInt32LE(24),
    bytes: block.subarray(28, 28 + captured),
    ...(comment === undefined ? {} : { comment }),
  };
}

function readOptions(block: Buffer, from: number): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = from; at < block.length - 4;) {
    const [code, size] = [block.readUInt16LE(at), block.readUInt16LE(at + 2)];
    if (code === 0) break;
    options.set(code, block.subarray(at + 4, at + 4 + size));
    at += 4 + Math.ceil(size / 4) * 4;
  }
  return options;
}
