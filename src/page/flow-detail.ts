import { exactInstant } from '../model/instant-text.js';
import type { FlowColumns } from '../report/html/flow-columns.js';
import { tcpFlagsText } from '../report/packet-text.js';
import { bytes, count, counted, duration } from '../report/quantity.js';
import { element, mark } from './element.js';
import { codeOf, rowOf } from './flow-rows.js';

/** All that is known of a flow: its verdict at each interface, and its packets. */
export function flowDetail(flows: FlowColumns, i: number): HTMLElement {
  const { from, to, protocol, mark: which } = rowOf(flows, i);
  return element(
    'div',
    { class: 'detail' },
    element(
      'h3',
      {},
      mark(which),
      element('span', { class: 'mono' }, `${from} → ${to}`),
      ` ${protocol}`,
    ),
    answers(flows, i),
    facts(flows, i),
  );
}

function answers(flows: FlowColumns, i: number): HTMLElement {
  const list = flows.answers[flows.at[i]!]!;
  const { verdict, name, text } = codeOf(flows.code[i]!);
  if (list.length === 0) {
    return element(
      'ul',
      { class: 'at' },
      element(
        'li',
        {},
        mark(verdict),
        element('span', {}, 'no interface was asked: ', element('code', {}, name), ` ${text}`),
      ),
    );
  }
  return element(
    'ul',
    { class: 'at' },
    ...list.map(([eni, egress, code, rule]) => {
      const [id, label] = flows.interfaces[eni]!;
      const answer = codeOf(code);
      return element(
        'li',
        {},
        mark(answer.verdict),
        element(
          'span',
          {},
          element('span', { class: 'mono' }, id),
          `${label === '' ? '' : ` (${label})`} ${egress === 1 ? 'egress' : 'ingress'}: `,
          element('code', {}, answer.name),
          ` ${answer.text}`,
          rule >= 0 && ruleText(flows.rules[rule]!),
        ),
      );
    }),
  );
}

function ruleText([id, group, text]: readonly [string, string, string]): HTMLElement {
  const where = id.startsWith(`${group}:`) || group === '' ? id : `${id} in ${group}`;
  return element(
    'span',
    { class: 'source' },
    element('span', { class: 'mono' }, text),
    ` ${where}`,
  );
}

function facts(flows: FlowColumns, i: number): HTMLElement {
  const start = BigInt(flows.startNs) + BigInt(flows.time[i]!);
  const [packets, size] = [flows.packets[i]!, flows.bytes[i]!];
  const [back, sizeBack] = [flows.replyPackets[i]!, flows.replyBytes[i]!];
  const [allowed, dropped] = [flows.allowed[i]!, flows.dropped[i]!];
  const other = packets - allowed - dropped;
  const frame = flows.frame[i]!;
  const pairs: readonly (readonly [string, string | HTMLElement])[] = [
    ['began', `${exactInstant(start)}, frame ${count(frame)}`],
    ['lasted', duration(BigInt(flows.duration[i]!))],
    ['there', `${counted(packets - back, 'packet')}, ${bytes(size - sizeBack)}`],
    ['back', `${counted(back, 'packet')}, ${bytes(sizeBack)}`],
    [
      'verdicts',
      [
        allowed > 0 && `${count(allowed)} allowed`,
        dropped > 0 && `${count(dropped)} dropped`,
        other > 0 && `${count(other)} not filtered or not judged`,
      ]
        .filter((text) => text !== false)
        .join(', '),
    ],
    ...(flows.protocol[i] === 6 ? [['tcp flags', tcpFlagsText(flows.flags[i]!)] as const] : []),
    ...(flows.counted[i] === 1
      ? []
      : [
          [
            'counted',
            'as no flow of its own: it belongs to none, or goes on one that was told of',
          ] as const,
        ]),
    [
      'why',
      element(
        'span',
        {},
        element('code', {}, `sgsim why --frame ${frame}`),
        ' with the same captures and VPC',
      ),
    ],
  ];
  const list = element('dl', { class: 'facts' });
  for (const [name, value] of pairs) list.append(element('dt', {}, name), element('dd', {}, value));
  return list;
}
