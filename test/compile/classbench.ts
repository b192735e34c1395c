import { existsSync, readFileSync } from 'node:fs';
import type { SecurityGroup, Traffic } from '../../src/model/security-group.js';
import { parsePrefix } from '../../src/model/address.js';

/** ClassBench filter sets; not part of the repository. */
const RULES = new URL('../../../shared/corpus/rules/', import.meta.url);

export const filtersAbsent = !existsSync(RULES);

const LINE =
  /^@(?<source>\S+)\t\S+\t\d+ : \d+\t(?<from>\d+) : (?<to>\d+)\t0x(?<protocol>..)\/0x(?<mask>..)\t/;

/**
 * A filter set as ingress rules of one group: source prefix, destination ports, protocol. Source ports, destination and
 * flags have no place in a security group, and neither have priorities: any match allows.
 */
export function filterGroup(name: string): SecurityGroup {
  const lines = readFileSync(new URL(name, RULES), 'utf8').trimEnd().split('\n');
  return {
    id: 'sg-filters',
    name,
    vpcId: 'vpc-1',
    place: name,
    rules: lines.map((line, i) => {
      const fields = LINE.exec(line)?.groups;
      if (fields === undefined) throw new Error(`${name}:${i + 1}: not a filter: ${line}`);
      return {
        id: `sg-filters:${i + 1}`,
        groupId: 'sg-filters',
        direction: 'ingress',
        traffic: trafficOf(fields as Record<'protocol' | 'mask' | 'from' | 'to', string>),
        peer: { kind: 'cidr', prefix: parsePrefix(fields['source']!)!.prefix },
        place: `${name}:${i + 1}`,
      };
    }),
  };
}

function trafficOf(fields: Record<'protocol' | 'mask' | 'from' | 'to', string>): Traffic {
  const protocol = parseInt(fields.protocol, 16);
  if (fields.mask === '00') return { kind: 'all' };
  if (protocol === 1) return { kind: 'icmp', protocol, type: -1, code: -1 };
  if (protocol !== 6 && protocol !== 17) return { kind: 'protocol', protocol };
  return { kind: 'ports', protocol, from: Number(fields.from), to: Number(fields.to) };
}
