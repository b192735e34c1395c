import type { DropGroup } from '../model/outcome.js';
import { ICMP, ICMPV6, protocolName } from '../model/protocol.js';

/**
 * What a group of flows has in common, in the notation of rules: `tcp/443`, `udp/5000-5009`, `tcp (any port)`,
 * `icmp 8/0`, `esp`, `protocol 99`.
 */
export function trafficText({ protocol, ports }: Pick<DropGroup, 'protocol' | 'ports'>): string {
  const name = protocolName(protocol);
  const shown = name === String(protocol) ? `protocol ${name}` : name;
  if (ports === undefined) return shown;
  const { from, to } = ports;
  const whole = from === 0 && to === 0xffff;
  if (protocol === ICMP || protocol === ICMPV6) {
    return whole ? `${shown} (any type)` : `${shown} ${range(typeAndCode(from), typeAndCode(to))}`;
  }
  return whole ? `${shown} (any port)` : `${shown}/${range(String(from), String(to))}`;
}

function range(from: string, to: string): string {
  return from === to ? from : `${from}-${to}`;
}

function typeAndCode(value: number): string {
  return `${value >> 8}/${value & 0xff}`;
}
