import { inputError } from '../model/diagnostic.js';
import { type ByteStream, prefixed, readFully } from './byte-stream.js';
import { readAhead } from './read-ahead.js';
import { isZstd } from './zstd-magic.js';

/** Bytes of a file or a pipe, decompressed where its content says that it is compressed. */
export interface Decompressed extends ByteStream {
  /** Bytes of the file so far, compressed as it is. */
  bytesConsumed(): number;
  /** What is wrong with the compressed data, once all bytes were read that could be had of it. */
  damage(): string | undefined;
}

/** How far compressed data may expand: to `times` its own size and `bytes` more. */
export interface ExpansionBound {
  readonly times: number;
  readonly bytes: number;
}

export const EXPANSION_BOUND: ExpansionBound = { times: 1000, bytes: 64 << 20 };

/** Compressed data in compressed data is unwrapped, but not a third time: nobody compresses so by intent. */
const LAYERS_MAX = 2;

/** Bytes that tell compressed data. */
const MAGIC_SIZE = 4;

/** Decompressed bytes that wait for the caller while the next are made beside it. */
const AHEAD_BYTES = 8 << 20;

/** Compressed bytes of a pipe that are kept, to look at a damaged place again; above that, some bytes before it are lost. */
const KEPT_BYTES = 16 << 20;

/**
 * Decompresses gzip and zstd, told by content. A file is opened `again` to come closer to a damaged place. Read throws
 * InputError: `capture-expansion` above the bound, `capture-compression` when not even the first byte can be had.
 */
export function decompressed(
  source: ByteStream,
  again?: () => ByteStream,
  bound: ExpansionBound = EXPANSION_BOUND,
): Decompressed {
  let consumed = 0;
  const damages: string[] = [];
  const counted: ByteStream = {
    ...source,
    read: async (target) => {
      const count = await source.read(target);
      consumed += count;
      return count;
    },
  };
  const wrapping: Wrapping = {
    name: source.name,
    compressedBytes: () => Math.max(source.size ?? 0, consumed),
    bound,
    damages,
  };
  let inside: Promise<ByteStream> | undefined;
  let stream: ByteStream | undefined;
  return {
    ...source,
    read: async (target) => {
      stream = await (inside ??= unwrapped(counted, again, wrapping));
      return stream.read(target);
    },
    plainFile: () => stream?.plainFile?.(),
    close: () => {
      source.close();
      inside?.then((stream) => stream.close()).catch(() => undefined);
    },
    bytesConsumed: () => stream?.plainFile?.()?.position() ?? consumed,
    damage: () => damages[0],
  };
}

interface Wrapping {
  readonly name: string;
  /** As far as is known. */
  readonly compressedBytes: () => number;
  readonly bound: ExpansionBound;
  /** What was found; that of the outermost layer comes last. */
  readonly damages: string[];
}

/** What is in a stream when all layers of compression are off. `close` frees the layers, not the stream. */
async function unwrapped(
  source: ByteStream,
  again: (() => ByteStream) | undefined,
  wrapping: Wrapping,
  layers = 0,
): Promise<ByteStream> {
  const { stream, head } = await peeked(source);
  const zstd = isZstd(head);
  if (!zstd && !isGzip(head)) return { ...stream, close: () => undefined };
  if (layers === LAYERS_MAX) {
    const fact = `it is compressed more than ${LAYERS_MAX} times over`;
    throw inputError('capture-compression', wrapping.name, fact, 'decompress it once or twice');
  }
  const kept = again === undefined && !zstd ? keeping(stream) : { stream, again };
  const made = zstd
    ? (await import('./zstd.js')).unzstd(stream)
    : (await import('./gzip.js')).gunzipped(kept.stream, () => kept.again?.());
  const bytes = readAhead(guarded(made, wrapping), zstd ? 0 : AHEAD_BYTES);
  const bare = { ...source, ...bytes, plainFile: () => undefined };
  const inner = await unwrapped(bare, undefined, wrapping, layers + 1);
  return {
    ...inner,
    close: () => {
      inner.close();
      bytes.close();
    },
  };
}

async function peeked(source: ByteStream): Promise<{ stream: ByteStream; head: Uint8Array }> {
  const bytes = new Uint8Array(MAGIC_SIZE);
  const head = bytes.subarray(0, await readFully(source, bytes));
  return { stream: prefixed(head, source), head };
}

/** Keeps what is read, so that it can be read again, as long as it is not too much. */
function keeping(source: ByteStream): { stream: ByteStream; again: () => ByteStream | undefined } {
  const kept: Uint8Array[] = [];
  let size = 0;
  const read = async (target: Uint8Array): Promise<number> => {
    const count = await source.read(target);
    size += count;
    if (size <= KEPT_BYTES) kept.push(target.slice(0, count));
    else kept.length = 0;
    return count;
  };
  const again = (): ByteStream | undefined => {
    if (size > KEPT_BYTES) return undefined;
    const bytes = Buffer.concat(kept);
    let at = 0;
    return {
      name: source.name,
      read: (target) => {
        const count = bytes.copy(target, 0, at);
        at += count;
        return Promise.resolve(count);
      },
      close: () => undefined,
    };
  };
  return { stream: { ...source, read }, again };
}

/** RFC 1952 section 2.3.1: deflate is its only method. */
function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/** What comes of a layer: it throws above the bound, and ends where the data is damaged. */
async function* guarded(
  made: AsyncGenerator<Uint8Array, string | undefined>,
  { name, compressedBytes, bound, damages }: Wrapping,
): AsyncGenerator<Uint8Array, undefined> {
  let size = 0;
  for (;;) {
    const { value, done } = await made.next();
    if (done === true) {
      if (value === undefined) return;
      if (size === 0) {
        const fix = 'copy or capture it again, or name another file';
        throw inputError('capture-compression', name, value, fix);
      }
      damages.push(value);
      return;
    }
    size += value.length;
    const most = compressedBytes() * bound.times + bound.bytes;
    if (size > most) {
      throw inputError(
        'capture-expansion',
        name,
        `${compressedBytes()} compressed bytes expand to ${size} and more, above the bound of ${most} ` +
          `(${bound.times} times their size and ${bound.bytes} bytes)`,
        'decompress it to a file, and name that',
      );
    }
    yield value;
  }
}
