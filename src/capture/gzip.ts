import { createGunzip } from 'node:zlib';
import type { ByteStream } from './byte-stream.js';

/** Compressed bytes that are inflated in one go, on a thread of the pool: enough work to keep it beside this one. */
const PIECE_BYTES = 1 << 18;
/** The first piece is small and each next one twice as large: a look at the beginning should cost little. */
const FIRST_PIECE_BYTES = 1 << 12;
const CHUNK_BYTES = 1 << 20;

/** Damage costs what was inflated of the damaged piece. It is looked for again in smaller ones where that can be done. */
const FINER_PIECES = [1 << 11, 1];

/**
 * Inflates gzip members one behind the other (RFC 1952 section 2.2). Yields all bytes that can be had; returns what is
 * wrong with the data, if anything is. `again` gives the same compressed bytes anew, unless that cannot be done.
 */
export async function* gunzipped(
  source: ByteStream,
  again: () => ByteStream | undefined,
): AsyncGenerator<Uint8Array, string | undefined> {
  const progress = { delivered: 0, sound: 0 };
  let damage = yield* inflated(source, progress);
  for (const pieceBytes of FINER_PIECES) {
    if (damage === undefined || damage === CUT) return damage;
    const anew = again();
    if (anew === undefined) return damage;
    try {
      damage = yield* inflated(anew, progress, pieceBytes);
    } finally {
      anew.close();
    }
  }
  return damage;
}

/** How far the attempts came. */
interface Progress {
  /** Inflated bytes that were yielded. */
  delivered: number;
  /** Compressed bytes that nothing was wrong with. */
  sound: number;
}

async function* inflated(
  source: ByteStream,
  progress: Progress,
  pieceBytes?: number,
): AsyncGenerator<Uint8Array, string | undefined> {
  const inflater = createInflater();
  let fed = 0;
  let made = 0;
  /** What earlier attempts have not delivered. */
  const fresh = async function* (chunks: AsyncGenerator<Buffer>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      made += chunk.length;
      const size = Math.min(chunk.length, made - progress.delivered);
      if (size <= 0) continue;
      progress.delivered = made;
      yield chunk.subarray(chunk.length - size);
    }
  };
  try {
    for await (const piece of piecesOf(source, progress.sound, pieceBytes)) {
      yield* fresh(inflater.inflate(piece));
      if (inflater.damage() !== undefined) return inflater.damage();
      fed += piece.length;
      progress.sound = Math.max(progress.sound, fed);
    }
    yield* fresh(inflater.finish());
    return inflater.damage();
  } finally {
    inflater.close();
  }
}

/** Large pieces up to `sound`, and from there on those of the size that is told. */
async function* piecesOf(
  source: ByteStream,
  sound: number,
  pieceBytes?: number,
): AsyncGenerator<Buffer> {
  let next = FIRST_PIECE_BYTES;
  for (let at = 0; ;) {
    const size = at < sound ? Math.min(PIECE_BYTES, sound - at) : (pieceBytes ?? next);
    const piece = Buffer.allocUnsafeSlow(size);
    const count = await source.read(piece);
    if (count === 0) return;
    at += count;
    next = Math.min(PIECE_BYTES, next * 2);
    yield piece.subarray(0, count);
  }
}

interface Inflater {
  /** Yields what comes of a piece; ends early where the data is damaged. */
  inflate(piece: Buffer): AsyncGenerator<Buffer>;
  /** Yields what comes once there are no more pieces. */
  finish(): AsyncGenerator<Buffer>;
  /** What is wrong with the data so far. */
  damage(): string | undefined;
  close(): void;
}

const CUT = 'the gzip data ends in the middle';
const TRAILING = 'bytes that are no gzip data follow it';

function createInflater(): Inflater {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const state = { damage: undefined as string | undefined, ended: false, fed: 0 };
  let changed = (): void => undefined;
  gunzip.on('readable', () => changed());
  gunzip.on('error', (error) => {
    state.damage ??= damageOf(error);
    changed();
  });
  gunzip.on('end', () => {
    state.ended = true;
    changed();
  });
  /** Yields what comes until `isOver`. An error drops what was not fetched: so nothing is written before all is. */
  const drain = async function* (isOver: () => boolean): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = gunzip.read() as Buffer | null;
      if (chunk !== null) {
        yield chunk;
        continue;
      }
      if (isOver() || state.damage !== undefined) return;
      await new Promise<void>((resolve) => (changed = resolve));
    }
  };
  const inflate = async function* (piece: Buffer): AsyncGenerator<Buffer> {
    let rest = piece;
    if (!state.ended) {
      let done = false;
      gunzip.write(piece, () => {
        done = true;
        changed();
      });
      yield* drain(() => done);
      rest = piece.subarray(gunzip.bytesWritten - state.fed);
      state.fed = gunzip.bytesWritten;
      // zlib stops at a zero behind a member, and would begin another at what comes next, until its end is announced.
      if (rest.length > 0) state.ended = true;
    }
    // Zeros are padding; anything else is not.
    if (rest.some((byte) => byte !== 0)) state.damage ??= TRAILING;
  };
  const finish = async function* (): AsyncGenerator<Buffer> {
    if (!state.ended) gunzip.end();
    yield* drain(() => state.ended);
  };
  return { inflate, finish, damage: () => state.damage, close: () => void gunzip.destroy() };
}

/** zlib's own words: they are stable, and name the very fault. */
function damageOf(error: Error): string {
  if (error.message === 'unexpected end of file') return CUT;
  if (error.message === 'incorrect header check') return TRAILING;
  return `the gzip data is damaged (${error.message})`;
}
