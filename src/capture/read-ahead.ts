import type { ByteStream } from './byte-stream.js';

/**
 * Chunks as a stream of bytes. Up to `bytes` of them and the one above are made while nobody asks, so that what makes
 * them beside this thread never waits for the caller; with 0, each is made when it is asked for.
 */
export function readAhead(
  chunks: AsyncGenerator<Uint8Array, unknown>,
  bytes: number,
): Pick<ByteStream, 'read' | 'close'> {
  const ready: Uint8Array[] = [];
  let waiting = 0;
  let state: 'more' | 'ended' | { readonly error: unknown } = 'more';
  let running: Promise<void> | undefined;
  let closed = false;

  /** Fetches chunks until enough wait; at least one. */
  const fill = async (): Promise<void> => {
    try {
      do {
        const { value, done } = await chunks.next();
        if (done === true) state = 'ended';
        else if (value.length > 0) waiting += ready.push(value) && value.length;
        arrived();
      } while (state === 'more' && waiting < bytes && !closed);
    } catch (error) {
      state = { error };
      arrived();
    }
    running = undefined;
  };
  let arrived = (): void => undefined;

  return {
    read: async (target) => {
      while (ready.length === 0 && state === 'more') {
        const arrival = new Promise<void>((resolve) => (arrived = resolve));
        running ??= fill();
        await arrival;
      }
      const next = ready[0];
      if (next === undefined) {
        if (typeof state === 'object') throw state.error;
        return 0;
      }
      const count = Math.min(next.length, target.length);
      target.set(next.subarray(0, count));
      waiting -= count;
      if (count === next.length) ready.shift();
      else ready[0] = next.subarray(count);
      if (state === 'more' && waiting < bytes && !closed) running ??= fill();
      return count;
    },
    close: () => {
      closed = true;
      ready.length = 0;
      void chunks.return(undefined).catch(() => undefined);
    },
  };
}
