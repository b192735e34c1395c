import { printable } from '../model/diagnostic.js';
import type { CauseShare, Fix, FixEffect } from '../model/explanation.js';
import type { Assumption } from '../model/outcome.js';
import { exactInstant } from '../model/instant-text.js';
import { beside, labelled } from './beside.js';
import type { Line } from './line.js';
import { line } from './line.js';
import { count, counted } from './quantity.js';

/** What would let the packet pass. Commands stand alone on their lines, however long, so that they can be copied. */
export function fixLines(fixes: readonly Fix[], width: number): readonly Line[] {
  return fixes.flatMap(({ certainty, text, commands, effect }, index) => [
    ...labelled(index === 0 ? 'fix' : 'or', `${text} (${certainty})`, width),
    ...commands.map((command) => line(`  ${printable(command)}`)),
    ...(effect === undefined ? [] : labelled('', effectText(effect), width, 'secondary')),
  ]);
}

/** How many packets have the same cause. */
export function shareLines(share: CauseShare | undefined, width: number): readonly Line[] {
  return share === undefined ? [] : labelled('same cause', shareText(share), width);
}

export function assumptionLines(
  assumptions: readonly Assumption[],
  width: number,
): readonly Line[] {
  if (assumptions.length === 0) return [];
  return [
    line('assumptions', 'secondary'),
    ...assumptions.flatMap(({ rule, text }) =>
      beside([{ text: '  ', style: 'plain' }], `${rule}: ${text}`, width, 'secondary'),
    ),
  ];
}

/** `admits 1,204 packets of 37 flows here, and nothing else`. */
export function effectText(effect: FixEffect): string {
  const { admits, flows, otherFlows, otherExample, cuts, complete } = effect;
  const least = complete ? '' : 'at least ';
  const admitted = `admits ${least}${counted(admits.packets, 'packet')} of ${counted(flows, 'flow')} here`;
  const verb = otherFlows === 1 ? 'was' : 'were';
  const example = otherExample === undefined ? '' : `, e.g. ${otherExample}`;
  const more = [
    ...(otherFlows === 0
      ? []
      : [`${least}${count(otherFlows)} of the flows ${verb} dropped for another cause${example}`]),
    ...(cuts === undefined ? [] : [`drops ${counted(cuts.packets, 'packet')} that pass now`]),
  ];
  if (more.length > 0) return [admitted, ...more].join('; ');
  return complete ? `${admitted}, and nothing else` : `${admitted}; there may be more`;
}

/** How many packets share a cause, where and when. */
export function shareText(share: CauseShare): string {
  const { packets, flows, interfaces, ports, hasMorePorts } = share;
  const { firstFrame, firstTimeNs, lastTimeNs } = share;
  if (packets === 1) return 'no other packet';
  const where = [
    ...(interfaces === undefined ? [] : [` at ${counted(interfaces, 'interface')}`]),
    ...(ports === undefined
      ? []
      : [` to ${hasMorePorts ? 'more than ' : ''}${counted(ports, 'port')}`]),
  ].join('');
  const span = `${exactInstant(firstTimeNs)} (frame ${firstFrame}) to ${exactInstant(lastTimeNs)}`;
  return `${counted(packets, 'packet')} of ${counted(flows, 'flow')}${where}, from ${span}`;
}
