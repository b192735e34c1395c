import { parsePrefix } from '../model/address.js';
import { TCP } from '../model/protocol.js';
import { type AddressWords, addressKey, prefixWords } from './address-words.js';
import { drawWithin } from './candidate.js';
import { judgeConversation } from './conversation.js';
import type { End, Ends } from './ends.js';
import { beginFlow, writeConversation } from './flow-words.js';
import { OPENER_PORTS, type Planner, openerPort } from './planned-flow.js';
import { type Random, below } from './random.js';
import { PROBE_PACKETS, SCRIPTS } from './script.js';
import { lacking } from './shares.js';
import type { TrafficOptions } from './traffic-options.js';

/** Ports that are probed: 1 to 65535. */
const PORTS = 65_535;
/** No divisor in common with PORTS: every port has its turn. */
const STEP = 40_499;
/** Where scanners are: RFC 2544, RFC 3849. */
const OUTSIDE = {
  4: prefixWords(parsePrefix('198.18.0.0/15')!.prefix),
  6: prefixWords(parsePrefix('2001:db8::/32')!.prefix),
} as const;
const PATIENCE = 1000;

/**
 * A host outside probes every address of the VPC for every TCP port in turn, as `nmap -sS` does: an open port answers and
 * is left half-open, a closed one hears a SYN. When all ports are through, another host begins. Throws InputError when the VPC
 * has no address to probe.
 */
export function createScan(
  random: Random,
  ends: Ends,
  { flows, ipv6Share }: TrafficOptions,
): Planner {
  const targets = targetsOf(ends.local, ipv6Share);
  const known = new Set<string>();
  const drawScanner = (): Readonly<Record<4 | 6, AddressWords>> => ({
    4: drawOutside(random, ends, 4, targets, known),
    6: drawOutside(random, ends, 6, targets, known),
  });
  let scanner = drawScanner();
  const firstPort = below(random, PORTS);
  const round = targets.length * PORTS;
  let probe = 0;
  let left = flows;
  return (words, at) => {
    if (left-- <= 0) return false;
    if (probe === round) {
      probe = 0;
      scanner = drawScanner();
    }
    const to = targets[probe % targets.length]!;
    const turn = Math.floor(probe / targets.length);
    const port = 1 + ((firstPort + turn * STEP) % PORTS);
    const number = probe++ % OPENER_PORTS;
    const asked = { from: scanner[to.family], to, protocol: TCP, port };
    // What stands in the way of a verdict by rules hangs on the addresses alone, which were tried.
    const conversation = judgeConversation(ends, asked)!;
    const open = conversation.allowed;
    writeConversation(words, at, conversation, open ? SCRIPTS.probe : SCRIPTS.unanswered);
    beginFlow(words, at, open ? PROBE_PACKETS : 1, openerPort(number), random);
    return true;
  };
}

/** IPv4 where there is some, unless IPv6 is asked for. */
function targetsOf(local: readonly End[], ipv6Share: number | undefined): readonly End[] {
  const of = (family: 4 | 6): End[] => local.filter((end) => end.family === family);
  const share = ipv6Share ?? (of(4).length > 0 ? 0 : 1);
  const targets = [...(share < 1 ? of(4) : []), ...(share > 0 ? of(6) : [])];
  if (targets.length === 0) throw lacking('from outside');
  return targets;
}

/** A host that every target of its family can hear from. */
function drawOutside(
  random: Random,
  ends: Ends,
  family: 4 | 6,
  targets: readonly End[],
  known: Set<string>,
): AddressWords {
  const heard = targets.filter((to) => to.family === family);
  for (let tries = 0; tries < PATIENCE; tries++) {
    const from = drawWithin(random, OUTSIDE[family]);
    const key = addressKey(from);
    if (known.has(key) || ends.endAt(from)?.mac !== 0) continue;
    const isHeard = (to: End): boolean =>
      judgeConversation(ends, { from, to, protocol: TCP, port: 1 }) !== undefined;
    if (!heard.every(isHeard)) continue;
    known.add(key);
    return from;
  }
  throw lacking('from outside');
}
