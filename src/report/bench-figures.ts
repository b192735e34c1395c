import type { FigureName } from '../model/bench-result.js';
import { bytes, count } from './quantity.js';

/** How a figure is written for people. */
export interface FigureText {
  readonly label: string;
  readonly note: string;
  readonly text: (value: number) => string;
}

export const FIGURE_TEXTS: Readonly<Record<FigureName, FigureText>> = {
  packetsPerSecond: { label: 'packets/s', note: 'by the clock', text: rate },
  packetsPerCoreSecond: { label: 'packets/s per core', note: 'by processor time', text: rate },
  connectionsPerSecond: { label: 'new connections/s', note: 'by the clock', text: rate },
  nsPerPacketP50: { label: 'ns per packet p50', note: 'over batches', text: nanoseconds },
  nsPerPacketP99: { label: 'ns per packet p99', note: 'over batches', text: nanoseconds },
  nsPerPacketP999: { label: 'ns per packet p99.9', note: 'over batches', text: nanoseconds },
  peakBytes: { label: 'peak memory', note: 'of the process', text: size },
};

function rate(value: number): string {
  const [unit, size] = value >= 999_500 ? ['M', 1e6] : value >= 999.5 ? ['k', 1e3] : ['', 1];
  const scaled = value / size;
  const digits = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
  return `${scaled.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}

/** A median may lie between two. */
function size(value: number): string {
  return bytes(Math.round(value));
}

function nanoseconds(value: number): string {
  return value < 99.95 ? value.toFixed(1) : count(Math.round(value));
}
