import { expect, it } from 'vitest';
import { createTrafficCheck } from '../../src/generate/traffic-check.js';
import { createTrafficSource } from '../../src/generate/traffic-source.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { replay } from '../../src/replay/replay.js';
import { OFFICE, asked, timelineOfYaml } from './generated-packets.js';

/** Judges traffic of one VPC by the rules of another. */
async function check(judged: string) {
  const { policy } = timelineOfYaml(OFFICE).phases[0]!;
  const options = asked({ flows: 100, packets: 3000 });
  const checked = createTrafficCheck(policy, options);
  await replay(() => timelineOfYaml(judged), [createTrafficSource(policy, options)], {
    tracking: DEFAULT_TRACKING,
    workers: 1,
    onVerdicts: (verdicts) => checked.take(verdicts),
  });
  return checked.finish();
}

it('finds nothing where the rules are the same', async () => {
  expect(await check(OFFICE)).toBeUndefined();
});

it('names the first packet that is dropped though it must not', async () => {
  const difference = await check(OFFICE.replace('tcp/443 from any, ', ''));
  expect(difference).toMatchObject({ expected: 'allow', found: 'drop no-rule' });
  expect(difference!.flow).toMatch(/^tcp [0-9a-f.:[\]]+:\d+ > [0-9a-f.:[\]]+:443$/);
});

it('names the first packet that is allowed though it must not', async () => {
  const difference = await check(OFFICE.replace('egress: []', 'egress: [all to any]'));
  expect(difference).toMatchObject({ expected: 'drop', found: 'allow rule' });
  expect(difference!.flow).toMatch(/^(tcp|udp|icmp) 10\.0\.2\.40/);
});

it('misses packets that nobody judged', () => {
  const { policy } = timelineOfYaml(OFFICE).phases[0]!;
  const checked = createTrafficCheck(policy, asked({ flows: 10, packets: 100 }));
  expect(checked.finish()).toMatchObject({ frame: 1, found: 'not judged at all' });
});
