import { parsePrefix } from '../../src/model/address.js';
import type { Rule, Traffic } from '../../src/model/security-group.js';

const LINE =
  /^@(?<source>\S+)\t\S+\t\d+ : \d+\t(?<from>\d+) : (?<to>\d+)\t0x(?<protocol>..)\/0x(?<mask>..)\t/;

/**
 * A ClassBench filter set as ingress rules of one group: source prefix, destination ports, protocol. Source ports,
 * destination and flags have no place in a security group, and neither have priorities: any match allows.
 */
export function parseFilters(name: string, text: string, groupId: string): Rule[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line, i) => {
      const fields = LINE.exec(line)?.groups;
      if (fields === undefined) throw new Error(`${name}:${i + 1}: not a filter: ${line}`);
      return {
        id: `${groupId}:${i + 1}`,
        groupId,
        direction: 'ingress',
        traffic: trafficOf(fields as Record<'protocol' | 'mask' | 'from' | 'to', string>),
        peer: { kind: 'cidr', prefix: parsePrefix(fields['source']!)!.prefix },
        place: `${name}:${i + 1}`,
      };
    });
}

function trafficOf(fields: Record<'protocol' | 'mask' | 'from' | 'to', string>): Traffic {
  const protocol = parseInt(fields.protocol, 16);
  if (fields.mask === '00') return { kind: 'all' };
  if (protocol === 1) return { kind: 'icmp', protocol, type: -1, code: -1 };
  if (protocol !== 6 && protocol !== 17) return { kind: 'protocol', protocol };
  return { kind: 'ports', protocol, from: Number(fields.from), to: Number(fields.to) };
}
