// Two timelines in one pass give what two replays give.
import { describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { readVerdicts } from '../../src/engine/verdicts.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { type Timeline, resolveTimeline } from '../../src/policy/timeline.js';
import { type PairRecorder, replayPair } from '../../src/replay/pair.js';
import { type ReplayOptions, replay } from '../../src/replay/replay.js';
import { renderJson } from '../../src/report/json.js';
import { verdictLine } from './verdict-line.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

const timelineOf = (text: string): Timeline =>
  resolveTimeline(loadVpc([{ name: 'vpc.yaml', text }]).description);
let shown = 0;

const BEFORE = timelineOf(RANDOM_TRAFFIC_VPC);
// Other rules, and interfaces in another order.
const AFTER = timelineOf(
  RANDOM_TRAFFIC_VPC.replace('tcp/80 from any', 'tcp/80-90 from 203.0.113.0/25')
    .replace(/( {2}eni-web: .*\n)([^]*)$/, '$2$1')
    .replace('sg-shut: { ingress: [tcp/22', 'sg-shut: { ingress: [tcp/443'),
);

async function alone(timeline: Timeline, capture: Uint8Array, way: Partial<ReplayOptions>) {
  const verdicts: string[] = [];
  const outcome = await replay(() => timeline, [inMemory(capture)], {
    ...{ tracking: DEFAULT_TRACKING, workers: 1 },
    ...way,
    onVerdicts: (frames) => {
      for (const frame of frames) verdicts.push(verdictLine(frame));
    },
  });
  return { report: renderJson(outcome, { top: Infinity }), verdicts };
}

async function together(capture: Uint8Array, way: Partial<ReplayOptions>) {
  const verdicts: Record<'before' | 'after', string[]> = { before: [], after: [] };
  let at: Parameters<PairRecorder['onJudged']> | undefined;
  const { before, after } = await replayPair(
    { before: () => BEFORE, after: () => AFTER },
    [inMemory(capture)],
    {
      onJudged: (one, other) => {
        at = [one, other];
        expect(other.count).toBe(one.count);
        expect(other.table).toBe(one.table);
        // Nothing of a batch settles before it is shown.
        for (const side of Object.values(verdicts)) {
          expect(side.length).toBeLessThanOrEqual(shown);
        }
        shown += one.count;
      },
      onSettled: (side, run) => {
        const { memory, names } = at![side === 'before' ? 0 : 1];
        for (const verdict of readVerdicts(memory, run.batch, run.count, names)) {
          verdicts[side].push(verdictLine(verdict));
        }
      },
    },
    { tracking: DEFAULT_TRACKING, workers: 1, ...way },
  );
  return {
    before: { report: renderJson(before, { top: Infinity }), verdicts: verdicts.before },
    after: { report: renderJson(after, { top: Infinity }), verdicts: verdicts.after },
  };
}
describe('two timelines in one pass', () => {
  it.each([{}, { chunkBytes: 3001 }, { workers: 3, chunkBytes: 1 << 16 }])(
    'judge as each alone does: %j',
    async (way) => {
      shown = 0;
      const capture = randomCapture(7, 20_000, { fragments: 0.3 });
      const pair = await together(capture, way);
      const before = await alone(BEFORE, capture, {});
      const after = await alone(AFTER, capture, {});
      expect(pair.before).toEqual(before);
      expect(pair.after).toEqual(after);
      expect(pair.after.verdicts).not.toEqual(pair.before.verdicts);
    },
  );
});
