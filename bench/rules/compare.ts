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

/**
 * Looks new flows up in the rule image, by a linear scan and by asking ip-address about each rule, in turn. Throws when
 * the answers are not the same: of all flows for the first two, of a sample for the third.
 */
export function compareLookups(
  policy: ResolvedPolicy,
  classifierOf: ClassifierOf,
  rounds: number,
): Comparison {
  const probes = drawProbes(policy, PROBES);
  const image = classifierOf(policy, probes);
  const linear = linearScan(policy);
  const address = addressScan(policy);
  image.run();
  const answers = image.answers();
  expectSame(probes, linear, answers);
  expectSame(probes.slice(0, ADDRESS_SCANNED), address, answers);
  const times = { image: [] as number[], linear: [] as number[], address: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const each = {
      image: timeOf(PROBES, () => image.run()),
      linear: scanTime(probes, SCANNED, linear),
      address: scanTime(probes, ADDRESS_SCANNED, address),
    };
    // The first round warms up.
    if (round === 0) continue;
    for (const name of ['image', 'linear', 'address'] as const) times[name].push(each[name]);
  }
  const matched = answers.filter((rule) => rule >= 0).length / PROBES;
  return { ...times, matched, imageBytes: image.imageBytes };
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

function scanTime(probes: readonly Probe[], count: number, classify: Classify): number {
  const asked = probes.slice(0, count);
  return timeOf(count, () => {
    for (const probe of asked) found += classify(probe);
    if (Number.isNaN(found)) throw new Error('not a number');
  });
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
