import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spread } from './spread.js';
import { writeWorkload } from './workload.js';

const PACKETS = 100;
const FLOWS = 10;
const SEED = 20_262;

interface Run {
  readonly milliseconds: number;
  readonly output: string;
}

/** Prints how long programs take from their start to their end beside `node -e 0`: files of their own go into `folder`. */
export function benchStart(folder: string, rounds: number): void {
  const capture = join(folder, 'capture.pcap');
  const vpc = join(folder, 'vpc.yaml');
  const workload = writeWorkload(capture, PACKETS, FLOWS, SEED);
  writeFileSync(vpc, workload.vpc);
  const demo = fileURLToPath(new URL('../fixtures/demo', import.meta.url));
  const short = ['-r', capture, '--vpc', vpc];
  const aws = ['-r', join(demo, 'capture.pcap'), '--vpc', join(demo, 'vpc'), '-c', String(PACKETS)];
  const programs = new Map<string, readonly string[]>([
    ['node -e 0', ['-e', '0']],
    ['--help', sgsim('--help')],
    ['replay, short YAML', sgsim('replay', ...short)],
    ['replay, AWS JSON', sgsim('replay', ...aws)],
    ['why, short YAML', sgsim('why', ...short, '--frame', '1')],
  ]);
  const { packets, allowed, dropped } = workload;
  const { totals } = JSON.parse(run(sgsim('replay', ...short, '--json')).output) as Report;
  const right = [packets, allowed, dropped];
  const found = [totals.packets, totals.allowed.packets, totals.dropped.packets];
  if (found.join() !== right.join())
    throw new Error(`${found.join()} packets, not ${right.join()}`);
  const times = new Map([...programs.keys()].map((name) => [name, [] as number[]]));
  const outputs = new Map<string, string>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, args] of programs) {
      const { milliseconds, output } = run(args);
      // The first round warms the caches of the machine, and its answers are what the others must give.
      if (round > 0) times.get(name)!.push(milliseconds);
      else if (!FIRST_LINES[name]!.test(output)) throw new Error(`${name} gives a wrong answer`);
      else outputs.set(name, output);
      if (outputs.get(name) !== output) throw new Error(`${name} gives another answer`);
    }
  }
  console.log(`whole programs, ${PACKETS} packets, ${rounds} rounds; answers checked\n`);
  const base = times.get('node -e 0')!;
  for (const [name, all] of times) {
    const more = all.map((time, i) => time - base[i]!);
    const beside = name === 'node -e 0' ? '' : `, ${spread(more)} ms more than node -e 0`;
    console.log(`${name.padEnd(20)} ${spread(all)} ms${beside}`);
  }
}

interface Report {
  readonly totals: {
    readonly packets: number;
    readonly allowed: { readonly packets: number };
    readonly dropped: { readonly packets: number };
  };
}

/** What an answer must begin with. */
const FIRST_LINES: Readonly<Record<string, RegExp>> = {
  'node -e 0': /^$/,
  '--help': /^sgsim COMMAND\n/,
  'replay, short YAML': /^captures\n.*capture\.pcap\n/,
  'replay, AWS JSON': /^captures\n.*capture\.pcap\n/,
  'why, short YAML': /^ALLOW .*\n.*\n {2}frame 1 /,
};

function sgsim(...args: readonly string[]): readonly string[] {
  return [fileURLToPath(new URL('cli.js', import.meta.url)), ...args];
}

function run(args: readonly string[]): Run {
  const began = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const milliseconds = performance.now() - began;
  if (status !== 0) throw new Error(`${args.join(' ')} ends with ${status}: ${stderr}`);
  return { milliseconds, output: stdout };
}
