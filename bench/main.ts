// `npm run bench`: sgsim beside a pcap-parser loop that only counts, on one generated capture; `npm run bench -- flood` and
// `-- hash` put the connection table under stress, `-- read [FILE]` reads and decodes only, `-- why [FILE VPC]` asks about a
// capture beside replaying it, `-- start` times how programs start, `-- cores` tells what a second worker is worth, `-- state` fills the connection table, `-- rules [SET]` compiles and looks
// up rules, `-- micro [STAGE]` measures stages one by one, `-- verdicts [SHAPE | FILE VPC]` writes a row a packet, `-- check` holds ratios to their lines, `-- native [SHAPE | FILE VPC]` and
// `-- peers ...` put sgsim beside a program in C that does the same and beside others that do some of it. See README.md here.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASES, type Case, type CaseResult, runCase } from './case.js';
import { checkRatios } from './check.js';
import { runChild } from './child.js';
import { benchCores } from './cores.js';
import { benchFlood } from './flood.js';
import { benchHash } from './hash.js';
import { benchInputs } from './inputs.js';
import { benchMicro } from './micro.js';
import { naiveReplay } from './naive-loop.js';
import { benchNative } from './native.js';
import { benchPeers } from './peers.js';
import { READ_CASES, type ReadCase, type ReadResult, convertCapture, runRead } from './read.js';
import { benchRules } from './rules.js';
import { timeCompile } from './rules/compile-time.js';
import type { RuleSetName } from './rules/rule-sets.js';
import { benchState } from './state.js';
import { policyOf } from './sgsim-run.js';
import { spread } from './spread.js';
import { benchStart } from './start.js';
import { benchVerdicts } from './verdicts.js';
import { benchWhy } from './why.js';
import { type Workload, writeWorkload } from './workload.js';

const PACKETS = 1_000_000;
const WHY_PACKETS = 5_000_000;
const PACKETS_PER_FLOW = 50;
const ROUNDS = 5;
const START_ROUNDS = 25;
const SEED = 20_261;

const [only, capture, vpc, workers] = process.argv.slice(2);
if (only === 'flood') {
  benchFlood(Number(capture ?? 10_000_000));
} else if (only === 'hash') {
  benchHash();
} else if (only === 'state') {
  benchState();
} else if (only === 'start') {
  await inFolder((folder) => benchStart(folder, START_ROUNDS));
} else if (only === 'rules' && vpc !== undefined) {
  process.stdout.write(JSON.stringify(timeCompile(capture as RuleSetName, Number(vpc))));
} else if (only === 'rules') {
  await benchRules(capture as RuleSetName | undefined);
} else if (only === 'check') {
  if (!(await checkRatios())) process.exitCode = 1;
} else if (only === 'micro') {
  await benchMicro(capture);
} else if (only === 'read' && vpc !== undefined) {
  process.stdout.write(JSON.stringify(await runRead(vpc as ReadCase, capture!)));
} else if (only === 'read') {
  await inFolder((folder) => compareReading(folder, capture));
} else if (only === 'cores') {
  await inFolder(async (folder) => {
    for (const input of benchInputs(folder, capture, vpc)) await benchCores(input, ROUNDS);
  });
} else if (only === 'native') {
  await inFolder((folder) => benchNative(benchInputs(folder, capture, vpc), ROUNDS, folder));
} else if (only === 'verdicts') {
  await inFolder(async (folder) => {
    for (const input of benchInputs(folder, capture, vpc)) {
      await benchVerdicts(input, ROUNDS, folder);
    }
  });
} else if (only === 'peers') {
  await inFolder((folder) => {
    for (const input of benchInputs(folder, capture, vpc)) benchPeers(input, ROUNDS, folder);
  });
} else if (only === 'naive') {
  process.stdout.write(JSON.stringify(await naiveReplay(capture!, policyOf(vpc!))));
} else if (only === 'why' && vpc !== undefined) {
  benchWhy(capture!, vpc, ROUNDS);
} else if (only === 'why') {
  await inFolder((folder) => {
    const { file, rules } = writeFiles(folder, WHY_PACKETS);
    benchWhy(file, rules, ROUNDS);
  });
} else if (only !== undefined && capture !== undefined && vpc !== undefined) {
  const result = await runCase(only as Case, capture, vpc, Number(workers ?? 1));
  process.stdout.write(JSON.stringify(result));
} else {
  await inFolder(compareCases);
}

