import type { IdleSeconds } from '../../src/model/tracking.js';
import { FIXED_IDLE_SECONDS } from '../../src/model/tracking.js';
import { ICMP, ICMPV6, TCP, UDP } from '../../src/model/protocol.js';
import type { InterfaceVerdict } from '../../src/model/verdict.js';
import type { DecodedIp } from '../engine/rows.js';
import type { NetfilterVerdict } from './netfilter.js';

/** Why a packet is not compared; undefined when it is. Packets come in order. */
export type Account = (
  timeNs: bigint,
  ip: DecodedIp,
  ours: InterfaceVerdict,
  theirs: NetfilterVerdict,
) => string | undefined;

/**
 * Where Linux and the specification part on purpose. Once they have parted over a flow, its later packets tell nothing.
 * With `limits` the clock runs, and a packet whose flow is as old as a limit, give or take the judge's resolution, is set aside.
 */
export function createAccount(limits?: IdleSeconds): Account {
  const parted = new Map<string, string>();
  const untracked = new Set<string>();
  const clock = limits === undefined ? undefined : createClock(limits);
  return (timeNs, ip, ours, theirs) => {
    const key = flowKey(ip);
    const quoted = ip.quote === undefined ? undefined : quoteKey(ip.quote);
    const uncertain = clock?.(timeNs, key, quoted) ?? false;
    if (ours.code === 'untracked') untracked.add(key);
    if (theirs.verdict === 'skip') return `not sent: ${theirs.why}`;
    const before = parted.get(key) ?? (quoted === undefined ? undefined : parted.get(quoted));
    if (before !== undefined) return before;
    if (uncertain) {
      parted.set(key, 'clock: as old as an idle limit');
      return parted.get(key);
    }
    const cause = causeOf(ip, ours, theirs, quoted !== undefined && untracked.has(quoted));
    if (cause !== undefined) parted.set(key, cause);
    // Both let it pass, but only we begin or carry on a connection with it.
    else if (theirs.why === 'inv' && ours.verdict === 'allow') {
      const invalid = INVALID[ip.protocol];
      if (invalid !== undefined) parted.set(key, invalid);
    }
    return cause;
  };
}

function causeOf(
  ip: DecodedIp,
  ours: InterfaceVerdict,
  { verdict, why, fragment }: NetfilterVerdict,
  aboutUntracked: boolean,
): string | undefined {
  const { protocol } = ip;
  if (verdict === (ours.verdict === 'allow' ? 'pass' : 'drop')) return undefined;
  if (why === 'inv' && INVALID[protocol] !== undefined) return INVALID[protocol];
  if (fragment) return 'CT-18: fragments are judged as they come';
  if (protocol === SCTP) return INVALID[SCTP];
  if (ours.code === 'inferred')
    return 'CT-14: a flow may have begun before the capture, either way';
  if (ours.code === 'no-state') return 'CT-14: an ended connection is remembered';
  if (ours.code === 'not-opened') return 'CT-25: a denied opening is remembered';
  if (why === 'rel' && aboutUntracked) return 'CT-16: an untracked flow has no errors of its own';
  return undefined;
}

const SCTP = 132;
/** What Linux calls invalid, and we do not. */
const INVALID: Readonly<Record<number, string>> = {
  [TCP]: 'CT-13: no packet is invalid by its flags',
  [UDP]: 'CP-5: the UDP length is not asked',
  [SCTP]: 'CT-17: SCTP by its addresses only',
};

/** Both directions of a flow have one key. */
function flowKey({ source, destination, protocol, transport, fragment }: DecodedIp): string {
  const { sourcePort, destinationPort } = transport ?? { sourcePort: 0, destinationPort: 0 };
  if (transport === undefined && fragment !== undefined && fragment.offset > 0) {
    return pairKey(`fragment ${fragment.id}`, source.value, destination.value);
  }
  return keyOf(protocol, source.value, destination.value, sourcePort, destinationPort);
}

const quoteKey = (quote: NonNullable<DecodedIp['quote']>): string =>
  keyOf(
    quote.protocol,
    quote.source.value,
    quote.destination.value,
    quote.sourcePort,
    quote.destinationPort,
  );

function keyOf(
  protocol: number,
  source: bigint,
  destination: bigint,
  sourcePort: number,
  destinationPort: number,
): string {
  if (protocol === ICMP || protocol === ICMPV6) {
    return pairKey(`${protocol} ${sourcePort}`, source, destination);
  }
  return protocol === TCP || protocol === UDP
    ? pairKey(protocol, `${source}.${sourcePort}`, `${destination}.${destinationPort}`)
    : pairKey(protocol, source, destination);
}

const pairKey = (what: string | number, ...ends: (string | bigint)[]): string =>
  `${what} ${ends.map(String).sort().join(' ')}`;

const SECOND = 1e9;

/** Whether a packet comes when the flow, or the one that an error quotes, is about as old as some idle limit. */
function createClock(limits: IdleSeconds) {
  const ages = [
    ...Object.values(FIXED_IDLE_SECONDS),
    limits.tcpEstablished,
    limits.udp,
    limits.udpStream,
  ];
  const seen = new Map<string, { timeNs: bigint; step: number }>();
  let lastNs = 0n;
  let step = 0;
  return (timeNs: bigint, key: string, quoted: string | undefined): boolean => {
    // Every step that the judge ages its entries by may cost a second more.
    if (timeNs - lastNs >= 1_000_000_000n) step++;
    lastNs = timeNs;
    const last = seen.get(quoted ?? key);
    seen.set(key, { timeNs, step });
    if (last === undefined) return false;
    const age = Number(timeNs - last.timeNs) / SECOND;
    const slack = 2 + step - last.step;
    return ages.some((limit) => Math.abs(age - limit) < slack);
  };
}
