// `npm run bench`: sgsim beside a pcap-parser loop that only counts, on one generated capture; `npm run bench -- flood` and
// `-- hash` put the connection table under stress. See README.md here.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CASES, type Case, type CaseResult, runCase } from './case.js';
import { benchFlood } from './flood.js';
import { benchHash } from './hash.js';
import { benchLookup } from './lookup.js';
import { type Workload, writeWorkload } from './workload.js';

const PACKETS = 1_000_000;
const FLOWS = 20_000;
const ROUNDS = 5;
const SEED = 20_261;

const [only, capture, vpc, workers] = process.argv.slice(2);
if (only === 'flood') {
  benchFlood(Number(capture ?? 10_000_000));
} else if (only === 'hash') {
  benchHash();
} else if (only !== undefined && capture !== undefined && vpc !== undefined) {
  const result = await runCase(only as Case, capture, vpc, Number(workers ?? 1));
  process.stdout.write(JSON.stringify(result));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'sgsim-bench-'));
  try {
    compareCases(folder);
    await benchLookup();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compareCases(folder: string): void {
  const file = join(folder, 'workload.pcap');
  const workload = writeWorkload(file, PACKETS, FLOWS, SEED);
  const rules = join(folder, 'vpc.yaml');
  writeFileSync(rules, workload.vpc);
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
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--no-deprecation', fileURLToPath(import.meta.url), name, capture, vpc],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  return JSON.parse(stdout) as CaseResult;
}

function checkAnswer(name: Case, result: CaseResult, workload: Workload): void {
  const wrong =
    result.packets !== workload.packets ||
    (name === 'sgsim' &&
      (result.allowed !== workload.allowed || result.dropped !== workload.dropped));
  if (wrong) throw new Error(`${name} gives a wrong answer: ${JSON.stringify(result)}`);
}

/** Median, least and most. */
function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  return `${median.toFixed(2)} (${sorted[0]!.toFixed(2)}-${sorted.at(-1)!.toFixed(2)})`;
}
