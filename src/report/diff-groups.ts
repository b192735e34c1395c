import { printable } from '../model/diagnostic.js';
import { instant } from '../model/instant-text.js';
import { ICMP, ICMPV6 } from '../model/protocol.js';
import { codeText } from '../model/verdict.js';
import type { Explanation } from '../model/explanation.js';
import {
  type ChangeGroup,
  type ChangedService,
  type Difference,
  type NamedInterface,
  VERDICT_CHANGES,
} from '../model/verdict-change.js';
import { beside } from './beside.js';
import { changeTitle } from './change-text.js';
import { paragraph } from './columns.js';
import { sumFlowTallies } from './cut.js';
import { CHANGES, amount } from './diff-summary.js';
import { type Line, line } from './line.js';
import { packetText } from './packet-text.js';
import { bytes, counted } from './quantity.js';
import { trafficText } from './traffic-text.js';

/** Changed packets by the change behind them, newly dropped first: a block of lines for each group. */
export function groupBlocks(difference: Difference, width: number): readonly (readonly Line[])[] {
  const { groups, omitted, totals, unlisted } = difference;
  const blocks = VERDICT_CHANGES.flatMap((change) => {
    const own = groups.filter((group) => group.change === change);
    return own.map((group, i) => [
      ...(i === 0
        ? [line(`${CHANGES[change].label}: ${amount(totals[change])}`, CHANGES[change].style)]
        : []),
      ...groupLines(group, difference, width),
    ]);
  });
  const rest = VERDICT_CHANGES.reduce((sum, change) => sum + unlisted[change].packets, 0);
  const more = [
    ...(omitted.count === 0 ? [] : [`${counted(omitted.count, 'more group')}: ${amount(omitted)}`]),
    ...(rest === 0
      ? []
      : [`besides, ${counted(rest, 'packet')} of more kinds than are told apart`]),
  ];
  return [...blocks, more.flatMap((text) => paragraph(text, width, 2, 'secondary'))];
}

function groupLines(group: ChangeGroup, { changes }: Difference, width: number): Line[] {
  const { behind, way, reason, share, services, interfaces, before, after } = group;
  const title =
    behind === undefined
      ? 'no change of the VPC found behind it'
      : changeTitle(changes[behind]!.change);
  const [first, last] = [instant(share.firstTimeNs), instant(share.lastTimeNs)];
  const span = first === last ? first : `${first} to ${last}`;
  // What keeps the first of many flows keeps no other one.
  const isOne = group.change === 'newly-dropped' && share.flows <= 1;
  const fix = isOne ? after.fixes[0] : undefined;
  return [
    ...paragraph(title, width, 2),
    ...item('what', `${amount(share)}, ${bytes(share.bytes)}, ${span}`, width),
    ...item('traffic', servicesText(services), width),
    ...(interfaces.length === 0 ? [] : item('at', listed(interfaces.map(nameText)), width)),
    ...examplesOf(group).flatMap((text, i) => item(i === 0 ? 'example' : '', text, width)),
    ...item('before', sideText(before), width),
    ...item('after', sideText(after), width),
    // The title tells of the rule.
    ...(way === 'rule' ? [] : item('why', reason, width)),
    ...(fix === undefined ? [] : item('keep it', fix.text, width)),
    ...(fix?.commands ?? []).map((command) => line(`      ${printable(command)}`, 'secondary')),
  ];
}

const LABEL = 14;

function item(label: string, text: string, width: number): readonly Line[] {
  return beside([{ text: `    ${label}`.padEnd(LABEL), style: 'secondary' }], text, width);
}

const SHOWN_MAX = 6;

function listed(texts: readonly string[]): string {
  const rest = texts.length - SHOWN_MAX;
  return [...texts.slice(0, SHOWN_MAX), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

function nameText({ eni, name }: NamedInterface): string {
  return name === undefined ? eni : `${eni} (${name})`;
}

/** Ports that are told one by one; more are told as a range. */
const PORTS_APART = 3;

function servicesText(services: readonly ChangedService[]): string {
  const byProtocol = new Map<number | undefined, ChangedService[]>();
  for (const service of services) {
    byProtocol.set(service.protocol, [...(byProtocol.get(service.protocol) ?? []), service]);
  }
  const texts = [...byProtocol.values()].flatMap((alike) => {
    const apart = alike.length <= PORTS_APART || isIcmp(alike[0]!);
    if (apart) return alike.map((service) => `${serviceName(service)}: ${amount(service)}`);
    return [`${rangeName(alike)}: ${amount(sumFlowTallies(alike))}`];
  });
  return listed(texts);
}

const isIcmp = ({ protocol }: ChangedService): boolean => protocol === ICMP || protocol === ICMPV6;

function serviceName({ protocol, port, isRest }: ChangedService): string {
  if (protocol === undefined) return 'not IP';
  const ports = port === undefined ? {} : { ports: { from: port, to: port } };
  return `${trafficText({ protocol, ...ports })}${isRest ? ', other ports' : ''}`;
}

/** `udp/33434-33443 (10 ports)`; `and others` where not all are told apart. */
function rangeName(alike: readonly ChangedService[]): string {
  const { protocol } = alike[0]!;
  const known = alike.flatMap(({ port }) => port ?? []);
  const ports = { from: Math.min(...known), to: Math.max(...known) };
  const more = alike.some(({ isRest }) => isRest) ? ' and others' : '';
  const count = new Set(known).size;
  return `${trafficText({ protocol: protocol!, ports })} (${counted(count, 'port')}${more})`;
}

/** Packets that are shown of a group. */
const EXAMPLES = 3;

/** The first packet, and the first ones to other services, of other protocols if there are some. */
function examplesOf({ before, share, services }: ChangeGroup): string[] {
  const others = services.filter(({ first }) => first.frame !== share.firstFrame);
  const shown = services.filter(({ first }) => first.frame === share.firstFrame);
  for (const service of [...others.filter(isNewIn(shown)), ...others]) {
    if (shown.length < EXAMPLES && !shown.includes(service)) shown.push(service);
  }
  const texts = shown
    .map(({ first }) => first)
    .sort((one, other) => one.frame - other.frame)
    .map(({ frame, packet }) => `frame ${frame}, ${packetText(packet)}`);
  return texts.length > 0 ? texts : [packetText(before.packet.packet)];
}

/** Whether a service is of a protocol that was not met before, among those that are asked about and `known`. */
function isNewIn(known: readonly ChangedService[]): (service: ChangedService) => boolean {
  const met = new Set(known.map(({ protocol }) => protocol));
  return ({ protocol }) => {
    const isNew = !met.has(protocol);
    met.add(protocol);
    return isNew;
  };
}

function sideText({ verdict, code, reason, disagreement }: Explanation): string {
  const said = reason === '' ? codeText(code) : reason;
  const fault = disagreement === undefined ? '' : `; FAULT OF SGSIM: ${disagreement}`;
  return `${verdict} (${code}): ${said}${fault}`;
}
