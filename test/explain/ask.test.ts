import { expect, test } from 'vitest';
import { askPacket } from '../../src/explain/ask.js';
import { judgeAgain } from '../../src/explain/judge-again.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { worldOf } from './evidence.js';
import { tcp } from './packets.js';
import { host } from './story.js';

const SSH = tcp('203.0.113.7:51000 > 10.0.1.20:22', 'S', 5);

test('a packet that was never captured: frame 0, nothing remembered, by the phase that is asked for', () => {
  const closed = host([]);
  const moment = { fromNs: 10n, text: 'opened', description: host(['in tcp/22 0.0.0.0/0']) };
  const world = { ...worldOf(closed), timeline: resolveTimeline(closed, [moment]) };
  const before = askPacket(world, SSH);
  const after = askPacket(world, SSH, 1);
  expect(before.verdict).toMatchObject({ frame: 0, verdict: 'drop', code: 'no-rule' });
  expect(after.verdict).toMatchObject({ frame: 0, verdict: 'allow', code: 'rule' });
  expect(after).toMatchObject({ phase: 1, clockNs: 5_000_000_000n, memories: [undefined] });
  expect(judgeAgain(world, after).disagreement).toBeUndefined();
  expect(judgeAgain(world, after).verdict).toEqual(after.verdict);
});
