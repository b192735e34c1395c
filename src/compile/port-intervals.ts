import { INTERVALS_COUNT, INTERVALS_HEADER, NONE, PORT_UNKNOWN } from '../kernel/layout.js';
import { type ImageWriter, putU32, reserve } from './image-writer.js';

/** A rule's ports, inclusive; the last of a rule for any port is PORT_UNKNOWN. For ICMP a port is type * 256 + code. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
  readonly rule: number;
}

/** Writes the ranges, ascending by rule, as intervals with the first rule of each, and returns their offset. */
export function writeIntervals(writer: ImageWriter, ranges: readonly PortRange[]): number {
  const { starts, firsts } = cutIntoIntervals(ranges);
  const offset = reserve(writer, INTERVALS_HEADER + starts.length * 8, 4);
  putU32(writer, offset + INTERVALS_COUNT, starts.length);
  starts.forEach((start, i) => {
    putU32(writer, offset + INTERVALS_HEADER + i * 4, start);
    putU32(writer, offset + INTERVALS_HEADER + (starts.length + i) * 4, firsts[i] ?? NONE);
  });
  return offset;
}

/** Interval starts from 0 up, and the first rule that holds the ports of each. Neighbours differ. */
export function cutIntoIntervals(ranges: readonly PortRange[]): {
  starts: number[];
  firsts: (number | undefined)[];
} {
  const edges = [0, ...ranges.flatMap(({ from, to }) => [from, to + 1])];
  const cuts = [...new Set(edges)].filter((cut) => cut <= PORT_UNKNOWN).sort((a, b) => a - b);
  const position = new Map(cuts.map((cut, i) => [cut, i]));
  // Every interval is painted once, by the first rule that reaches it: `free` leads past what is painted.
  const free = createSuccessors(cuts.length);
  const firstOf = new Array<number | undefined>(cuts.length).fill(undefined);
  for (const { from, to, rule } of ranges) {
    const end = position.get(to + 1) ?? cuts.length;
    for (let i = free.from(position.get(from)!); i < end; i = free.from(i)) {
      firstOf[i] = rule;
      free.take(i);
    }
  }
  const kept = cuts.map((_, i) => i).filter((i) => i === 0 || firstOf[i] !== firstOf[i - 1]);
  return { starts: kept.map((i) => cuts[i]!), firsts: kept.map((i) => firstOf[i]) };
}

/** The first position at or behind another that is not taken (disjoint sets). */
function createSuccessors(count: number): { from(i: number): number; take(i: number): void } {
  const next = Uint32Array.from({ length: count + 1 }, (_, i) => i);
  const from = (i: number): number => {
    let end = i;
    while (next[end] !== end) end = next[end]!;
    while (next[i] !== end) [i, next[i]] = [next[i]!, end];
    return end;
  };
  return { from, take: (i) => (next[i] = i + 1) };
}
