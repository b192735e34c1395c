import { readFileSync } from 'node:fs';
import { parse } from 'pcap-parser';
import { openCapture } from '../src/capture/source.js';
import { loadVpc } from '../src/documents/load.js';
import { DEFAULT_TRACKING } from '../src/model/tracking.js';
import { type Timeline, resolveTimeline } from '../src/policy/timeline.js';
import { replay } from '../src/replay/replay.js';

interface Answer {
  readonly packets: number;
  readonly allowed?: number;
  readonly dropped?: number;
}

/** A hundred milliseconds each: the optimising compiler works beside the first few. */
const WARM_UPS = 5;

/** What a case found, and what it took. */
export interface CaseResult extends Answer {
  /** User and system time of the process for the measured run, in seconds. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Largest resident size of the process, in bytes. */
  readonly peakBytes: number;
}

export const CASES = ['sgsim', 'pcap-parser'] as const;
export type Case = (typeof CASES)[number];

/**
 * Runs one case in this process: first to get its answer, then until its compilers are through, and once more to measure.
 * Files are read from the page cache: the harness has just written them.
 */
export async function runCase(
  name: Case,
  capture: string,
  vpc: string,
  workers: number,
): Promise<CaseResult> {
  const { description } = loadVpc([{ name: vpc, text: readFileSync(vpc, 'utf8') }]);
  const timeline = resolveTimeline(description);
  const run = (): Promise<Answer> =>
    name === 'sgsim' ? replayAll(capture, timeline, workers) : countAll(capture);
  const answer = await run();
  for (let pass = 0; pass < WARM_UPS; pass++) await run();
  const began = performance.now();
  const cpu = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...answer,
    cpuSeconds: (user + system) / 1e6,
    wallSeconds: (performance.now() - began) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** All that `sgsim replay` does with a capture: compile the rules, read, decode, judge, count, sum up. */
async function replayAll(capture: string, timeline: Timeline, workers: number): Promise<Answer> {
  const source = openCapture(capture);
  const outcome = await replay(() => timeline, [source], {
    tracking: DEFAULT_TRACKING,
    workers,
  });
  source.close();
  return {
    packets: outcome.totals.packets,
    allowed: outcome.byVerdict.allow.packets,
    dropped: outcome.byVerdict.drop.packets,
  };
}

/** The least that a program on pcap-parser can do. */
function countAll(capture: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let packets = 0;
    parse(capture)
      .on('packet', () => packets++)
      .on('end', () => resolve({ packets }))
      .on('error', reject);
  });
}
