/** A regular file that several threads may read, each where it likes. */
export interface PlainFile {
  readonly descriptor: number;
  /** Of the byte that the stream gives next. */
  position(): number;
  /** The stream goes on from another byte. */
  seek(position: number): void;
}

/** Bytes of a file or a pipe, front to back. */
export interface ByteStream {
  /** As the user named it. */
  readonly name: string;
  /** Size of the file in bytes, compressed as it is, when it is known beforehand. */
  readonly size?: number;
  /** Fills some of `target` and returns how many bytes; 0 at the end. Throws InputError. */
  read(target: Uint8Array): Promise<number>;
  close(): void;
  /** The file whose bytes these are, as they stand in it; undefined when it is no such file, or not known yet. */
  plainFile?(): PlainFile | undefined;
}

/** Fills `target` as far as the source reaches; returns how many bytes. Throws InputError. */
export async function readFully(
  source: Pick<ByteStream, 'read'>,
  target: Uint8Array,
): Promise<number> {
  let size = 0;
  while (size < target.length) {
    const count = await source.read(target.subarray(size));
    if (count === 0) break;
    size += count;
  }
  return size;
}

/** `source` with bytes before it that were read already. */
export function prefixed<Source extends ByteStream>(head: Uint8Array, source: Source): Source {
  let rest = head;
  const read = (target: Uint8Array): Promise<number> => {
    if (rest.length === 0) return source.read(target);
    const count = Math.min(rest.length, target.length);
    target.set(rest.subarray(0, count));
    rest = rest.subarray(count);
    return Promise.resolve(count);
  };
  return {
    ...source,
    read,
    plainFile: () => (rest.length === 0 ? source.plainFile?.() : undefined),
  };
}
