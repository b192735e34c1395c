// Cases part the packets that were asked about; their numbers are the report's.
import { describe, expect, it } from 'vitest';
import { loadVpc } from '../../src/documents/load.js';
import { formatAddress } from '../../src/model/address.js';
import type { Case, Findings } from '../../src/model/case.js';
import type { Outcome } from '../../src/model/outcome.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { type CaseQuestion, createCaseRecorder } from '../../src/replay/case-recorder.js';
import { type ReplayOptions, replay } from '../../src/replay/replay.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

const TIMELINE = resolveTimeline(
  loadVpc([{ name: 'vpc.yaml', text: RANDOM_TRAFFIC_VPC }]).description,
);

interface Found {
  readonly findings: Findings;
  readonly outcome: Outcome;
  readonly verdicts: readonly FrameVerdict[];
}

async function ask(
  capture: Uint8Array,
  question: CaseQuestion,
  way: Partial<ReplayOptions> = {},
): Promise<Found> {
  const recorder = createCaseRecorder(question, () => ({
    phasesFrom: [0n],
    setOf: (_, eni) => eni,
    peerKindOf: (_, address) => formatAddress(address),
  }));
  const verdicts: FrameVerdict[] = [];
  const outcome = await replay(() => TIMELINE, [inMemory(capture)], {
    ...{ tracking: DEFAULT_TRACKING, workers: 1, recorder, ...way },
    onVerdicts: (settled) => {
      verdicts.push(...settled);
    },
  });
  return { findings: recorder.findings(), outcome, verdicts };
}

function sum(cases: readonly Case[], pick: 'packets' | 'bytes' | 'flows'): number {
  return cases.reduce((all, { share }) => all + share[pick], 0);
}

const inWords = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));

describe('what was dropped', () => {
  it.each([1, 2, 3])('is in one case each, as the report counts, seed %i', async (seed) => {
    const { findings, outcome, verdicts } = await ask(randomCapture(seed, 6000), {});
    const { drop } = outcome.byVerdict;
    expect(drop.packets).toBeGreaterThan(500);
    expect(findings.unlisted.packets).toBe(0);
    expect(sum(findings.cases, 'packets')).toBe(drop.packets);
    expect(sum(findings.cases, 'bytes')).toBe(drop.bytes);
    expect(sum(findings.cases, 'flows')).toBe(drop.flows);
    for (const { first, share } of findings.cases) {
      const told = verdicts[share.firstFrame - 1]!;
      expect(first.verdict).toEqual(told);
      expect(told.verdict).toBe('drop');
    }
  });

  it('a case has one code but for what follows a denied opening, and one interface', async () => {
    const { findings } = await ask(randomCapture(4, 6000), {});
    const kinds = findings.cases.map(({ kind, port }) => `${kind} ${port ?? ''}`);
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it('has its address pair in the docket from its first drop on', async () => {
    const { findings, verdicts } = await ask(randomCapture(5, 3000), {});
    const { packets, complete } = findings.docket;
    expect(complete).toBe(true);
    const frames = packets.map(({ verdict }) => verdict.frame);
    expect(frames).toEqual([...frames].sort((one, other) => one - other));
    for (const { verdict } of packets) expect(verdict).toEqual(verdicts[verdict.frame - 1]);
    const dropped = verdicts.filter(({ verdict }) => verdict === 'drop').map(({ frame }) => frame);
    const kept = new Set(frames);
    expect(dropped.filter((frame) => !kept.has(frame))).toEqual([]);
    expect(frames.length).toBeGreaterThan(dropped.length);
  });
});

describe('the same for any number of workers and any chunk size', () => {
  it.each([
    { workers: 1, chunkBytes: 3001 },
    { workers: 2, chunkBytes: 3001 },
    { workers: 3, chunkBytes: 1 << 16 },
  ])('%o', async (way) => {
    const capture = randomCapture(6, 6000, { fragments: 0.3 });
    for (const question of [{}, { frame: 4321 }, { filter: 'udp' }]) {
      const { findings } = await ask(capture, question, way);
      const alone = (await ask(capture, question)).findings;
      // A diff of megabytes would help nobody.
      for (const part of ['cases', 'unlisted', 'asked', 'docket'] as const) {
        expect(inWords(findings[part]) === inWords(alone[part]), part).toBe(true);
      }
    }
  });
});

describe('one frame', () => {
  it('is found with its verdict, and its case when it was dropped', async () => {
    const capture = randomCapture(7, 2000, { fragments: 0.3 });
    const { verdicts } = await ask(capture, {});
    for (let frame = 1; frame <= 2000; frame += 97) {
      const { findings } = await ask(capture, { frame });
      const told = verdicts[frame - 1]!;
      expect(findings.asked!.evidence.verdict).toEqual(told);
      expect(findings.asked!.case !== undefined).toBe(told.verdict === 'drop');
    }
  });

  it('is absent when there is none of the number', async () => {
    const { findings } = await ask(randomCapture(7, 200), { frame: 201 });
    expect(findings.asked).toBeUndefined();
  });
});

describe('a filter', () => {
  it('tells of what matches, whatever its verdict, and leaves verdicts as they are', async () => {
    const capture = randomCapture(8, 4000);
    const all = await ask(capture, {});
    const { findings, verdicts } = await ask(capture, { filter: 'tcp port 443' });
    expect(verdicts).toEqual(all.verdicts);
    const { outcome } = await ask(capture, {}, { filter: 'tcp port 443' });
    expect(sum(findings.cases, 'packets')).toBe(outcome.totals.packets);
    expect(new Set(findings.cases.map(({ first }) => first.verdict.verdict)).size).toBeGreaterThan(
      1,
    );
  });
});
