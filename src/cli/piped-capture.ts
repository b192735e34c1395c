import { type CaptureFile, sourceOf } from '../capture/capture-file.js';
import { flowLogFile } from '../capture/flow-log-file.js';
import type { CaptureSource } from '../capture/source.js';

/**
 * A pipe, which may be silent for hours: whether it brings a capture or a flow log is told when its first bytes are asked for.
 * `recorded` makes a capture of a flow log.
 */
export function pipedCapture(
  file: CaptureFile,
  recorded: (log: NonNullable<Awaited<ReturnType<typeof flowLogFile>>>) => Promise<CaptureSource>,
): CaptureSource {
  const { name, takenAt } = file;
  let source: CaptureSource | undefined;
  let state: 'untouched' | 'opening' | 'failed' = 'untouched';
  let closed = false;
  const open = async (): Promise<CaptureSource> => {
    state = 'opening';
    try {
      const log = await flowLogFile(file);
      source = log === undefined ? sourceOf(file) : await recorded(log);
    } catch (error) {
      state = 'failed';
      throw error;
    }
    if (closed) source.close();
    return source;
  };
  return {
    name,
    ...(takenAt !== undefined && { takenAt }),
    read: async (target) => (closed ? 0 : (source ?? (await open())).read(target)),
    bytesConsumed: () => source?.bytesConsumed?.() ?? 0,
    formatText: () => source?.formatText?.(),
    damage: () => source?.damage?.(),
    close: () => {
      closed = true;
      // A pipe that nobody has opened might not be there to be opened for long.
      if (state === 'opening') (source ?? file.open()).close();
    },
  };
}
