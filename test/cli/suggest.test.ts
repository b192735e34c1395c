import { expect, it } from 'vitest';
import { captureOf } from './capture.js';
import { createFolder } from './folder.js';

const folder = createFolder();
folder.write(
  'vpc.yaml',
  `
subnets: { subnet-a: [10.0.1.0/24] }
groups:
  sg-web:
    ingress: [tcp from 10.0.0.0/8, tcp/443 from any, udp/53 from 10.0.0.0/16]
    egress: [all to any]
  sg-ask: { ingress: [], egress: [udp to 10.0.0.0/16] }
  sg-idle: { ingress: [tcp/22 from any], egress: [] }
interfaces:
  eni-web: { addresses: [10.0.1.20], groups: [sg-web], subnet: subnet-a }
  eni-ask: { addresses: [10.0.1.30], groups: [sg-ask], subnet: subnet-a }
`,
);
folder.write(
  'web.pcap',
  captureOf(
    [0, '10.0.2.5:40000 > 10.0.1.20:8080 tcp S'],
    [100, '10.0.1.20:8080 > 10.0.2.5:40000 tcp SA'],
    [200, '10.0.2.6:40000 > 10.0.1.20:8081 tcp S'],
    [250, '10.0.2.6:40001 > 10.0.1.20:8080 tcp S'],
    [300, '10.0.1.30:5000 > 10.0.1.20:53 udp'],
    [400, '203.0.113.7:40000 > 10.0.1.20:443 tcp S'],
    [500, '10.0.1.20:443 > 203.0.113.7:40000 tcp SA'],
    [600, '203.0.113.9:40000 > 10.0.1.20:443 tcp S'],
    [700, '203.0.113.9:40000 > 10.0.1.20:22 tcp S'],
  ),
);
const SUGGEST = ['suggest', '-r', 'web.pcap', '--vpc', 'vpc.yaml'];

const yaml = (web: readonly string[]): string => `groups:
  "sg-web":
    vpc: "vpc-main"
    ingress:
${web.map((rule) => `      - "${rule}"\n`).join('')}    egress: []
  "sg-ask":
    vpc: "vpc-main"
    ingress: []
    egress:
      - "udp/53 to sg-web"
  "sg-idle":
    vpc: "vpc-main"
    ingress:
      - "tcp/22 from 0.0.0.0/0"
      - "tcp/22 from ::/0"
    egress: []
`;

// Old: tcp from 2^24 addresses, and 443 from all others; udp/53 from 2^16; everything to everyone, in 65536 * 3 + 253 ways, over
// IPv4 and IPv6; udp to 2^16. New: what is listed; a group of one interface is one address.
it('narrows rules to what was seen, and proves it', () =>
  folder.check([...SUGGEST, '--format', 'yaml'], {
    stdout: yaml([
      'tcp/8080 from 10.0.2.4/30',
      'tcp/8081 from 10.0.2.6/32',
      'tcp/443 from 203.0.113.0/28',
      'udp/53 from sg-ask',
    ]),
    stderr: `suggested  7 rules instead of 9, in 3 groups
admitted   IPv4: 23 openings instead of 2^49.6
admitted   IPv6: 0 openings instead of 2^145.6
replayed   of 8 allowed packets 0 newly dropped; 0 newly allowed
`,
  }));

it('puts no more together than it may', async () => {
  const { stdout } = await folder.run([...SUGGEST, '--format', 'yaml', '--max-prefix', '31']);
  expect(stdout).toBe(
    yaml([
      'tcp/8080 from 10.0.2.5/32',
      'tcp/8080-8081 from 10.0.2.6/32',
      'tcp/443 from 203.0.113.7/32',
      'tcp/443 from 203.0.113.9/32',
      'udp/53 from sg-ask',
    ]),
  );
});

it('writes what the loader reads back, to a file too', async () => {
  await folder.check([...SUGGEST, '-o', 'rules.json'], {
    stdout: '',
    stderr: expect.stringContaining('0 newly dropped') as string,
  });
  const { SecurityGroups } = JSON.parse(folder.read('rules.json')) as {
    SecurityGroups: { GroupId: string; IpPermissionsEgress: unknown[] }[];
  };
  expect(SecurityGroups.map(({ GroupId }) => GroupId)).toEqual(['sg-web', 'sg-ask', 'sg-idle']);
  expect(SecurityGroups[1]!.IpPermissionsEgress).toEqual([
    {
      ...{ IpProtocol: 'udp', FromPort: 53, ToPort: 53 },
      ...{
        UserIdGroupPairs: [{ GroupId: 'sg-web' }],
        IpRanges: [],
        Ipv6Ranges: [],
        PrefixListIds: [],
      },
    },
  ]);
});

it('reads no standard input', () =>
  folder.check(['suggest', '-r', '-', '--vpc', 'vpc.yaml'], {
    stdout: '',
    stderr:
      'error[usage] -r: standard input cannot be read twice, and rules are proved by a second replay; write it to a file first\n',
    status: 2,
  }));
