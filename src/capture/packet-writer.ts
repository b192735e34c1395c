/** Encoded packets on their way to a file. */
export interface PacketWriter {
  /**
   * Room for the next `size` bytes, to be filled before the next call. What was gathered is handed out first, if they do
   * not fit behind it.
   */
  room(size: number): Room;
  /** Hands out what was gathered so far. */
  flush(): void;
}

export interface Room {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the room begins. */
  readonly at: number;
}

const CHUNK_BYTES = 1 << 20;

/**
 * Gathers packets into chunks, so that a file sees few large writes and a packet is copied once. What is `hand`ed out is not
 * written to again: what follows stands behind it, or in a new buffer.
 */
export function createPacketWriter(
  hand: (chunk: Uint8Array) => void,
  chunkBytes = CHUNK_BYTES,
): PacketWriter {
  let chunk = openChunk(chunkBytes);
  let handed = 0;
  let end = 0;
  const flush = (): void => {
    if (end > handed) hand(chunk.bytes.subarray(handed, end));
    handed = end;
  };
  const room = (size: number): Room => {
    if (end + size > chunk.bytes.length) {
      flush();
      chunk = openChunk(Math.max(size, chunkBytes));
      handed = 0;
      end = 0;
    }
    end += size;
    return { ...chunk, at: end - size };
  };
  return { room, flush };
}

function openChunk(size: number): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer) };
}
