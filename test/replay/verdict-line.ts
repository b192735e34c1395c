import type { FrameVerdict } from '../../src/model/verdict.js';

/** One frame's verdict as a line, to compare runs by. */
export function verdictLine({ timeNs, ...verdict }: FrameVerdict): string {
  return JSON.stringify({ ...verdict, timeNs: String(timeNs) });
}
