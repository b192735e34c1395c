import { ICMP, ICMPV6, TCP, UDP } from '../model/protocol.js';
import type { Traffic } from '../model/security-group.js';
import { shown } from './faults.js';
import { fail, type Place } from './place.js';

/** The fields of a rule that say which packets it is about, as AWS spells and numbers them. */
export interface TrafficFields {
  readonly protocol: string;
  readonly from?: number | null | undefined;
  readonly to?: number | null | undefined;
}

/** What the form at hand calls the two numbers. */
export interface TrafficLabels {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly code: string;
}

/** Labels of AWS's documents. */
export const AWS_LABELS: TrafficLabels = {
  from: 'FromPort',
  to: 'ToPort',
  type: 'FromPort (ICMP type)',
  code: 'ToPort (ICMP code)',
};

/** Normalises and checks protocol, ports and ICMP fields by the table of PR-1 to PR-3. */
export function readTraffic(
  fields: TrafficFields,
  labels: TrafficLabels,
  place: Place,
): Traffic | undefined {
  const protocol = protocolOf(fields.protocol);
  switch (protocol) {
    case undefined:
      fail(
        place,
        'protocol',
        `${shown(fields.protocol)} is not a protocol`,
        'write tcp, udp, icmp, icmpv6, a number from 0 to 255, or -1 for all',
      );
      return undefined;
    case 'all':
      return { kind: 'all' };
    case TCP:
    case UDP:
      return portsOf(protocol, fields, labels, place);
    case ICMP:
    case ICMPV6:
      return icmpOf(protocol, fields, labels, place);
    default:
      return { kind: 'protocol', protocol };
  }
}

/** Protocol number of a name or number (PR-1); undefined for anything else. */
export function protocolOf(text: string): number | 'all' | undefined {
  const named = PROTOCOLS.get(text.toLowerCase());
  if (named !== undefined) return named;
  if (!/^(0|[1-9]\d{0,2})$/.test(text)) return undefined;
  const number = Number(text);
  return number <= 255 ? number : undefined;
}

const PROTOCOLS = new Map<string, number | 'all'>([
  ['-1', 'all'],
  ['all', 'all'],
  ['tcp', TCP],
  ['udp', UDP],
  ['icmp', ICMP],
  ['icmpv6', ICMPV6],
]);

/** Limits and words of one kind of number pair. */
interface PairForm {
  readonly first: number;
  readonly last: number;
  readonly code: string;
  /** What to write when a number is absent. */
  readonly all: string;
}

const PORTS: PairForm = {
  first: 0,
  last: 65_535,
  code: 'port-value',
  all: 'write 0 and 65535 for all ports',
};

const ICMP_FIELDS: PairForm = {
  first: -1,
  last: 255,
  code: 'icmp-type',
  all: 'write -1 and -1 for all types',
};

function portsOf(
  protocol: 6 | 17,
  fields: TrafficFields,
  labels: TrafficLabels,
  place: Place,
): Traffic | undefined {
  const pair = pairOf(fields, [labels.from, labels.to], PORTS, place);
  if (pair === undefined) return undefined;
  const [from, to] = pair;
  if (from > to) {
    const fact = `${labels.from} ${from} is above ${labels.to} ${to}`;
    fail(place, 'port-range', fact, 'swap them');
    return undefined;
  }
  return { kind: 'ports', protocol, from, to };
}

/** Type and code are two values, not a range (PR-2). */
function icmpOf(
  protocol: 1 | 58,
  fields: TrafficFields,
  labels: TrafficLabels,
  place: Place,
): Traffic | undefined {
  const noneGiven = (fields.from ?? fields.to ?? undefined) === undefined;
  if (protocol === ICMPV6 && noneGiven) return { kind: 'icmp', protocol, type: -1, code: -1 };
  const pair = pairOf(fields, [labels.type, labels.code], ICMP_FIELDS, place);
  if (pair === undefined) return undefined;
  const [type, code] = pair;
  if (type === -1 && code !== -1) {
    const fact = `${labels.type} is -1, any type, but ${labels.code} is ${code}`;
    fail(place, 'icmp-type', fact, 'write -1 for both or name the type');
    return undefined;
  }
  return { kind: 'icmp', protocol, type, code };
}

function pairOf(
  { protocol, from, to }: TrafficFields,
  labels: readonly [string, string],
  form: PairForm,
  place: Place,
): readonly [number, number] | undefined {
  if (typeof from !== 'number' || typeof to !== 'number') {
    const absent = labels.filter((_, index) => typeof [from, to][index] !== 'number');
    fail(place, 'port-missing', `${protocol} without ${absent.join(' and ')}`, form.all);
    return undefined;
  }
  const { first, last, code } = form;
  let valid = true;
  for (const [index, value] of [from, to].entries()) {
    if (Number.isInteger(value) && value >= first && value <= last) continue;
    const fact = `${labels[index]!} ${shown(value)} is outside ${first} to ${last}`;
    fail(place, code, fact, 'correct it');
    valid = false;
  }
  return valid ? [from, to] : undefined;
}
