import type { CaptureSource } from '../capture/source.js';
import { type Admission, bound } from './admission.js';
import type { CaptureReader } from './capture-reader.js';

/** A source whose reads fail, with the signal's reason, once it comes: a pipe may be silent for hours. Files answer at once. */
export function interruptible(source: CaptureSource, signal: AbortSignal): CaptureSource {
  if (source.size !== undefined) return source;
  return {
    ...source,
    read: (target) =>
      new Promise((resolve, reject) => {
        const stop = (): void => reject(signal.reason as Error);
        if (signal.aborted) stop();
        signal.addEventListener('abort', stop, { once: true });
        source
          .read(target)
          .then(resolve, reject)
          .finally(() => signal.removeEventListener('abort', stop));
      }),
  };
}

/** A reader that ends where it is once the signal comes, and whether that was before its end. */
export interface EndableReader {
  readonly reader: CaptureReader;
  readonly wasCut: () => boolean;
}

export function endable(reader: CaptureReader, signal: AbortSignal): EndableReader {
  let ended = false;
  const isAborted = (): boolean => signal.aborted;
  // Workers that read by turns see no signal, but every reader asks whether the last frame was looked at.
  const stop = (): void => endAdmission(reader.admission);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const next: CaptureReader['next'] = async (slot) => {
    if (isAborted()) return false;
    try {
      const more = await reader.next(slot);
      ended = !more && !isAborted();
      return more;
    } catch (error) {
      if (isAborted()) return false;
      throw error;
    }
  };
  const own = Object.create(reader, { next: { value: next } }) as CaptureReader;
  return { reader: own, wasCut: () => isAborted() && !ended };
}

function endAdmission(admission: Admission): void {
  bound(admission, { last: 0 });
}
