import {
  DEFAULT_TRAFFIC,
  LEAST_RATE,
  type Profile,
  type Sizes,
  type TrafficOptions,
} from '../generate/traffic-options.js';
import { inputError } from '../model/diagnostic.js';
import { wholeNumber } from './number-option.js';

/** yargs' idea of the options. */
interface Given {
  readonly seed: number;
  readonly profile: Profile;
  readonly flows: number;
  readonly packets: number | undefined;
  readonly size: string | undefined;
  readonly s: number | undefined;
  readonly protocols: string | undefined;
  readonly ipv6: number | undefined;
  readonly drop: number | undefined;
  readonly zipf: number | undefined;
  readonly rate: number | undefined;
  readonly newFlows: number | undefined;
}

const PACKETS_PER_FLOW = 50;
/** Flows that live at a time. */
const CONCURRENT = { mixed: 50_000, 'port-scan': 1000, 'syn-flood': 1000 } as const;
/** All headers of a TCP segment over IPv6 fit, or a frame could not be judged. */
const SNAP_LEAST = 96;
const FRAME = { least: 60, most: 1514 } as const;
const MOST = 2 ** 53 - 1;
/** Options that make no difference to a profile. */
const MEANINGLESS: Readonly<Record<Profile, readonly (keyof Given)[]>> = {
  mixed: [],
  'port-scan': ['packets', 'size', 'protocols', 'drop', 'zipf'],
  'syn-flood': ['packets', 'size', 'protocols', 'zipf'],
};

/** Throws InputError. */
export function readTraffic(given: Given): TrafficOptions {
  const { profile } = given;
  const idle = MEANINGLESS[profile].find((name) => given[name] !== undefined);
  if (idle !== undefined) {
    throw inputError('usage', `--${idle}`, `means nothing to ${profile}`, 'leave it out');
  }
  const flows = wholeNumber(given.flows, 'flows', 1, 2 ** 31);
  const packets = wholeNumber(given.packets ?? flows * PACKETS_PER_FLOW, 'packets', 1, MOST);
  const { ipv6, drop, protocols, zipf, s } = given;
  return {
    ...DEFAULT_TRAFFIC,
    profile,
    flows,
    packets,
    seed: wholeNumber(given.seed, 'seed', 0, MOST),
    concurrent: Math.min(CONCURRENT[profile], Math.ceil(flows / 2)),
    ...(given.size === undefined ? {} : { sizes: readSizes(given.size) }),
    ...(s === undefined ? {} : { snapLength: wholeNumber(s, 's', SNAP_LEAST, 262_144) }),
    ...(protocols === undefined ? {} : { protocols: readProtocols(protocols) }),
    ...(ipv6 === undefined ? {} : { ipv6Share: inRange(ipv6, 'ipv6', 0, 100) / 100 }),
    ...(drop === undefined ? {} : { dropShare: inRange(drop, 'drop', 0, 100) / 100 }),
    ...(zipf === undefined ? {} : { zipf: inRange(zipf, 'zipf', 0, 10) }),
    packetsPerSecond: readRate(given, packets / flows),
  };
}

function readRate({ profile, rate, newFlows, drop }: Given, packetsPerFlow: number): number {
  if (newFlows === undefined)
    return inRange(rate ?? DEFAULT_TRAFFIC.packetsPerSecond, 'rate', LEAST_RATE, 1e9);
  if (rate !== undefined) {
    throw inputError('usage', '--new-flows', 'tells the rate, as --rate does', 'leave one out');
  }
  // Of a flood, what must be dropped is one packet, and the rest is answered once.
  const floodPackets = drop === undefined ? 2 : 2 / (1 + drop / 100);
  const perFlow = { mixed: packetsPerFlow, 'port-scan': 1, 'syn-flood': floodPackets }[profile];
  return inRange(newFlows, 'new-flows', LEAST_RATE / perFlow, 1e9 / perFlow) * perFlow;
}

function inRange(value: number, option: string, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  const fix = `give a number from ${least} to ${most}`;
  throw inputError('usage', `--${option}`, 'is not in its range', fix);
}

function readSizes(text: string): Sizes {
  if (text === 'imix') return text;
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const sizes = { from: Number(from), to: Number(to) };
  if (sizes.from >= FRAME.least && sizes.from <= sizes.to && sizes.to <= FRAME.most) return sizes;
  const fact = `${JSON.stringify(text)} is no size of frames`;
  throw inputError(
    'usage',
    '--size',
    fact,
    `give imix, or bytes from ${FRAME.least} to ${FRAME.most}`,
  );
}

type Protocols = NonNullable<TrafficOptions['protocols']>;

function readProtocols(text: string): Protocols {
  const shares = { tcp: 0, udp: 0, icmp: 0 };
  for (const part of text.split(',')) {
    const [, name, share] = /^(tcp|udp|icmp):(\d{1,6}(?:\.\d{1,6})?)$/.exec(part) ?? [];
    if (name === undefined) {
      const fact = `${JSON.stringify(part)} is no share`;
      throw inputError('usage', '--protocols', fact, 'write it like tcp:75,udp:20,icmp:5');
    }
    shares[name as keyof Protocols] += Number(share);
  }
  if (shares.tcp + shares.udp + shares.icmp > 0) return shares;
  throw inputError('usage', '--protocols', 'adds up to nothing', 'give one of them a share');
}
