import {
  COVER_PARENT,
  COVER_SIZE,
  COVER_TABLE,
  EGRESS,
  INGRESS,
  OPEN_TCP,
  OPEN_UDP,
  SIDE_ANY_PEER,
  SIDE_OPEN,
  SIDE_ROOT,
  SIDE_SIZE,
} from '../kernel/layout.js';
import { type Prefix, prefixContains } from '../model/address.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import type { ResolvedRule, RuleSet } from '../policy/resolve.js';
import { type ImageWriter, putU32, reserve } from './image-writer.js';
import { type TrieEntry, writeTrie } from './prefix-trie.js';
import { writeProtocolTable } from './protocol-table.js';

/** Protocol tables already written, by the rules in them: members of a group share one. */
export type TableCache = Map<string, number>;

/** Writes one group set at `offset`: four sides, by direction and family. */
export function writeGroupSet(
  writer: ImageWriter,
  offset: number,
  set: RuleSet,
  tables: TableCache,
): void {
  for (const [direction, rules] of [
    [EGRESS, set.egress],
    [INGRESS, set.ingress],
  ] as const) {
    for (const family of [4, 6] as const) {
      const side = offset + (direction * 2 + (family === 6 ? 1 : 0)) * SIDE_SIZE;
      writeSide(
        writer,
        side,
        rules.filter(({ rule }) => speaks(rule.traffic, family)),
        family,
        tables,
      );
    }
  }
}

/** PR-3: icmp is IPv4's alone, icmpv6 IPv6's. */
function speaks(traffic: ResolvedRule['rule']['traffic'], family: 4 | 6): boolean {
  return traffic.kind !== 'icmp' || traffic.protocol === (family === 4 ? ICMP : ICMPV6);
}

function writeSide(
  writer: ImageWriter,
  side: number,
  rules: readonly ResolvedRule[],
  family: 4 | 6,
  tables: TableCache,
): void {
  const root = writePeers(writer, rules, family, tables);
  const anyPeer = rules.filter((rule) => rule.anyPeer === family);
  const anyTable = anyPeer.length === 0 ? 0 : tableFor(writer, anyPeer, family, tables);
  putU32(writer, side + SIDE_ROOT, root);
  putU32(writer, side + SIDE_ANY_PEER, anyTable);
  putU32(writer, side + SIDE_OPEN, openProtocols(anyPeer));
}

/** Protocols of which one any-peer rule covers every port: CT-4 (b). */
function openProtocols(anyPeer: readonly ResolvedRule[]): number {
  let open = 0;
  for (const { traffic } of anyPeer.map(({ rule }) => rule)) {
    if (traffic.kind === 'all') open |= OPEN_TCP | OPEN_UDP;
    if (traffic.kind !== 'ports' || traffic.from !== 0 || traffic.to !== 65_535) continue;
    if (traffic.protocol === TCP) open |= OPEN_TCP;
    if (traffic.protocol === UDP) open |= OPEN_UDP;
  }
  return open;
}

/** Trie over all prefixes that the rules name; each leads to the rules of its own and to the prefix that covers it. */
function writePeers(
  writer: ImageWriter,
  rules: readonly ResolvedRule[],
  family: 4 | 6,
  tables: TableCache,
): number {
  const byPrefix = new Map<string, { prefix: Prefix; rules: ResolvedRule[] }>();
  for (const rule of rules) {
    for (const prefix of outermost(rule.prefixes, family)) {
      const key = `${prefix.value.toString(36)}/${prefix.length}`;
      const known = byPrefix.get(key);
      if (known === undefined) byPrefix.set(key, { prefix, rules: [rule] });
      else known.rules.push(rule);
    }
  }
  if (byPrefix.size === 0) return 0;
  const ordered = [...byPrefix.values()].sort((a, b) => comparePrefixes(a.prefix, b.prefix));
  const covers = reserve(writer, ordered.length * COVER_SIZE);
  const entries: TrieEntry[] = [];
  const around: { prefix: Prefix; cover: number }[] = [];
  ordered.forEach(({ prefix, rules: own }, i) => {
    while (around.length > 0 && !prefixContains(around.at(-1)!.prefix, prefix)) around.pop();
    const cover = covers + i * COVER_SIZE;
    putU32(writer, cover + COVER_PARENT, around.at(-1)?.cover ?? 0);
    putU32(writer, cover + COVER_TABLE, tableFor(writer, own, family, tables));
    entries.push({ prefix, value: cover });
    around.push({ prefix, cover });
  });
  return writeTrie(writer, entries);
}

/** A rule's prefixes but for those that others of them cover: a lookup passes all covers, and should find a rule once. */
function outermost(prefixes: readonly Prefix[], family: 4 | 6): Prefix[] {
  const kept: Prefix[] = [];
  for (const prefix of prefixes.filter((each) => each.family === family).sort(comparePrefixes)) {
    const last = kept.at(-1);
    if (last === undefined || !prefixContains(last, prefix)) kept.push(prefix);
  }
  return kept;
}

/** By value, a covering prefix before what it covers. */
function comparePrefixes(a: Prefix, b: Prefix): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.length - b.length;
}

function tableFor(
  writer: ImageWriter,
  rules: readonly ResolvedRule[],
  family: 4 | 6,
  tables: TableCache,
): number {
  const key = `${family}:${rules.map((rule) => rule.index).join(' ')}`;
  let table = tables.get(key);
  if (table === undefined) {
    table = writeProtocolTable(
      writer,
      rules.map(({ index, rule }) => ({ index, traffic: rule.traffic })),
    );
    tables.set(key, table);
  }
  return table;
}
