import type { ResolvedPolicy } from '../../src/policy/resolve.js';
import type { ClassifierOf } from './image-classifier.js';
import { cpuMs } from '../cpu-time.js';
import { type Probe, drawProbes } from './probes.js';
import { type Classify, addressScan, linearScan } from './scans.js';

/** Nanoseconds a new flow takes, one number a round, and what was found. */
export interface Comparison {
  readonly image: readonly number[];
  readonly linear: readonly number[];
  readonly address: readonly number[];
  /** Share of the flows that some rule allows. */
  readonly matched: number;
  readonly imageBytes: number;
}

const PROBES = 1 << 16;
/** Probes that the scans are timed with, about: scans of many rules take fewer. */
const SCANNED = 1 << 12;
const ADDRESS_SCANNED = 1 << 8;

/** New flows to look up in three ways that give the same answers. */
export interface Contest {
  readonly matched: number;
  readonly imageBytes: number;
  /** All flows once in the image, and in the linear scan. */
  readonly probes: number;
  readonly run: () => void;
  readonly scan: () => void;
  /** Nanoseconds a flow, each way once. */
  round(): { readonly image: number; readonly linear: number; readonly address: number };
}

/** Throws when the answers differ: of all flows for image and linear scan, of a sample for the scan by ip-address. */
export function createContest(policy: ResolvedPolicy, classifierOf: ClassifierOf): Contest {
  const probes = drawProbes(policy, PROBES);
  const image = classifierOf(policy, probes);
  const linear = linearScan(policy);
  const address = addressScan(policy);
  image.run();
  const answers = image.answers();
  expectSame(probes, linear, answers);
  expectSame(probes.slice(0, ADDRESS_SCANNED), address, answers);
  return {
    matched: answers.filter((rule) => rule >= 0).length / PROBES,
    imageBytes: image.imageBytes,
    probes: PROBES,
    run: image.run,
    scan: () => scanAll(probes, linear),
    round: () => ({
      image: timeOf(PROBES, image.run),
      linear: scanTime(probes, SCANNED, linear),
      address: scanTime(probes, ADDRESS_SCANNED, address),
    }),
  };
}

/** All contests in turn, round by round, so that what changes on the machine changes for all of them. */
export function runContests(contests: readonly Contest[], rounds: number): Comparison[] {
  const times = contests.map(() => ({
    image: [] as number[],
    linear: [] as number[],
    address: [] as number[],
  }));
  for (let round = 0; round <= rounds; round++) {
    contests.forEach((contest, i) => {
      const each = contest.round();
      // The first round warms up.
      if (round === 0) return;
      for (const way of ['image', 'linear', 'address'] as const) times[i]![way].push(each[way]);
    });
  }
  return contests.map(({ matched, imageBytes }, i) => ({ ...times[i]!, matched, imageBytes }));
}

/** How many times the cost of one a look-up in the other takes, one number a round. */
export function growthOf(one: Comparison, other: Comparison): number[] {
  return other.image.map((ns, round) => ns / one.image[round]!);
}

function expectSame(probes: readonly Probe[], classify: Classify, answers: Int32Array): void {
  probes.forEach((probe, i) => {
    const rule = classify(probe);
    if (rule !== answers[i]) {
      throw new Error(`${JSON.stringify(probe)}: a scan finds ${rule}, the image ${answers[i]!}`);
    }
  });
}

let found = 0;

function scanAll(probes: readonly Probe[], classify: Classify): void {
  for (const probe of probes) found += classify(probe);
  if (Number.isNaN(found)) throw new Error('not a number');
}

function scanTime(probes: readonly Probe[], count: number, classify: Classify): number {
  const asked = probes.slice(0, count);
  return timeOf(count, () => scanAll(asked, classify));
}

const LEAST_MS = 10;

/**
 * Nanoseconds for one of `count`, over as many repetitions as fill some milliseconds. Of the processor's time, so that
 * other programs on the machine take none of it.
 */
function timeOf(count: number, action: () => void): number {
  const began = cpuMs();
  let spent = 0;
  let times = 0;
  while (spent < LEAST_MS) {
    action();
    times++;
    spent = cpuMs() - began;
  }
  return (spent * 1e6) / (count * times);
}