async function inFolder(action: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sgsim-bench-'));
  try {
    await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reading and decoding alone, by container; of a capture of one's own, if one is named. */
async function compareReading(folder: string, own: string | undefined): Promise<void> {
  const pcap = own ?? join(folder, 'workload.pcap');
  if (own === undefined) writeWorkload(pcap, PACKETS, PACKETS / PACKETS_PER_FLOW, SEED);
  const files = await convertCapture(pcap, folder);
  const results = new Map<ReadCase, ReadResult[]>(READ_CASES.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of READ_CASES) {
      results.get(name)!.push(runChild(['read', files[name], name]) as ReadResult);
    }
  }
  const [{ packets }] = results.get('pcap') as [ReadResult];
  for (const name of ['pcapng', 'gzip'] as const) {
    if (results.get(name)!.some((each) => each.packets !== packets)) {
      throw new Error(`${name} gives a wrong answer`);
    }
  }
  console.log(
    `${packets} packets read and decoded, one thread, ${ROUNDS} rounds; answers checked\n`,
  );
  const rates = (name: ReadCase, time: 'cpuSeconds' | 'wallSeconds'): number[] =>
    results.get(name)!.map((each) => packets / each[time] / 1e6);
  for (const name of ['pcap', 'pcapng', 'gzip'] as const) {
    console.log(
      `${name.padEnd(12)} ${spread(rates(name, 'cpuSeconds'))} million packets/s per core, ${spread(rates(name, 'wallSeconds'))} by the clock`,
    );
  }
  const ratio = (one: ReadCase, other: ReadCase, time: 'cpuSeconds' | 'wallSeconds'): string => {
    const others = rates(other, time);
    return spread(rates(one, time).map((rate, i) => rate / others[i]!));
  };
  console.log(`pcapng/pcap  ${ratio('pcapng', 'pcap', 'cpuSeconds')} per core`);
  const inflate = results.get('inflate')!.map(({ wallSeconds }) => wallSeconds);
  const beside = results.get('gzip')!.map(({ wallSeconds }, i) => inflate[i]! / wallSeconds);
  console.log(
    `inflate/gzip ${spread(beside)} by the clock: inflating alone, beside inflating and decoding`,
  );
}

interface WorkloadFiles {
  readonly file: string;
  readonly rules: string;
  readonly workload: Workload;
}

function writeFiles(folder: string, packets: number): WorkloadFiles {
  const file = join(folder, 'workload.pcap');
  const workload = writeWorkload(file, packets, packets / PACKETS_PER_FLOW, SEED);
  const rules = join(folder, 'vpc.yaml');
  writeFileSync(rules, workload.vpc);
  return { file, rules, workload };
}

function compareCases(folder: string): void {
  const { file, rules, workload } = writeFiles(folder, PACKETS);
  const results = new Map<Case, CaseResult[]>(CASES.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of CASES) {
      const result = runApart(name, file, rules);
      checkAnswer(name, result, workload);
      results.get(name)!.push(result);
    }
  }
  console.log(
    `${workload.packets} packets, ${workload.flows} flows, one core, ${ROUNDS} rounds; answers checked\n`,
  );
  const rate = (name: Case): number[] =>
    results.get(name)!.map((each) => workload.packets / each.cpuSeconds);
  for (const name of CASES) {
    const peak = Math.max(...results.get(name)!.map(({ peakBytes }) => peakBytes));
    console.log(
      `${name.padEnd(12)} ${spread(rate(name).map((x) => x / 1e6))} million packets/s per core, peak ${(peak / 1e6).toFixed(0)} MB`,
    );
  }
  const baseline = rate('pcap-parser');
  const ratios = rate('sgsim').map((each, i) => each / baseline[i]!);
  console.log(`${'ratio'.padEnd(12)} ${spread(ratios)} (sgsim judges, pcap-parser counts)\n`);
}

/** A process of its own for each run: none inherits another's warm code or memory. */
function runApart(name: Case, capture: string, vpc: string): CaseResult {
  return runChild([name, capture, vpc]) as CaseResult;
}

function checkAnswer(name: Case, result: CaseResult, workload: Workload): void {
  const wrong =
    result.packets !== workload.packets ||
    (name === 'sgsim' &&
      (result.allowed !== workload.allowed || result.dropped !== workload.dropped));
  if (wrong) throw new Error(`${name} gives a wrong answer: ${JSON.stringify(result)}`);
}
