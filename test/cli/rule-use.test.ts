import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
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
    ingress:
      - { id: sgr-range, rule: tcp/8000-8100 from 10.0.0.0/8 }
      - { id: sgr-part, rule: tcp/8080 from 10.0.2.0/24 }
      - { id: sgr-dns, rule: udp/53 from sg-ask }
      - { id: sgr-idle, rule: icmp/8 from 192.0.2.0/24 }
    egress: []
  sg-ask: { ingress: [], egress: [{ id: sgr-out, rule: all to 10.0.0.0/16 }] }
interfaces:
  eni-web: { addresses: [10.0.1.20], groups: [sg-web], subnet: subnet-a }
  eni-ask: { addresses: [10.0.1.30, 10.0.1.31], groups: [sg-ask], subnet: subnet-a }
`,
);
folder.write(
  'web.pcap',
  captureOf(
    [0, '10.0.2.5:40000 > 10.0.1.20:8080 tcp S'],
    [100, '10.0.1.20:8080 > 10.0.2.5:40000 tcp SA'],
    [200, '10.0.3.7:40000 > 10.0.1.20:8081 tcp S'],
    [300, '10.0.1.30:5000 > 10.0.1.20:53 udp'],
  ),
);
const REPLAY = ['replay', '-r', 'web.pcap', '--vpc', 'vpc.yaml', '--rules'];

const sectionOf = (text: string): string =>
  text.slice(text.indexOf('rules that'), text.indexOf('\n\nassumptions'));

it('tells what each rule was used for, and which of them nothing hangs on', async () => {
  const { stdout, status } = await folder.run(REPLAY);
  expect(status).toBe(0);
  expect(sectionOf(stdout))
    .toBe(`rules that flows hang on            packets  flows  by it alone  bytes
  tcp/8000-8100 from 10.0.0.0/8           3      2            1  162 B
    sgr-range in sg-web, ingress
    2023-11-14T22:13:20.000Z to 2023-11-14T22:13:20.200Z
    seen: tcp/8080-8081
    never: tcp/8000-8079, tcp/8082-8100
    peers: 10.0.2.5/32, 10.0.3.7/32
  udp/53 from sg-ask                      1      1            1   42 B
    sgr-dns in sg-web, ingress
    2023-11-14T22:13:20.300Z to 2023-11-14T22:13:20.300Z
    peers: 10.0.1.30/32
    no packet of 10.0.1.31/32
  all to 10.0.0.0/16                      1      1            1   42 B
    sgr-out in sg-ask, egress
    2023-11-14T22:13:20.300Z to 2023-11-14T22:13:20.300Z
    seen: udp/53
    peers: 10.0.1.20/32

rules that could go, one at a time  packets  flows  by it alone  bytes
  tcp/8080 from 10.0.2.0/24               0      0            0    0 B
    sgr-part in sg-web, ingress
    lets pass 1 flow, which others let pass too
    covered by sgr-range
    peers: 10.0.2.5/32
  icmp/8 from 192.0.2.0/24                0      0            0    0 B
    sgr-idle in sg-web, ingress
    never used`);
});

it('tells the same as JSON, in the form that the schema describes', async () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const validate = new Ajv2020({ strict: true }).compile(schema);
  const { stdout } = await folder.run([...REPLAY, '--json', '--top', '4']);
  const report = JSON.parse(stdout) as { ruleUse: object };
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  expect(report.ruleUse).toMatchObject({
    rules: [
      {
        rule: 'sgr-range',
        ...{ packets: 3, bytes: 162, flows: 2, matchedFlows: 2, soleFlows: 1, soleByTracking: 0 },
        ...{ firstTimeNs: '1700000000000000000', lastTimeNs: '1700000000200000000' },
        usedTraffic: ['tcp/8080-8081'],
        unusedTraffic: ['tcp/8000-8079', 'tcp/8082-8100'],
        ...{ seenPeers: ['10.0.2.5/32', '10.0.3.7/32'], peersMerged: false },
      },
      { rule: 'sgr-dns', members: 2, usedMembers: 1, unusedMembers: ['10.0.1.31/32'] },
      { rule: 'sgr-out', soleFlows: 1 },
      { rule: 'sgr-part', packets: 0, matchedFlows: 1, soleFlows: 0, coveredBy: ['sgr-range'] },
    ],
    countedTwice: false,
    omitted: { count: 1, withSoleFlows: 0, packets: 0 },
  });
});
