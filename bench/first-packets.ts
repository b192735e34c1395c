import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const HEADER = 24;
const RECORD_HEADER = 16;
const PIECE = 1 << 22;

/**
 * Copies the first `most` packets of a little-endian pcap file to another; returns how many there were. Throws when it ends
 * inside one of them.
 */
export function copyFirstPackets(from: string, to: string, most: number): number {
  const [source, target] = [openSync(from, 'r'), openSync(to, 'w')];
  try {
    const piece = Buffer.alloc(PIECE);
    let held = readSync(source, piece, 0, PIECE, null);
    let at = HEADER;
    let copied = 0;
    while (copied < most) {
      if (at + RECORD_HEADER <= held) {
        const next = at + RECORD_HEADER + piece.readUInt32LE(at + 8);
        if (next <= held) {
          copied++;
          at = next;
          continue;
        }
      }
      writeSync(target, piece, 0, at);
      piece.copyWithin(0, at, held);
      held -= at;
      at = 0;
      const more = readSync(source, piece, held, PIECE - held, null);
      if (more === 0) {
        if (held > 0) throw new Error(`${from} ends inside a packet`);
        return copied;
      }
      held += more;
    }
    writeSync(target, piece, 0, at);
    return copied;
  } finally {
    closeSync(source);
    closeSync(target);
  }
}
