import { closeSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { type BenchInput, runSgsim } from './sgsim-run.js';
import { spread } from './spread.js';

const FORMATS = ['parquet', 'csv', 'jsonl'] as const;

/** Prints what writing a row for each packet costs beside the same replay without: whole programs in turn, one thread. */
export async function benchVerdicts(
  { name, capture, vpc }: BenchInput,
  rounds: number,
  folder: string,
): Promise<void> {
  const fileOf = (format: string): string => join(folder, `verdicts.${format}`);
  const write = (format: string) => runSgsim(capture, vpc, '--verdicts', fileOf(format));
  const { packets } = (JSON.parse(runSgsim(capture, vpc).stdout) as Report).totals;
  const sizes = new Map<string, number>();
  for (const format of FORMATS) {
    write(format);
    const rows = await rowsIn(fileOf(format), format);
    if (rows !== packets) throw new Error(`${format} has ${rows} rows of ${packets}`);
    sizes.set(format, statSync(fileOf(format)).size / packets);
  }
  const plain: number[] = [];
  const taken = new Map(FORMATS.map((format) => [format, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    plain.push(runSgsim(capture, vpc).cpuSeconds);
    for (const format of FORMATS) taken.get(format)!.push(write(format).cpuSeconds);
  }
  console.log(`${name}: ${packets} packets, one thread, ${rounds} rounds; rows counted\n`);
  console.log(`replay alone   ${spread(plain)} s of processor time`);
  for (const [format, seconds] of taken) {
    const rates = (times: readonly number[]): string =>
      spread(times.map((time) => packets / time / 1e6));
    const writing = seconds.map((time, i) => time - plain[i]!);
    const ratios = spread(seconds.map((time, i) => time / plain[i]!));
    console.log(
      `${format.padEnd(8)}       ${ratios} of that, ${rates(seconds)} million rows/s in all, ${rates(writing)} for writing alone, ${sizes.get(format)!.toFixed(1)} bytes a row`,
    );
    rmSync(fileOf(format));
  }
  console.log('');
}

interface Report {
  readonly totals: { readonly packets: number };
}

async function rowsIn(path: string, format: (typeof FORMATS)[number]): Promise<number> {
  if (format === 'parquet') {
    const { num_rows } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    return Number(num_rows);
  }
  return linesIn(path) - (format === 'csv' ? 1 : 0);
}

function linesIn(path: string): number {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(1 << 20);
  let lines = 0;
  for (let size = 1; size > 0;) {
    size = readSync(file, chunk);
    for (let i = 0; i < size; i++) if (chunk[i] === 0x0a) lines++;
  }
  closeSync(file);
  return lines;
}
