import { INTERVALS_HEADER, INTERVALS_PORTLESS } from '../kernel/layout.js';
import { type ImageWriter, putU32, putWords, reserve } from './image-writer.js';

/** A rule's ports, inclusive. For ICMP a port is type * 256 + code. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
  readonly rule: number;
}

const PORT_MAX = 65_535;

/**
 * Writes the ranges as intervals in which the same rules match, and returns their offset; 0 for no ranges. Rules that
 * match any port stand in a list of their own, so that they are not repeated in every interval.
 */
export function writeIntervals(writer: ImageWriter, ranges: readonly PortRange[]): number {
  if (ranges.length === 0) return 0;
  const whole = (range: PortRange): boolean => range.from === 0 && range.to === PORT_MAX;
  const portless = writeRules(
    writer,
    ranges.filter(whole).map((range) => range.rule),
  );
  const { starts, rules } = cutIntoIntervals(ranges.filter((range) => !whole(range)));
  const lists = rules.map((list) => writeRules(writer, list));
  const offset = reserve(writer, INTERVALS_HEADER + starts.length * 8);
  putU32(writer, offset, starts.length);
  putU32(writer, offset + INTERVALS_PORTLESS, portless);
  starts.forEach((start, i) => {
    putU32(writer, offset + INTERVALS_HEADER + i * 4, start);
    putU32(writer, offset + INTERVALS_HEADER + (starts.length + i) * 4, lists[i]!);
  });
  return offset;
}

/** Interval starts from 0 up, and the rules of each in document order. Neighbours differ. */
export function cutIntoIntervals(ranges: readonly PortRange[]): {
  starts: number[];
  rules: number[][];
} {
  if (ranges.length === 0) return { starts: [], rules: [] };
  const begins = new Map<number, number[]>();
  const ends = new Map<number, number[]>();
  for (const { from, to, rule } of ranges) {
    append(begins, from, rule);
    append(ends, to + 1, rule);
  }
  const cuts = [...new Set([0, ...begins.keys(), ...ends.keys()])].sort((a, b) => a - b);
  const open = new Map<number, number>();
  const starts: number[] = [];
  const rules: number[][] = [];
  for (const cut of cuts) {
    if (cut > PORT_MAX) break;
    for (const rule of ends.get(cut) ?? []) count(open, rule, -1);
    for (const rule of begins.get(cut) ?? []) count(open, rule, 1);
    const list = [...open.keys()].sort((a, b) => a - b);
    const before = rules.at(-1);
    if (before?.length === list.length && before.every((rule, i) => rule === list[i])) continue;
    starts.push(cut);
    rules.push(list);
  }
  return { starts, rules };
}

/** A rule may stand at one prefix more than once: a prefix list can hold an entry that another rule's list repeats. */
function count(open: Map<number, number>, rule: number, step: number): void {
  const times = (open.get(rule) ?? 0) + step;
  if (times === 0) open.delete(rule);
  else open.set(rule, times);
}

function append(lists: Map<number, number[]>, at: number, rule: number): void {
  const list = lists.get(at);
  if (list === undefined) lists.set(at, [rule]);
  else list.push(rule);
}

function writeRules(writer: ImageWriter, rules: readonly number[]): number {
  if (rules.length === 0) return 0;
  const distinct = [...new Set(rules)].sort((a, b) => a - b);
  return putWords(writer, [distinct.length, ...distinct]);
}
