import { inputError } from '../model/diagnostic.js';
import { PROTOCOL_NAMES, type ProtocolName, type Repertoire } from './repertoire.js';
import type { TrafficOptions } from './traffic-options.js';

/** Shares that a policy has flows for, each 0 to 1. */
export interface Shares {
  /** Of flows; they add up to 1. */
  readonly protocols: Readonly<Record<ProtocolName, number>>;
  /** Of flows. */
  readonly ipv6: number;
  /** Of packets. */
  readonly drop: number;
}

/** What is taken where nothing is asked for. */
const USUAL = { protocols: { tcp: 0.75, udp: 0.2, icmp: 0.05 }, ipv6: 0.25, drop: 0.1 } as const;

/** What is asked for, or the usual as far as the policy has it. Throws InputError for what it has none of. */
export function settleShares(repertoire: Repertoire, options: TrafficOptions): Shares {
  const protocols = settleProtocols(repertoire, options.protocols);
  const has = (family: 4 | 6, verdict: 'allowed' | 'dropped'): boolean =>
    PROTOCOL_NAMES.some(
      (name) => protocols[name] > 0 && repertoire[name][family][verdict].conversations.length > 0,
    );
  const hasFamily = (family: 4 | 6): boolean => has(family, 'allowed') || has(family, 'dropped');
  const hasVerdict = (verdict: 'allowed' | 'dropped'): boolean =>
    has(4, verdict) || has(6, verdict);
  return {
    protocols,
    ipv6: settle(
      options.ipv6Share,
      USUAL.ipv6,
      [hasFamily(4), 'over IPv4'],
      [hasFamily(6), 'over IPv6'],
    ),
    drop: settle(
      options.dropShare,
      USUAL.drop,
      [hasVerdict('allowed'), 'that is allowed'],
      [hasVerdict('dropped'), 'that is dropped'],
    ),
  };
}

function settleProtocols(
  repertoire: Repertoire,
  asked: TrafficOptions['protocols'],
): Record<ProtocolName, number> {
  const shares = { ...(asked ?? USUAL.protocols) };
  for (const name of PROTOCOL_NAMES) {
    if (shares[name] === 0 || hasAny(repertoire[name])) continue;
    if (asked !== undefined) throw lacking(`of ${name}`);
    shares[name] = 0;
  }
  const sum = shares.tcp + shares.udp + shares.icmp;
  if (sum === 0) throw lacking('that only rules decide');
  for (const name of PROTOCOL_NAMES) shares[name] /= sum;
  return shares;
}

type Side = readonly [there: boolean, what: string];

/** The share of the second of two sides. */
function settle(asked: number | undefined, usual: number, first: Side, second: Side): number {
  if (asked === undefined) return first[0] ? (second[0] ? usual : 0) : 1;
  if (asked > 0 && !second[0]) throw lacking(second[1]);
  if (asked < 1 && !first[0]) throw lacking(first[1]);
  return asked;
}

const hasAny = (pools: Repertoire[ProtocolName]): boolean =>
  [pools[4], pools[6]].some(
    ({ allowed, dropped }) => allowed.conversations.length + dropped.conversations.length > 0,
  );

export const lacking = (what: string): Error =>
  inputError(
    'traffic',
    '',
    `the VPC has no flow ${what}`,
    'ask for other flows, or change its rules',
  );
