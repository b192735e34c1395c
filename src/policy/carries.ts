import { ICMP, TCP, UDP, ICMPV6 } from '../model/protocol.js';
import type { Traffic } from '../model/security-group.js';

/** What rules test of a packet besides its peer. */
export interface Carried {
  readonly family: 4 | 6;
  readonly protocol: number;
  /** Destination port; ICMP: type * 256 + code; NO_PORT for protocols without, and for later fragments (CT-18). */
  readonly port: number;
}

export const NO_PORT = -1;
export const LAST_PORT = 65_535;

/** Whether rules for such traffic let it pass (PR-1..PR-3); without a port only those that ask for none do (CT-18). */
export function carries(traffic: Traffic, { family, protocol, port }: Carried): boolean {
  switch (traffic.kind) {
    case 'all':
      return true;
    case 'protocol':
      return traffic.protocol === protocol;
    case 'ports':
      if (traffic.protocol !== protocol) return false;
      if (port === NO_PORT) return isEveryPort(traffic);
      return traffic.from <= port && port <= traffic.to;
    case 'icmp':
      if (traffic.protocol !== protocol || !isIcmp(family, protocol)) return false;
      if (port === NO_PORT) return traffic.type === -1 && traffic.code === -1;
      return isAnyOr(traffic.type, port >> 8) && isAnyOr(traffic.code, port & 0xff);
  }
}

/** Whether it lets pass every packet of a protocol: the way back of CT-4. */
export function carriesAll(traffic: Traffic, protocol: number): boolean {
  if (traffic.kind === 'all') return true;
  return traffic.kind === 'ports' && traffic.protocol === protocol && isEveryPort(traffic);
}

/** ICMP in its own family; in the other one 1 and 58 are protocols like any other. */
export const isIcmp = (family: 4 | 6, protocol: number): boolean =>
  protocol === (family === 4 ? ICMP : ICMPV6);

/** Whether packets of a protocol have something that rules call ports. */
export const hasPorts = (family: 4 | 6, protocol: number): boolean =>
  protocol === TCP || protocol === UDP || isIcmp(family, protocol);

const isEveryPort = ({ from, to }: { from: number; to: number }): boolean =>
  from === 0 && to === LAST_PORT;

const isAnyOr = (wanted: number, found: number): boolean => wanted === -1 || wanted === found;
