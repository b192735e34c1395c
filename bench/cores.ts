import { readFileSync } from 'node:fs';
import { compileImage } from '../src/compile/rule-image.js';
import { openCapture } from '../src/capture/source.js';
import { loadVpc } from '../src/documents/load.js';
import { createEngine, shareImages } from '../src/engine/engine.js';
import { compileKernel, instantiateKernel } from '../src/engine/kernel-module.js';
import { createMemory } from '../src/engine/memory.js';
import { DEFAULT_TRACKING } from '../src/model/tracking.js';
import { resolveTimeline } from '../src/policy/timeline.js';
import { openReader } from '../src/replay/open-reader.js';
import { CHUNK_BYTES, allocateSlot, batchExtent, open } from '../src/replay/slot.js';
import type { CaseResult } from './case.js';
import { runChild } from './child.js';
import type { BenchInput } from './sgsim-run.js';
import { median, spread } from './spread.js';

const WORKERS = [1, 2] as const;

/**
 * A capture by one worker and by two: warm, in processes of their own, in turn. Then what the stages of one worker take, from
 * which follows what more could do. Throws when the answers differ.
 */
export async function benchCores(input: BenchInput, rounds: number): Promise<void> {
  const { name, capture, vpc } = input;
  const results = new Map<number, CaseResult[]>(WORKERS.map((workers) => [workers, []]));
  for (let round = 0; round < rounds; round++) {
    for (const workers of WORKERS) {
      const result = runChild(['sgsim', capture, vpc, String(workers)]) as CaseResult;
      results.get(workers)!.push(result);
    }
  }
  const answers = [...results.values()]
    .flat()
    .map(({ allowed, dropped }) => `${allowed} ${dropped}`);
  if (new Set(answers).size > 1) throw new Error(`${name}: workers give different answers`);
  console.log(`${name}: by the clock, ${rounds} rounds`);
  const seconds = (workers: number): number[] =>
    results.get(workers)!.map(({ wallSeconds }) => wallSeconds);
  for (const workers of WORKERS) console.log(`${workers} thread   ${spread(seconds(workers))} s`);
  const two = seconds(2);
  console.log(`ratio      ${spread(seconds(1).map((one, round) => one / two[round]!))}`);
  const passes: Stages[] = [];
  for (let round = 0; round < rounds; round++) passes.push(await timeStages(capture, vpc));
  const stage = (which: keyof Stages): number =>
    median(passes.slice(1).map((times) => times[which]));
  const [read, decode, judge] = [stage('read'), stage('decode'), stage('judge')];
  console.log(
    `ns a packet: reading ${read.toFixed(1)}, decoding ${decode.toFixed(1)}, judging ${judge.toFixed(1)}`,
  );
  const most = (read + decode + judge) / read;
  console.log(`reading is done by one at a time: at most ${most.toFixed(1)} times one thread\n`);
}

/** Nanoseconds of each packet: reading, walking and admitting; decoding; judging. */
interface Stages {
  readonly read: number;
  readonly decode: number;
  readonly judge: number;
}

async function timeStages(capture: string, vpc: string): Promise<Stages> {
  const { description } = loadVpc([{ name: vpc, text: readFileSync(vpc, 'utf8') }]);
  const { phases, rules } = resolveTimeline(description);
  const memory = createMemory();
  const module = compileKernel();
  const source = openCapture(capture);
  const reader = await openReader([source], instantiateKernel(module, memory), memory, CHUNK_BYTES);
  const images = phases.map(({ fromNs, policy }) => ({
    fromNs,
    image: compileImage(policy, rules.length),
  }));
  const { kernel } = createEngine(shareImages(module, memory, images, DEFAULT_TRACKING, 1n));
  const slot = open(memory, allocateSlot(memory, CHUNK_BYTES));
  const times = { read: 0, decode: 0, judge: 0 };
  let packets = 0;
  for (let began = performance.now(); await reader.next(slot); began = performance.now()) {
    const { frames } = batchExtent(slot);
    const filled = performance.now();
    kernel.decode(slot.batch, slot.rows);
    const decoded = performance.now();
    kernel.judge(slot.rows, slot.verdicts, frames, slot.table, 0, 0);
    times.read += filled - began;
    times.decode += decoded - filled;
    times.judge += performance.now() - decoded;
    packets += frames;
  }
  source.close();
  const each = (ms: number): number => (ms * 1e6) / packets;
  return { read: each(times.read), decode: each(times.decode), judge: each(times.judge) };
}
