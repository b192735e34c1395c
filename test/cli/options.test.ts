import { describe, expect, it } from 'vitest';
import { captureOf } from './capture.js';
import { createFolder } from './folder.js';
import { TINY_CAPTURE, TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write(
  'open.yaml',
  `groups:
  sg-web:
    ingress: [tcp/443 from 203.0.113.0/24]
    egress: [all to 0.0.0.0/0]
interfaces:
  eni-web: { addresses: [10.0.1.20], groups: [sg-web] }
`,
);

/** The codes of a capture's frames, and the report that goes with them. */
async function replay(
  capture: string,
  options: readonly string[],
): Promise<{ codes: string; report: string }> {
  const args = ['replay', '-r', capture, '--vpc', 'open.yaml', '--verdicts', '-', ...options];
  const { stdout, stderr, status } = await folder.run(args);
  expect(status, stderr).toBe(0);
  const codes = stdout.trim().split('\n');
  return {
    codes: codes.map((line) => (JSON.parse(line) as { code: string }).code).join(' '),
    report: stderr.replaceAll(/\s+/g, ' '),
  };
}

describe('CT-14: --midstream', () => {
  // The capture begins in the middle of a connection, which ends and is idle for longer than its 10 s (CT-13).
  folder.write(
    'midstream.pcap',
    captureOf(
      [0, '203.0.113.7:51000 > 10.0.1.20:443 tcp A'],
      [1000, '10.0.1.20:443 > 203.0.113.7:51000 tcp RA'],
      [20_000, '203.0.113.7:51000 > 10.0.1.20:443 tcp A'],
    ),
  );

  it.each([
    [[], 'inferred tracked no-state', 'after its connection ended it is dropped'],
    [['--midstream', 'history'], 'inferred tracked no-state', 'after its connection ended'],
    [['--midstream', 'strict'], 'no-state no-state no-state', 'mid-stream is dropped'],
    [['--midstream', 'pickup'], 'inferred tracked inferred', 'mid-stream'],
  ])('%j', async (options, codes, assumption) => {
    const run = await replay('midstream.pcap', options);
    expect(run.codes).toBe(codes);
    expect(run.report).toContain(assumption);
  });
});

describe('CT-14: --history', () => {
  // Its connection ends at 1 s and is over 10 s later (CT-13): 9 s before the last packet.
  folder.write(
    'history.pcap',
    captureOf(
      [0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S'],
      [100, '10.0.1.20:443 > 203.0.113.7:51000 tcp SA'],
      [200, '203.0.113.7:51000 > 10.0.1.20:443 tcp A'],
      [1000, '203.0.113.7:51000 > 10.0.1.20:443 tcp R'],
      [20_000, '203.0.113.7:51000 > 10.0.1.20:443 tcp A'],
    ),
  );

  it.each([
    [[], 'no-state', 'an ended connection is remembered for 86400 s'],
    [['--history', '3600'], 'no-state', 'an ended connection is remembered for 3600 s'],
    [['--history', '10'], 'no-state', ''],
    [['--history', '9'], 'inferred', ''],
    [['--history', '0'], 'inferred', ''],
  ])('%j', async (options, code, assumption) => {
    const run = await replay('history.pcap', options);
    expect(run.codes).toBe(`rule tracked tracked tracked ${code}`);
    expect(run.report).toContain(assumption);
  });
});

describe('CT-25: --denied', () => {
  folder.write(
    'denied.pcap',
    captureOf(
      [0, '203.0.113.7:51000 > 10.0.1.20:22 tcp S'],
      [100, '10.0.1.20:22 > 203.0.113.7:51000 tcp SA'],
      [200, '203.0.113.7:51000 > 10.0.1.20:22 tcp A'],
    ),
  );

  it.each([
    [[], 'no-rule not-opened not-opened'],
    [['--denied', 'remember'], 'no-rule not-opened not-opened'],
    // The egress rule lets the answer out, which then stands for the connection (CT-14).
    [['--denied', 'forget'], 'no-rule inferred tracked'],
  ])('%j', async (options, codes) => {
    expect((await replay('denied.pcap', options)).codes).toBe(codes);
  });
});

describe('NI-5: --vpc-id', () => {
  folder.write('tiny.pcap', TINY_CAPTURE);
  folder.write('vpc-1.yaml', TINY_VPC);
  folder.write(
    'vpc-2.yaml',
    TINY_VPC.replace('vpc: vpc-1', 'vpc: vpc-2')
      .replaceAll('subnet-a', 'subnet-b')
      .replaceAll('sg-web', 'sg-other')
      .replaceAll('eni-web', 'eni-other')
      .replace('sgr-https', 'sgr-other'),
  );
  const BOTH = ['replay', '-r', 'tiny.pcap', '--vpc', 'vpc-1.yaml', 'vpc-2.yaml'];

  it('is needed when two VPCs have the same addresses', () =>
    folder.check(BOTH, {
      stderr:
        'error[duplicate-address] vpc-2.yaml:9:3: interfaces.eni-other: 10.0.1.20 belongs to eni-other of vpc-2 ' +
        'and to eni-web of vpc-1; give --vpc-id\n',
      status: 2,
    }));

  it.each([
    ['vpc-1', 'eni-web', 'sgr-https'],
    ['vpc-2', 'eni-other', 'sgr-other'],
  ])('%s', async (vpcId, eni, rule) => {
    const { stdout } = await folder.run([...BOTH, '--vpc-id', vpcId, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      byInterface: [
        { eni, direction: 'ingress' },
        { eni, direction: 'egress' },
      ],
      byRule: [{ rule, packets: 3 }],
    });
  });

  it('SG-13: groups of a peered VPC still stand for its interfaces', async () => {
    folder.write(
      'peered.yaml',
      `vpc: vpc-1
groups:
  sg-web: { ingress: [tcp/443 from sg-peer] }
  sg-peer: { vpc: vpc-2 }
interfaces:
  eni-web: { addresses: [10.0.1.20], groups: [sg-web] }
  eni-peer: { vpc: vpc-2, addresses: [10.9.0.5], groups: [sg-peer] }
peerings:
  pcx-1: { between: [vpc-1, vpc-2], status: active }
`,
    );
    folder.write('peered.pcap', captureOf([0, '10.9.0.5:51000 > 10.0.1.20:443 tcp S']));
    const args = ['replay', '-r', 'peered.pcap', '--vpc', 'peered.yaml', '--vpc-id', 'vpc-1'];
    const { stdout } = await folder.run([...args, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      byCode: [{ code: 'rule', packets: 1 }],
      byInterface: [{ eni: 'eni-web', direction: 'ingress' }],
    });
  });

  it('must be one that has interfaces', () =>
    folder.check([...BOTH, '--vpc-id', 'vpc-3'], {
      stderr: 'error[vpc-id] --vpc-id: no interface is in vpc-3; name one of vpc-1, vpc-2\n',
      status: 2,
    }));
});
