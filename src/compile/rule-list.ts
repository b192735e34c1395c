import {
  ANY_PROTOCOL,
  ENTRY_FROM,
  ENTRY_PROTOCOL,
  ENTRY_RULE,
  ENTRY_SIZE,
  ENTRY_TO,
  INDEX_COUNT,
  INDEX_HEADER,
  INDEX_OTHERS,
  PORT_UNKNOWN,
  RULES_COUNT,
  RULES_HEADER,
  RULES_INDEX,
} from '../kernel/layout.js';
import type { Traffic } from '../model/security-group.js';
import type { ResolvedRule } from '../policy/resolve.js';
import { type ImageWriter, putU16, putU32, reserve } from './image-writer.js';
import { type PortRange, writeIntervals } from './port-intervals.js';

/** Rule lists already written, by the rules in them: prefixes and group sets share them. */
export type WrittenLists = Map<string, number>;

/** Reading through this many takes no longer than asking an index. */
const READ_THROUGH = 8;

/** Offset of a list of rules, ascending by index, at least one. */
export function writeRuleList(
  writer: ImageWriter,
  rules: readonly ResolvedRule[],
  written: WrittenLists,
): number {
  const name =
    rules.length === 1 ? String(rules[0]!.index) : rules.map((each) => each.index).join();
  const known = written.get(name);
  if (known !== undefined) return known;
  const list = reserve(writer, RULES_HEADER + rules.length * ENTRY_SIZE, 4);
  written.set(name, list);
  const entries = rules.map(({ index, rule }) => entryOf(index, rule.traffic));
  putU32(writer, list + RULES_COUNT, entries.length);
  entries.forEach(({ protocol, from, to, rule }, i) => {
    const at = list + RULES_HEADER + i * ENTRY_SIZE;
    putU16(writer, at + ENTRY_FROM, from);
    putU16(writer, at + ENTRY_PROTOCOL, protocol);
    putU32(writer, at + ENTRY_TO, to);
    putU32(writer, at + ENTRY_RULE, rule);
  });
  if (entries.length > READ_THROUGH)
    putU32(writer, list + RULES_INDEX, writeIndex(writer, entries));
  return list;
}

interface Entry extends PortRange {
  readonly protocol: number;
}

/** Rules for all protocols stand in every protocol's intervals. */
function writeIndex(writer: ImageWriter, entries: readonly Entry[]): number {
  const intervals = (own?: number): number =>
    writeIntervals(
      writer,
      entries.filter(({ protocol }) => protocol === ANY_PROTOCOL || protocol === own),
    );
  const named = new Set(entries.map(({ protocol }) => protocol));
  named.delete(ANY_PROTOCOL);
  const pairs = [...named].map((protocol) => [protocol, intervals(protocol)] as const);
  const others = intervals();
  const index = reserve(writer, INDEX_HEADER + pairs.length * 8, 4);
  putU32(writer, index + INDEX_OTHERS, others);
  putU32(writer, index + INDEX_COUNT, pairs.length);
  pairs.forEach(([protocol, offset], i) => {
    putU32(writer, index + INDEX_HEADER + i * 8, protocol);
    putU32(writer, index + INDEX_HEADER + i * 8 + 4, offset);
  });
  return index;
}

/** What a rule matches besides its peer; ICMP type and code as type * 256 + code (PR-1, PR-2). */
function entryOf(rule: number, traffic: Traffic): Entry {
  switch (traffic.kind) {
    case 'all':
      return { rule, protocol: ANY_PROTOCOL, ...ANY_PORT };
    case 'protocol':
      return { rule, protocol: traffic.protocol, ...ANY_PORT };
    case 'ports': {
      const { protocol, from, to } = traffic;
      return { rule, protocol, ...(from === 0 && to === 65_535 ? ANY_PORT : { from, to }) };
    }
    case 'icmp': {
      const { protocol, type, code } = traffic;
      if (type < 0) return { rule, protocol, ...ANY_PORT };
      const from = type * 256 + Math.max(code, 0);
      return { rule, protocol, from, to: code < 0 ? from + 255 : from };
    }
  }
}

const ANY_PORT = { from: 0, to: PORT_UNKNOWN } as const;
