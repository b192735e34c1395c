import { bytes, count, duration } from './quantity.js';

export interface Progress {
  readonly bytesRead: number;
  /** Absent when the size of the input is not known, as for a pipe. */
  readonly bytesTotal?: number;
  readonly packets: number;
  readonly elapsedSeconds: number;
  /** Columns of the terminal. */
  readonly width: number;
}

/**
 * How far reading has come: `[####......]  40 %  1,234,567 packets/s  12 s left`; without a total
 * `12.3 MB  1,234,567 packets/s`. Plain text of at most `width` columns: what does not fit is left out, the bar
 * first, then time left, then the rate.
 */
export function progressLine(progress: Progress): string {
  const { bytesRead, bytesTotal, width } = progress;
  const rate = rateText(progress);
  if (bytesTotal === undefined) return fit([bytes(bytesRead), ...rate], width).join(GAP);

  const done = bytesTotal <= 0 ? 1 : Math.min(1, Math.max(0, bytesRead / bytesTotal));
  // cut, not rounded: 100 % means that nothing is left
  const percent = `${String(Math.floor(done * 100)).padStart(3)} %`;
  const facts = fit([percent, ...rate, ...timeLeftText(progress, done)], width);
  const room = width - facts.join(GAP).length - GAP.length - 2;
  if (room < LEAST_BAR) return facts.join(GAP);
  return [bar(done, Math.min(room, LONGEST_BAR)), ...facts].join(GAP);
}

const GAP = '  ';
const LEAST_BAR = 10;
const LONGEST_BAR = 30;
/** Beyond this an estimate says nothing. */
const LONGEST_LEFT_SECONDS = 100 * 86_400;

function rateText({ packets, elapsedSeconds }: Progress): readonly string[] {
  return elapsedSeconds > 0 ? [`${count(Math.round(packets / elapsedSeconds))} packets/s`] : [];
}

function timeLeftText({ elapsedSeconds }: Progress, done: number): readonly string[] {
  if (done === 0 || done === 1) return [];
  const seconds = Math.ceil((elapsedSeconds * (1 - done)) / done);
  if (!(seconds > 0 && seconds < LONGEST_LEFT_SECONDS)) return [];
  return [`${duration(BigInt(seconds) * 1_000_000_000n)} left`];
}

function bar(done: number, length: number): string {
  const filled = Math.floor(done * length);
  return `[${'#'.repeat(filled)}${'.'.repeat(length - filled)}]`;
}

/** As many of the leading facts as fit. */
function fit(facts: readonly string[], width: number): readonly string[] {
  let end = facts.length;
  while (end > 0 && facts.slice(0, end).join(GAP).length > width) end--;
  return facts.slice(0, end);
}
