import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../src/documents/events.js';
import { loadVpc } from '../../src/documents/load.js';
import type { Packet } from '../../src/model/packet.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import type { Timeline } from '../../src/policy/timeline.js';
import { planTimeline } from '../../src/replay/plan-timeline.js';
import { createKernelJudge } from '../differential/judge-with-kernel.js';
import { judgeWithReference } from '../differential/judge-with-reference.js';
import { formatAnswer, type Step, type Story } from './story.js';
import { parseWhyStories } from './why-story.js';

interface Implementation {
  readonly name: string;
  /** False for packets that cannot be given to it: the story is skipped. */
  readonly takes: (packet: Packet) => boolean;
  readonly run: (
    timeline: Timeline,
    options: TrackingOptions,
    packets: readonly Packet[],
  ) => readonly FrameVerdict[];
}

const implementations: readonly Implementation[] = [
  {
    name: 'reference',
    takes: () => true,
    run: judgeWithReference,
  },
  {
    name: 'kernel',
    // It judges frames, and nobody can write one that stands for every frame that is not read.
    takes: ({ content }) => content.kind !== 'unread',
    run: createKernelJudge(),
  },
];

const FOLDER = new URL('../../fixtures/scenarios/', import.meta.url);
const files = ['', 'why/'].flatMap((folder) =>
  readdirSync(new URL(folder, FOLDER))
    .filter((name) => name.endsWith('.story'))
    .map((name) => folder + name),
);

describe.each(files)('%s', (file) => {
  const text = readFileSync(new URL(file, FOLDER), 'utf8');
  const stories = parseWhyStories(file, text).map(({ story }) => story);
  const named = implementations.map((one) => [one.name, one] as const);
  describe.each(named)('%s', (_, { run, takes }) => {
    for (const story of stories) {
      const skipped = !story.steps.every(({ packet }) => takes(packet));
      it.skipIf(skipped)(story.name, () => {
        const timeline = timelineOf(story, file);
        const verdicts = run(
          timeline,
          story.options,
          story.steps.map(({ packet }) => packet),
        );
        expect(story.steps.map((step, index) => line(step, verdicts[index]))).toEqual(
          story.steps.map((step) => line(step, step.expected)),
        );
        expect(verdicts.map(({ frame, timeNs }) => ({ frame, timeNs }))).toEqual(
          story.steps.map(({ packet: { timeNs } }, index) => ({ frame: index + 1, timeNs })),
        );
      });
    }
  });
});

/** A warning is part of a story only when the VPC says so, in a comment `# warns CODE`. */
function timelineOf(story: Story, file: string): Timeline {
  const name = `${file}:${story.line}`;
  const { description, warnings } = loadVpc([{ name: `${name}.yaml`, text: story.vpc }]);
  const events = story.events === '' ? [] : readEvents({ name, text: story.events });
  const timeline = planTimeline(description, events, 0n);
  const unexpected = [
    ...warnings,
    ...timeline.phases.flatMap(({ policy }) => policy.warnings),
  ].filter(({ code }) => !story.vpc.includes(`# warns ${code}`));
  expect(unexpected).toEqual([]);
  return timeline;
}

const line = ({ line, text }: Step, answer?: Step['expected']): string =>
  `${line}: ${text} => ${answer === undefined ? 'nothing' : formatAnswer(answer)}`;
