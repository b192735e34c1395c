import { cpus } from 'node:os';
import { openCapture } from '../capture/source.js';
import type { ExpectedTraffic } from '../model/expected-traffic.js';
import { DEFAULT_TRACKING } from '../model/tracking.js';
import { replay } from '../replay/replay.js';
import { createStopwatch, stretchOf } from './bench-stopwatch.js';
import { type VpcArguments, loadTimeline } from './load-timeline.js';
import { sumsIn } from './unexpected.js';

/** What a process of its own is to measure. */
export interface BenchTask extends VpcArguments {
  /** File. */
  readonly capture: string;
  readonly workers: number;
  /** At least 1. */
  readonly warmUps: number;
  readonly replays: number;
}

/** What one round found and took. */
export interface Measured {
  /** Of every replay, also those that warm up. */
  readonly answers: readonly ExpectedTraffic[];
  /** Of all measured replays, from opening the capture to its outcome, by the clock. */
  readonly seconds: number;
  /** User and system time of the process meanwhile, of all its threads. */
  readonly cpuSeconds: number;
  /** Processor time that other programs took meanwhile, as a part of that of all cores: 0 to 1. */
  readonly others: number;
  /** Time in which each stretch of batches left, by its packets, in nanoseconds: see `stretchOf`. */
  readonly nsPerPacket: readonly number[];
  /** Largest resident size of the process until the end of its first replay, in bytes: later ones take what it has left over. */
  readonly peakBytes: number;
}

/** As many as `sgsim replay` names unless told. */
const DROP_GROUPS = 10;

/** Replays a capture until the compilers of this process are through with it, then measures. Throws InputError. */
export async function measure(task: BenchTask): Promise<Measured> {
  const { timelineFrom } = await loadTimeline(task);
  const answers: ExpectedTraffic[] = [];
  const nsPerPacket: number[] = [];
  const now = (): number => performance.now();
  const once = async (onBatch?: (packets: number) => void): Promise<void> => {
    const source = openCapture(task.capture);
    try {
      const outcome = await replay(timelineFrom, [source], {
        tracking: DEFAULT_TRACKING,
        workers: task.workers,
        dropGroups: DROP_GROUPS,
        ...(onBatch === undefined ? {} : { onProgress: ({ packets }) => onBatch(packets) }),
      });
      answers.push(sumsIn(outcome));
    } finally {
      source.close();
    }
  };
  await once();
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  for (let warmUp = 1; warmUp < task.warmUps; warmUp++) await once();
  const busy = busySeconds();
  const cpu = process.cpuUsage();
  const began = now();
  for (let round = 0; round < task.replays; round++) {
    await once(createStopwatch(stretchOf(task.workers), now, (ns) => nsPerPacket.push(ns)));
  }
  const seconds = (now() - began) / 1e3;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  const others = (busySeconds() - busy - cpuSeconds) / (seconds * cpus().length);
  return {
    ...{ answers, seconds, cpuSeconds, nsPerPacket, peakBytes },
    others: Math.min(1, Math.max(0, others)),
  };
}

/** Time that all cores have worked since the machine started, for whomever. */
function busySeconds(): number {
  const busy = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return busy.reduce((sum, ms) => sum + ms, 0) / 1e3;
}
