// The clock of these tests is not a clock: it moves when somebody sleeps, so that moments can be told exactly.
import { describe, expect, it } from 'vitest';
import { createPace } from '../../src/cli/pace.js';
import { loadVpc } from '../../src/documents/load.js';
import { encodePcap } from '../../src/generate/pcap.js';
import type { Outcome } from '../../src/model/outcome.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { type ReplayOptions, replay } from '../../src/replay/replay.js';
import { renderJson } from '../../src/report/json.js';
import { framesOf } from '../capture/frames-of.js';
import { writtenPackets } from '../capture/written-packets.js';
import { createFakeClock } from '../cli/fake-clock.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

const timeline = resolveTimeline(
  loadVpc([{ name: 'vpc.yaml', text: RANDOM_TRAFFIC_VPC }]).description,
);

interface Told {
  readonly outcome: Outcome;
  readonly verdicts: readonly FrameVerdict[];
  /** Milliseconds after the first one at which each was told. */
  readonly told: readonly number[];
  readonly file: Buffer;
  /** After each write, how many bytes the file has and how many of the frames told were allowed. */
  readonly writes: readonly { readonly size: number; readonly allowed: number }[];
}

async function tell(
  captures: readonly Uint8Array[],
  speed: number | undefined,
  options: Pick<ReplayOptions, 'workers' | 'chunkBytes'>,
): Promise<Told> {
  const clock = createFakeClock();
  const began = clock.now();
  const verdicts: FrameVerdict[] = [];
  const told: number[] = [];
  const chunks: Uint8Array[] = [];
  const writes: { size: number; allowed: number }[] = [];
  const outcome = await replay(
    () => timeline,
    captures.map((capture) => inMemory(capture)),
    {
      tracking: DEFAULT_TRACKING,
      ...options,
      ...(speed === undefined ? {} : { pace: createPace(speed, clock) }),
      onVerdicts: (batch) => {
        for (const verdict of batch) {
          verdicts.push(verdict);
          told.push(clock.now() - began);
        }
      },
      sinks: [
        {
          ...{ name: 'a.pcapng', format: 'pcapng', verdicts: ['allow'] },
          write: (chunk) => {
            chunks.push(chunk.slice());
            const size = chunks.reduce((sum, { length }) => sum + length, 0);
            const allowed = verdicts.filter(({ verdict }) => verdict === 'allow').length;
            writes.push({ size, allowed });
            return Promise.resolve();
          },
        },
      ],
    },
  );
  return { outcome, verdicts, told, file: Buffer.concat(chunks), writes };
}

/** Nobody waits for longer than the longest wait before it asks for, and a timer's grain. */
const GRAIN_MS = 1;

/** Holds the moments against the times of the frames, in file order. */
function checkMoments(timesNs: readonly bigint[], told: readonly number[], speed: number): void {
  let latest = 0;
  for (const [i, timeNs] of timesNs.entries()) {
    const due = Number(timeNs - timesNs[0]!) / 1e6 / speed;
    latest = Math.max(latest, due);
    // Doubles tell hours to a millionth of a millisecond.
    expect(told[i]!).toBeGreaterThanOrEqual(due - 1e-5);
    expect(told[i]!).toBeLessThanOrEqual(latest + GRAIN_MS);
  }
}

/** Some wait for the first fragment of their datagram, and times go back now and then. */
const CAPTURE = randomCapture(5, 4000, { fragments: 0.3 });
const times = framesOf(Buffer.from(CAPTURE)).frames.map(({ timeNs }) => timeNs);

describe('a paced replay', () => {
  it.each([
    [1, { workers: 1 }],
    [10, { workers: 1, chunkBytes: 5000 }],
    [0.5, { workers: 3, chunkBytes: 5000 }],
  ])('at speed %d tells every frame at its time, and the same of it: %j', async (speed, way) => {
    expect(times.some((time, i) => i > 0 && time < times[i - 1]!)).toBe(true);
    const usual = await tell([CAPTURE], undefined, { workers: 1 });
    const paced = await tell([CAPTURE], speed, way);
    expect(paced.verdicts).toEqual(usual.verdicts);
    expect(paced.file.equals(usual.file)).toBe(true);
    expect(renderJson(paced.outcome, { top: 99 })).toBe(renderJson(usual.outcome, { top: 99 }));
    expect(paced.told).toHaveLength(4000);
    checkMoments(times, paced.told, speed);
  });

  it('of several captures counts from the first frame of all', async () => {
    const { frames } = framesOf(Buffer.from(CAPTURE));
    const ordered = frames.map((frame, i) => ({ ...frame, timeNs: BigInt(i) * 7_000_000n }));
    const halves = [1, 0].map((half) => encodePcap(ordered.filter((_, i) => i % 2 === half)));
    const { told } = await tell(halves, 1, { workers: 2, chunkBytes: 5000 });
    const all = ordered.map(({ timeNs }) => timeNs);
    checkMoments(all, told, 1);
    expect(new Set(told).size).toBe(4000);
  });

  it('writes whole packets, as soon as they are told', async () => {
    const { file, writes } = await tell([CAPTURE], 1, { workers: 1 });
    expect(writes.length).toBeGreaterThan(500);
    for (const { size, allowed } of writes) {
      expect(writtenPackets(file.subarray(0, size))).toHaveLength(allowed);
    }
  });

  it('of nothing does not wait', async () => {
    const { told, outcome } = await tell([encodePcap([])], 1, { workers: 1 });
    expect(told).toEqual([]);
    expect(outcome.totals.packets).toBe(0);
  });
});
