import { describe, expect, it } from 'vitest';
import { captureOf } from './capture.js';
import { createFolder } from './folder.js';
import { TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('vpc.yaml', TINY_VPC);
folder.write(
  'c.pcap',
  captureOf(
    [0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S'],
    [100, '10.0.1.20:443 > 203.0.113.7:51000 tcp SA'],
    [200, '203.0.113.7:51001 > 10.0.1.20:22 tcp S'],
    [1000, '203.0.113.7:51002 > 10.0.1.20:22 tcp S'],
    [1100, '203.0.113.7:51003 > 10.0.1.20:443 tcp S'],
    [1200, '203.0.113.7:51000 > 10.0.1.20:443 tcp A'],
  ),
);
const ARGS = ['replay', '-r', 'c.pcap', '--vpc', 'vpc.yaml', '--events', 'e.yaml'];

describe('--events', () => {
  it('CT-8, SG-21: the report shows the verdicts before and after each event', async () => {
    folder.write(
      'e.yaml',
      `- at: +1s
  authorize: { sg-web: [tcp/22 from 203.0.113.0/24] }
  revoke: { sg-web: [sgr-https] }
`,
    );
    const { stdout, status } = await folder.run([...ARGS, '--json']);
    expect(status).toBe(0);
    const { phases } = JSON.parse(stdout) as {
      phases: { events: string[]; allowed: { packets: number }; dropped: { packets: number } }[];
    };
    expect(
      phases.map(({ events, allowed, dropped }) => [events, allowed.packets, dropped.packets]),
    ).toEqual([
      [[], 2, 1],
      [['authorize sg-web tcp/22 from 203.0.113.0/24; revoke sg-web sgr-https'], 2, 1],
    ]);
    const text = await folder.run(ARGS);
    expect(text.stdout).toContain('packets between events');
    expect(text.stdout.replaceAll(/\s+/g, ' ')).toContain('before 2 1 0 0');
  });

  it("PR-5: what AWS would refuse is refused with AWS's code", async () => {
    folder.write('e.yaml', '- { at: +1s, authorize: { sg-web: [tcp/443 from 203.0.113.0/24] } }\n');
    const { stdout, stderr, status } = await folder.run(ARGS);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toMatch(/^error\[InvalidPermission\.Duplicate\] e\.yaml:1:3: .*\n$/);
  });

  it('tells every fault of the file in one go', async () => {
    folder.write('e.yaml', '- { at: soon, revoke: { sg-web: [tcp/99999 from any] } }\n- 7\n');
    const { stderr, status } = await folder.run(ARGS);
    expect(status).toBe(2);
    expect(stderr.trim().split('\n').length).toBeGreaterThanOrEqual(3);
  });
});
