/** Texts of a column as they stand in a file, each made once. */
export interface WrittenEntries {
  readonly bytes: Uint8Array;
  /** Where each begins; one more place than entries. */
  readonly starts: Uint32Array;
  /** Bytes of the longest. */
  readonly longest: number;
}

/** Gives the entries of a column as `written` makes them; those that it knows already it makes no more. */
export function createWrittenEntries(
  written: (text: string) => string,
): (entries: readonly string[]) => WrittenEntries {
  const encoder = new TextEncoder();
  let of: readonly string[] | undefined;
  let bytes = new Uint8Array(1 << 12);
  let starts = new Uint32Array(64);
  let count = 0;
  let longest = 0;
  return (entries) => {
    if (of !== entries) {
      of = entries;
      count = longest = 0;
    }
    if (entries.length >= starts.length) starts = grown(starts, entries.length + 1);
    for (; count < entries.length; count++) {
      const text = written(entries[count]!);
      const from = starts[count]!;
      const most = from + text.length * UNIT_MAX;
      if (most > bytes.length) bytes = grown(bytes, most);
      const { written: size } = encoder.encodeInto(text, bytes.subarray(from));
      starts[count + 1] = from + size;
      longest = Math.max(longest, size);
    }
    return { bytes, starts, longest };
  };
}

/** UTF-8 has at most three bytes for a UTF-16 unit. */
const UNIT_MAX = 3;

function grown<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(
  old: T,
  least: number,
): T {
  const room = new (old.constructor as new (length: number) => T)(Math.max(least, old.length * 2));
  room.set(old);
  return room;
}
