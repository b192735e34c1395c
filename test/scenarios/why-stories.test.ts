// Whole answers to why questions about packet stories; UPDATE=1 rewrites them, to be reviewed against the specification.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { readEvents } from '../../src/documents/events.js';
import { parseFlowQuestion } from '../../src/documents/flow-question.js';
import { loadVpc } from '../../src/documents/load.js';
import { createSources } from '../../src/documents/sources.js';
import { answerCases, answerFrame } from '../../src/explain/case-answers.js';
import { caseWorldOf } from '../../src/explain/case-world.js';
import { answerFlow } from '../../src/explain/flow-answers.js';
import type { ExplainedWorld } from '../../src/explain/world.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import type { Answers } from '../../src/model/answers.js';
import { planTimeline } from '../../src/replay/plan-timeline.js';
import { createCaseRecorder } from '../../src/replay/case-recorder.js';
import { replay } from '../../src/replay/replay.js';
import { explanationsText } from '../../src/report/explanation-text.js';
import { inMemory } from '../replay/in-memory.js';
import type { Story } from './story.js';
import { parseWhyStories, withAnswers } from './why-story.js';

const FOLDER = new URL('../../fixtures/scenarios/why/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.story'));

describe.each(files)('%s', (file) => {
  const text = readFileSync(new URL(file, FOLDER), 'utf8');
  const updated = new Map<number, string>();
  for (const { story, questions } of parseWhyStories(file, text)) {
    for (const question of questions) {
      it(`${story.name}: ${question.text}`, async () => {
        const answer = await ask(story, question.text);
        updated.set(question.line, answer);
        if (process.env['UPDATE'] === undefined) expect(answer).toBe(question.answer);
        const width = Math.max(...answer.split('\n').map((line) => line.length));
        const commands = answer.split('\n').filter((line) => line.startsWith('  aws '));
        if (commands.every((line) => line.length <= 80)) expect(width).toBeLessThanOrEqual(80);
        expect(answer).not.toContain('do not agree');
      });
    }
  }
  afterAll(() => {
    if (process.env['UPDATE'] === undefined || updated.size === 0) return;
    writeFileSync(new URL(file, FOLDER), withAnswers(text, updated));
  });
});

async function ask(story: Story, question: string): Promise<string> {
  const documents = [{ name: 'vpc.yaml', text: story.vpc }];
  const { description } = loadVpc(documents);
  const eventFile = { name: 'events.yaml', text: story.events };
  const events = story.events === '' ? [] : readEvents(eventFile);
  const timeline = planTimeline(description, events, 0n);
  const world: ExplainedWorld = {
    timeline,
    tracking: story.options,
    sourceOf: createSources([...documents, eventFile]),
  };
  const answers = /^\d+$|^dropped$/.test(question)
    ? await askAboutPackets(world, story, question)
    : answerFlow(world, parseFlowQuestion(question));
  return explanationsText(answers, { color: false });
}

async function askAboutPackets(
  world: ExplainedWorld,
  { steps, options }: Story,
  question: string,
): Promise<Answers> {
  const { timeline } = world;
  const capture = encodePcap(
    steps.map(({ packet }) => ({ timeNs: packet.timeNs, bytes: encodeFrame(packet) })),
    { nanoseconds: true },
  );
  const recorder = createCaseRecorder(
    question === 'dropped' ? {} : { frame: Number(question) },
    () => caseWorldOf(timeline),
  );
  await replay(() => timeline, [inMemory(capture)], { tracking: options, workers: 1, recorder });
  const from = { captures: ['story.pcap'], firstTimeNs: steps[0]!.packet.timeNs };
  const findings = recorder.findings();
  if (question === 'dropped') return answerCases(world, findings, from, 10);
  return { shown: [answerFrame(world, findings, from)!], total: { answers: 1 } };
}
