import { type Stats, statSync } from 'node:fs';
import { prefixed, readFully } from './byte-stream.js';
import { type CaptureSource, openCapture, parseCaptureName } from './source.js';

/** A capture that is not open yet: a folder may hold more of them than a process may open files. */
export interface CaptureFile {
  /** As the user named it, or as it was found. */
  readonly name: string;
  /** Interface that it was taken at, when the user tells. */
  readonly takenAt?: string;
  /** Size in bytes, compressed as it is; unknown of a pipe. */
  readonly size?: number;
  /** From the first byte on; of a pipe once only. Throws InputError. */
  open(): CaptureSource;
  /** The first bytes, decompressed, fewer where it ends; `open` begins with them all the same. Throws InputError. */
  firstBytes(count: number): Promise<Uint8Array>;
}

/** `name` as `openCapture` takes it, which also says of a missing file what is wrong; unless `takenAt` is told. */
export function captureFile(name: string, takenAt?: string): CaptureFile {
  const parsed = takenAt === undefined ? parseCaptureName(name) : { file: name, takenAt };
  const size = sizeOf(parsed.file);
  const open = (): CaptureSource => ({ ...openCapture(parsed.file), ...takenAtOf(parsed) });
  return {
    name: parsed.file,
    ...takenAtOf(parsed),
    ...(size === undefined ? onceOpened(open) : { size, open, firstBytes: firstBytesOf(open) }),
  };
}

/** The capture as a source that takes no descriptor before it is read. */
export function sourceOf(file: CaptureFile): CaptureSource {
  const { name, takenAt, size } = file;
  let open: CaptureSource | undefined;
  let closed = false;
  return {
    name,
    ...takenAtOf({ ...(takenAt !== undefined && { takenAt }) }),
    ...(size !== undefined && { size, again: () => sourceOf(file) }),
    read: (target) => (closed ? Promise.resolve(0) : (open ??= file.open()).read(target)),
    bytesConsumed: () => open?.bytesConsumed?.() ?? 0,
    damage: () => open?.damage?.(),
    close: () => {
      open?.close();
      closed = true;
    },
  };
}

const takenAtOf = ({ takenAt }: { readonly takenAt?: string }): { readonly takenAt?: string } =>
  takenAt === undefined ? {} : { takenAt };

/** Undefined of what cannot be opened twice. What cannot be looked at counts as a file: opening it tells why. */
function sizeOf(file: string): number | undefined {
  if (file === '-') return undefined;
  const stat = statOf(file);
  return stat === undefined || stat.isFile() || stat.isDirectory() ? (stat?.size ?? 0) : undefined;
}

/** Undefined when there is no such file, or no way to it. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

const firstBytesOf =
  (open: () => CaptureSource): CaptureFile['firstBytes'] =>
  async (count) => {
    const source = open();
    try {
      const bytes = new Uint8Array(count);
      return bytes.subarray(0, await readFully(source, bytes));
    } finally {
      source.close();
    }
  };

/** A pipe: what was looked at is kept for the one who reads it. */
function onceOpened(open: () => CaptureSource): Pick<CaptureFile, 'open' | 'firstBytes'> {
  let source: CaptureSource | undefined;
  let seen: Uint8Array = new Uint8Array(0);
  const firstBytes = async (count: number): Promise<Uint8Array> => {
    source ??= open();
    if (seen.length < count) {
      const more = new Uint8Array(count);
      more.set(seen);
      const size = seen.length + (await readFully(source, more.subarray(seen.length)));
      seen = more.subarray(0, size);
    }
    return seen.subarray(0, count);
  };
  const openOnce = (): CaptureSource => prefixed(seen, (source ??= open()));
  return { open: openOnce, firstBytes };
}
