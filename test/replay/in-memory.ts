import type { CaptureSource } from '../../src/capture/source.js';

/** A capture in memory, which is read in pieces that have nothing to do with records or chunks. */
export function inMemory(bytes: Uint8Array, names: Partial<CaptureSource> = {}): CaptureSource {
  let at = 0;
  return {
    name: 'memory.pcap',
    size: bytes.length,
    read: (target) => {
      const piece = bytes.subarray(at, at + Math.min(target.length, 70_001));
      target.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length);
    },
    close: () => {},
    ...names,
  };
}
