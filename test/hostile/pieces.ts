import type { CaptureSource } from '../../src/capture/source.js';
import { type Random, below } from './mutation.js';

/** A capture in memory, handed out in pieces of at most `most` bytes. Throws when it is asked on and on. */
export function inPieces(bytes: Uint8Array, random: Random, most: number): CaptureSource {
  let at = 0;
  let ended = 0;
  return {
    name: 'memory',
    size: bytes.length,
    read: (target) => {
      if (target.length === 0) return Promise.reject(new Error('nothing is asked for'));
      const wanted = most === Infinity ? target.length : 1 + below(random, most);
      const piece = bytes.subarray(at, at + Math.min(wanted, target.length));
      target.set(piece);
      at += piece.length;
      if (piece.length === 0 && ++ended > ENDS_MAX) {
        return Promise.reject(new Error('the end is asked for again and again'));
      }
      return Promise.resolve(piece.length);
    },
    close: () => undefined,
  };
}

const ENDS_MAX = 8;
