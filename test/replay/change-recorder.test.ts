// Which packets changed, and what they are put together with, hangs neither on workers nor on batches.
import { describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import type { Difference } from '../../src/model/verdict-change.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import { differenceJson } from '../../src/report/diff-json.js';
import { diffOf } from './differ.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

const timelineOf = (text: string): Timeline =>
  resolveTimeline(loadVpc([{ name: 'vpc.yaml', text }]).description);

const BEFORE = timelineOf(RANDOM_TRAFFIC_VPC);
// Other rules and memberships, and interfaces in another order.
const AFTER = timelineOf(
  RANDOM_TRAFFIC_VPC.replace('tcp/80 from any', 'tcp/80-90 from 203.0.113.0/25')
    .replace('[sg-shut, sg-db]', '[sg-shut]')
    .replace(/( {2}eni-web: .*\n)([^]*)$/, '$2$1')
    .replace('ingress: [tcp/5432 from sg-web', 'ingress: [all from sg-web'),
);

const text = (difference: Difference): string => differenceJson(difference, { top: Infinity });

describe.each([0.07, 0.4])('with %f of the packets in fragments', (fragments) => {
  const capture = randomCapture(23, 20_000, { fragments });
  const diff = (way: object): Promise<Difference> =>
    diffOf({ before: BEFORE, after: AFTER }, inMemory(capture), undefined, way);

  it.each([{ chunkBytes: 3001 }, { chunkBytes: 40_000 }, { workers: 3, chunkBytes: 1 << 16 }])(
    'is the same, byte for byte: %j',
    async (way) => {
      const known = await diff({});
      expect(known.groups.length).toBeGreaterThan(3);
      expect(known.totals['newly-dropped'].packets).toBeGreaterThan(100);
      expect(known.totals['newly-allowed'].packets).toBeGreaterThan(100);
      expect(text(await diff(way))).toBe(text(known));
    },
  );

  it('sums up: groups are all that changed, and a flow is in one of a kind', async () => {
    const { groups, totals, unlisted, changes } = await diff({});
    for (const kind of ['newly-dropped', 'newly-allowed', 'otherwise'] as const) {
      const own = groups.filter(({ change }) => change === kind);
      for (const what of ['packets', 'bytes', 'flows'] as const) {
        const sum = own.reduce((known, { share }) => known + share[what], 0);
        expect(sum + unlisted[kind][what]).toBe(totals[kind][what]);
        for (const { services, share } of own) {
          expect(services.reduce((known, service) => known + service[what], 0)).toBe(share[what]);
        }
      }
      const behind = changes.reduce((known, { effect }) => known + effect[kind].packets, 0);
      const unknown = own.filter((group) => group.behind === undefined);
      const rest = unknown.reduce((known, { share }) => known + share.packets, 0);
      expect(behind + rest).toBe(totals[kind].packets);
    }
  });
});
