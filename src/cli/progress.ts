import type { ReplayProgress } from '../replay/replay.js';
import { progressLine } from '../report/progress-line.js';

const PERIOD_MS = 200;

/** A line on a terminal's standard error that follows the replay; silent elsewhere. */
export function createProgress(bytesTotal: number | undefined): {
  show(progress: ReplayProgress): void;
  clear(): void;
} {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} };
  const began = performance.now();
  let shown = began;
  return {
    show: ({ bytesRead, packets }) => {
      const now = performance.now();
      if (now - shown < PERIOD_MS) return;
      shown = now;
      const line = progressLine({
        bytesRead,
        ...(bytesTotal === undefined ? {} : { bytesTotal }),
        packets,
        elapsedSeconds: (now - began) / 1000,
        // Some pseudo terminals say 0.
        width: (stderr.columns || 80) - 1,
      });
      stderr.write(`\r\x1b[K${line}`);
    },
    clear: () => {
      stderr.write('\r\x1b[K');
    },
  };
}

/** A line on a terminal's standard error that tells what is being done; silent elsewhere. */
export function createStatus(): { show(text: string): void; clear(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} };
  return {
    show: (text) => void stderr.write(`\r\x1b[K${text}`),
    clear: () => void stderr.write('\r\x1b[K'),
  };
}
