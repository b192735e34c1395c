import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readBenchResult } from '../documents/bench-file.js';
import { readDocuments } from '../documents/files.js';
import { createTraffic } from '../generate/traffic.js';
import type { TrafficOptions } from '../generate/traffic-options.js';
import type { BenchResult } from '../model/bench-result.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { compareResults } from '../report/bench-compare.js';
import { benchJson } from '../report/bench-json.js';
import { benchText } from '../report/bench-text.js';
import { counted } from '../report/quantity.js';
import { checkCapture } from './bench-check.js';
import { checkComparable } from './bench-comparable.js';
import { describeMachine } from './bench-machine.js';
import { methodFor, resultOf } from './bench-method.js';
import { type Rounds, createRounds } from './bench-round.js';
import type { Measured } from './bench-measure.js';
import { createTrafficFolder, writeTraffic } from './bench-traffic.js';
import { printDiagnostics, wantsColor } from './console.js';
import { endingCleanly } from './ending.js';
import { type VpcArguments, loadTimeline } from './load-timeline.js';
import { writeTo } from './output.js';
import { createStatus } from './progress.js';
import { unexpectedSums } from './unexpected.js';
import { version } from './version.js';

export interface BenchArguments extends VpcArguments {
  readonly traffic: TrafficOptions;
  /** The same as options of `sgsim generate`. */
  readonly trafficText: string;
  readonly workers: readonly number[];
  readonly rounds: number;
  readonly json: boolean;
  /** File of an older run. */
  readonly compare: string | undefined;
}

/** Runs `sgsim bench`; returns the exit code. Throws InputError. */
export async function runBench(args: BenchArguments): Promise<number> {
  const older = args.compare === undefined ? undefined : readOlder(args.compare);
  let folder: string | undefined;
  const rounds = createRounds();
  const status = createStatus();
  const discard = (): void => {
    rounds.stop();
    status.clear();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  return endingCleanly(discard, async () => {
    try {
      // Whoever sees the folder may interrupt at once, and nothing is to stay of it.
      folder = createTrafficFolder();
      const found = await bench(args, join(folder, 'traffic.pcap'), older, rounds, (text) =>
        status.show(text),
      );
      status.clear();
      if ('difference' in found) {
        printDiagnostics([found.difference]);
        return 1;
      }
      return await tell(found.result, older, args);
    } finally {
      discard();
    }
  });
}

interface Older {
  readonly name: string;
  readonly result: BenchResult;
}

function readOlder(name: string): Older {
  const [file] = readDocuments([name]);
  return { name, result: readBenchResult(file!) };
}

/** Nothing is told of what was measured unless every replay was right. */
async function bench(
  args: BenchArguments,
  capture: string,
  older: Older | undefined,
  rounds: Rounds,
  show: (text: string) => void,
): Promise<{ readonly result: BenchResult } | { readonly difference: Diagnostic }> {
  const timeline = (await loadTimeline(args)).timelineFrom(0n);
  show('generating');
  const traffic = createTraffic(timeline.phases[0]!.policy, args.traffic);
  const sha256 = await writeTraffic(traffic, capture);
  const expected = traffic.expected();
  const machine = describeMachine();
  const workload = { options: args.trafficText, capture: sha256, ...expected };
  show('');
  if (older !== undefined) printDiagnostics(checkComparable(older, { machine, workload }));

  const made = { file: capture, options: args.traffic, expected };
  let batches = Infinity;
  for (const workers of args.workers) {
    show(`checking every verdict, ${counted(workers, 'worker')}`);
    const check = await checkCapture(made, timeline, workers);
    if (check.difference !== undefined) return { difference: check.difference };
    batches = Math.min(batches, check.batches);
  }
  const method = methodFor(args.rounds, expected.packets, batches);
  const measured = new Map<number, Measured[]>(args.workers.map((workers) => [workers, []]));
  for (let round = 1; round <= method.rounds; round++) {
    for (const workers of args.workers) {
      const place = `${counted(workers, 'worker')}, round ${round}`;
      show(`${place} of ${method.rounds}`);
      const found = await rounds.run({ ...args, ...method, capture, workers });
      for (const answer of found.answers) {
        const difference = unexpectedSums(answer, expected, place);
        if (difference !== undefined) return { difference };
      }
      measured.get(workers)!.push(found);
    }
  }
  const results = [...measured].map(([workers, all]) => resultOf(workers, all, method, expected));
  return { result: { sgsim: version(), machine, workload, method, results } };
}

/** Exit code 1 tells that something is slower. */
async function tell(
  result: BenchResult,
  older: Older | undefined,
  { json }: BenchArguments,
): Promise<number> {
  const compared =
    older === undefined
      ? undefined
      : { name: older.name, comparisons: compareResults(older.result, result) };
  const text = json
    ? benchJson(result, compared)
    : benchText(result, { color: wantsColor(process.stdout), ...(compared && { compared }) });
  await writeTo(process.stdout, text);
  return compared?.comparisons.some(({ told }) => told === 'worse') === true ? 1 : 0;
}
