import type { VpcDescription } from '../../src/model/vpc.js';
import { describeVpc, yaml } from '../documents/loading.js';

const GROUPS = {
  server: {
    ingress: ['tcp/0-1023 from any', 'udp/0-1023 from any', 'icmp/8 from any', 'icmpv6 from any'],
    egress: ['udp/53 to any'],
  },
  client: { ingress: [], egress: ['all to any'] },
  odd: {
    ingress: ['icmp from any', 'udp from any', 'tcp/1024-65535 from 0.0.0.0/1', '47 from any'],
    egress: ['tcp from any', 'tcp to 128.0.0.0/1', '50 to any', '132 to any'],
  },
} as const;

export type Role = keyof typeof GROUPS;
export const ROLES = Object.keys(GROUPS) as Role[];

/** Each host an interface of a VPC that holds every address, all with the rules of one role. */
export function worldOfHosts(hosts: readonly string[], role: Role): VpcDescription {
  const { ingress, egress } = GROUPS[role];
  const lines = [
    'cidrs: [0.0.0.0/0, "::/0"]',
    'groups:',
    `  sg-1: { ingress: ${JSON.stringify(ingress)}, egress: ${JSON.stringify(egress.map((rule) => rule.replace('from', 'to')))} }`,
    'interfaces:',
    ...hosts.map((host, i) => `  eni-${i}: { addresses: ["${host}"], groups: [sg-1] }`),
  ];
  return describeVpc(yaml('hosts.yaml', ...lines));
}
