import {
  TABLE_DEFAULT,
  TABLE_HEADER,
  TABLE_ICMP,
  TABLE_OTHERS,
  TABLE_TCP,
  TABLE_UDP,
} from '../kernel/layout.js';
import { TCP, UDP } from '../model/protocol.js';
import type { Traffic } from '../model/security-group.js';
import { type ImageWriter, putU32, reserve } from './image-writer.js';
import { type PortRange, writeIntervals } from './port-intervals.js';

export interface TableRule {
  readonly index: number;
  readonly traffic: Traffic;
}

/**
 * Writes the rules of one prefix, all of one family, by protocol, and returns the table's offset. Rules for all
 * protocols stand in every protocol's intervals.
 */
export function writeProtocolTable(writer: ImageWriter, rules: readonly TableRule[]): number {
  const others = [
    ...new Set(rules.flatMap(({ traffic: t }) => (t.kind === 'protocol' ? [t.protocol] : []))),
  ];
  const intervals = (matches: (traffic: Traffic) => boolean): number =>
    writeIntervals(
      writer,
      rules
        .filter(({ traffic }) => traffic.kind === 'all' || matches(traffic))
        .map(({ index, traffic }) => portRange(index, traffic)),
    );
  const tcp = intervals((t) => t.kind === 'ports' && t.protocol === TCP);
  const udp = intervals((t) => t.kind === 'ports' && t.protocol === UDP);
  const icmp = intervals((t) => t.kind === 'icmp');
  const rest = intervals(() => false);
  const pairs = others.map((protocol) => ({
    protocol,
    offset: intervals((t) => t.kind === 'protocol' && t.protocol === protocol),
  }));
  const table = reserve(writer, TABLE_HEADER + pairs.length * 8);
  putU32(writer, table + TABLE_TCP, tcp);
  putU32(writer, table + TABLE_UDP, udp);
  putU32(writer, table + TABLE_ICMP, icmp);
  putU32(writer, table + TABLE_DEFAULT, rest);
  putU32(writer, table + TABLE_OTHERS, pairs.length);
  pairs.forEach(({ protocol, offset }, i) => {
    putU32(writer, table + TABLE_HEADER + i * 8, protocol);
    putU32(writer, table + TABLE_HEADER + i * 8 + 4, offset);
  });
  return table;
}

/** The ports that a rule matches; ICMP type and code as type * 256 + code (PR-1, PR-2). */
function portRange(rule: number, traffic: Traffic): PortRange {
  switch (traffic.kind) {
    case 'all':
    case 'protocol':
      return { from: 0, to: 65_535, rule };
    case 'ports':
      return { from: traffic.from, to: traffic.to, rule };
    case 'icmp': {
      if (traffic.type < 0) return { from: 0, to: 65_535, rule };
      const from = traffic.type * 256 + Math.max(traffic.code, 0);
      return { from, to: traffic.code < 0 ? from + 255 : from, rule };
    }
  }
}
