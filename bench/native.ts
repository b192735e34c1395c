import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyFirstPackets } from './first-packets.js';
import type { MeasuredRun } from './measured-run.js';
import { measuredRun } from './measured-run.js';
import {
  codesOfNative,
  codesOfReport,
  differences,
  type NativeCounts,
  type ReplayReport,
} from './native-answers.js';
import { buildNative } from './native-build.js';
import { nativePolicy } from './native-policy.js';
import { type BenchInput, policyOf, runSgsim } from './sgsim-run.js';
import { spread } from './spread.js';

/** Whose replay is all start-up. */
const FEW = 100;

const RUNS = ['sgsim', 'sgsimFew', 'native', 'nativeFew', 'count'] as const;
type Runs = Readonly<Record<(typeof RUNS)[number], MeasuredRun[]>>;

/**
 * Prints sgsim beside the native reference, whole programs, one thread, and beside the floor: reading and five-tuples alone;
 * for one input after another. Says so when there is no compiler.
 */
export function benchNative(inputs: Iterable<BenchInput>, rounds: number, folder: string): void {
  const reference = buildNative('reference', folder);
  if (reference === undefined) {
    console.log('native reference: skipped, there is no C compiler (cc) for it here');
    return;
  }
  for (const input of inputs) compareWith(reference, input, rounds, folder);
}

/** First the answers must be the same to the packet. */
function compareWith(reference: string, input: BenchInput, rounds: number, folder: string): void {
  const { name, capture, vpc } = input;
  const policy = policyOf(vpc);
  const rules = join(folder, 'rules.txt');
  const few = join(folder, 'few.pcap');
  writeFileSync(rules, nativePolicy(policy));
  copyFirstPackets(capture, few, FEW);
  const packets = compareAnswers(reference, rules, input);
  const runs: Runs = { sgsim: [], sgsimFew: [], native: [], nativeFew: [], count: [] };
  const start = {
    sgsim: () => runSgsim(capture, vpc),
    sgsimFew: () => runSgsim(few, vpc),
    native: () => measuredRun([reference, rules, capture]),
    nativeFew: () => measuredRun([reference, rules, few]),
    count: () => measuredRun([reference, '--count', capture]),
  };
  for (let round = 0; round < rounds; round++) {
    // Every other round the other way round: none is always behind the same one.
    for (const each of round % 2 === 0 ? RUNS : RUNS.toReversed()) runs[each].push(start[each]());
    checkRound(runs, packets);
  }
  console.log(
    `${name}: ${packets} packets, ${policy.interfaces.length} interfaces, ${policy.rules.length} rules, one thread, ${rounds} rounds; answers checked\n`,
  );
  printRates(runs, packets);
  printRatios(runs);
}

/** Throws when sgsim and the reference differ in anything that both count; returns the number of packets. */
function compareAnswers(reference: string, rules: string, { capture, vpc }: BenchInput): number {
  const all = runSgsim(capture, vpc, '--top', '1000000');
  const report = JSON.parse(all.stdout) as ReplayReport;
  const native = JSON.parse(
    measuredRun([reference, rules, capture, '--groups']).stdout,
  ) as NativeCounts;
  if (native.notHandled > 0) {
    throw new Error(`${native.notHandled} packets are of kinds that the reference does not judge`);
  }
  const lines = differences(report, native, policyOf(vpc));
  if (lines.length > 0) {
    const some = lines.slice(0, 10).join('\n');
    throw new Error(`sgsim and the native reference differ in ${lines.length} counts:\n${some}`);
  }
  return native.packets;
}

function checkRound(runs: Runs, packets: number): void {
  const [report, native, floor] = (['sgsim', 'native', 'count'] as const).map(
    (each) => JSON.parse(runs[each].at(-1)!.stdout) as unknown,
  ) as [ReplayReport, NativeCounts, NativeCounts];
  if (codesOfReport(report) !== codesOfNative(native) || floor.packets !== packets) {
    throw new Error('sgsim and the native reference differ');
  }
}

function printRates(runs: Runs, packets: number): void {
  const rows = [
    ['sgsim', runs.sgsim, runs.sgsimFew],
    ['native reference', runs.native, runs.nativeFew],
    ['native, five-tuples only', runs.count, undefined],
  ] as const;
  console.log(`${' '.repeat(26)}million packets/s per core   without start-up      by the clock`);
  for (const [name, whole, started] of rows) {
    const million = packets / 1e6;
    const cells = [
      spread(whole.map((run) => million / run.cpuSeconds)),
      started === undefined ? '' : spread(withoutStart(whole, started).map((s) => million / s)),
      spread(whole.map((run) => million / run.wallSeconds)),
    ];
    console.log(`${name.padEnd(26)}${cells[0]!.padEnd(29)}${cells[1]!.padEnd(22)}${cells[2]!}`);
  }
}

function printRatios(runs: Runs): void {
  const whole = runs.sgsim.map((run, i) => runs.native[i]!.cpuSeconds / run.cpuSeconds);
  const own = withoutStart(runs.sgsim, runs.sgsimFew);
  const natives = withoutStart(runs.native, runs.nativeFew);
  const started = runs.sgsimFew.map(({ cpuSeconds }) => cpuSeconds);
  console.log(`\nsgsim/native              ${spread(whole)} whole programs`);
  console.log(
    `                          ${spread(own.map((s, i) => natives[i]! / s))} without the start-up of both`,
  );
  console.log(
    `start-up of sgsim         ${spread(started)} s: the replay of the first ${FEW} packets\n`,
  );
}

/** Seconds of each run less those that the same program took for a few packets in the same round. */
function withoutStart(whole: readonly MeasuredRun[], few: readonly MeasuredRun[]): number[] {
  return whole.map((run, i) => run.cpuSeconds - few[i]!.cpuSeconds);
}
