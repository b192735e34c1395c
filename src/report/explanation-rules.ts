import type { ConsideredRule, ConsideredRules, Explanation } from '../model/explanation.js';
import type { Packet } from '../model/packet.js';
import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import { beside, labelled } from './beside.js';
import { paragraph } from './columns.js';
import type { Line, Span } from './line.js';
import { line } from './line.js';
import { count } from './quantity.js';
import { ruleWhereLines } from './rule-lines.js';

/** The rules that match, then the nearest field by field. */
export function ruleLines({ rules, packet }: Explanation, width: number): readonly Line[] {
  if (rules === undefined) return [];
  const { matched } = rules;
  const nearest = nearestOf(rules);
  const others = rules.nearest.length - nearest.length + rules.others;
  const all = matched.length + nearest.length + others;
  if (all === 0) return labelled('rules', `no ${groupsText(rules)}`, width);
  const ports = portsLabel(packet.packet);
  return [
    ...listLines('matching', rules, matched.slice(0, MATCHED_MAX), width, (rule) =>
      matchedLines(rule, width),
    ),
    ...moreLine(matched.length - MATCHED_MAX, 'more that match'),
    ...listLines('nearest', rules, nearest, width, (rule) => nearLines(rule, ports, width)),
    ...(matched.length + nearest.length === 0
      ? labelled('rules', `${count(others)} ${groupsText(rules, others)}, none near`, width)
      : moreLine(matched.length > 0 ? 0 : others, 'less near')),
  ];
}

/** Of those that match, a screen has room for so many. */
export const MATCHED_MAX = 5;

/** A rule that fails in one field is worth more than any number of others; beside one that matches, none is. */
export function nearestOf({ matched, nearest }: ConsideredRules): readonly ConsideredRule[] {
  if (matched.length > 0) return [];
  const close = nearest.filter(
    ({ protocol, ports, peer }) => [protocol, ports, peer].filter((holds) => !holds).length === 1,
  );
  return close.length > 0 ? close.slice(0, CLOSE_MAX) : nearest.slice(0, FAR_MAX);
}

const CLOSE_MAX = 3;
const FAR_MAX = 2;

function listLines(
  label: string,
  rules: ConsideredRules,
  list: readonly ConsideredRule[],
  width: number,
  linesOf: (rule: ConsideredRule) => readonly Line[],
): readonly Line[] {
  if (list.length === 0) return [];
  return [...labelled(label, groupsText(rules), width), ...list.flatMap(linesOf)];
}

/** Whose rules they are. */
export function groupsText({ direction, groupIds }: ConsideredRules, rules = 2): string {
  return `${direction} rule${rules === 1 ? '' : 's'} of ${groupIds.length === 0 ? 'no group' : groupIds.join(', ')}`;
}

function moreLine(more: number, what: string): readonly Line[] {
  return more > 0 ? [line(`  and ${count(more)} ${what}`, 'secondary')] : [];
}

function matchedLines({ rule }: ConsideredRule, width: number): readonly Line[] {
  return [...paragraph(rule.text, width, 2), ...ruleWhereLines(rule, width, DETAIL)];
}

function nearLines(
  { rule, protocol, ports, peer, miss }: ConsideredRule,
  portsName: string,
  width: number,
): readonly Line[] {
  const marks: Line = [
    { text: '  ', style: 'plain' },
    ...mark('protocol', protocol),
    ...mark(portsName, portsName === NO_PORTS || ports),
    ...mark('peer', peer),
  ];
  return [
    ...beside(marks, rule.text, width),
    ...(miss === '' ? [] : paragraph(miss, width, DETAIL)),
    ...ruleWhereLines(rule, width, DETAIL),
  ];
}

const DETAIL = 6;
const NO_PORTS = '';

/** Both marks take two columns; a field that the protocol lacks has none. */
function mark(name: string, holds: boolean): readonly Span[] {
  if (name === NO_PORTS) return [];
  return [
    { text: `${name} `, style: 'secondary' },
    { text: holds ? 'ok' : 'NO', style: holds ? 'allowed' : 'dropped' },
    { text: '  ', style: 'plain' },
  ];
}

/** What rules ask for besides protocol and peer; empty where that is nothing. */
export function portsLabel({ content }: Packet): string {
  if (content.kind !== 'ip') return NO_PORTS;
  switch (content.ip.protocol) {
    case TCP:
    case UDP:
      return 'port';
    case ICMP:
    case ICMPV6:
      return 'type';
    default:
      return NO_PORTS;
  }
}
