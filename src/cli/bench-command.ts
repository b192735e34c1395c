import type { Argv } from 'yargs';
import { availableParallelism } from 'node:os';
import { inputError } from '../model/diagnostic.js';
import { wholeNumber } from './number-option.js';
import { readTraffic, trafficText } from './traffic-arguments.js';
import { TRAFFIC_OPTIONS } from './traffic-options.js';
import { VPC_OPTIONS } from './vpc-options.js';
import { WORKERS_MAX } from './workers-option.js';

/** Adds `sgsim bench`. */
export function benchCommand(command: Argv) {
  return command
    .usage('$0 bench --vpc PATH...\n\nReplays made-up traffic, and tells how fast that went.')
    .options({
      vpc: VPC_OPTIONS.vpc,
      'vpc-id': VPC_OPTIONS['vpc-id'],
      workers: {
        type: 'string',
        requiresArg: true,
        describe: 'threads that judge, one number or several: 1,2,4 [default: 1 and one per core]',
      },
      rounds: {
        type: 'number',
        default: 5,
        requiresArg: true,
        describe: 'values of each figure; 5 at least to compare',
      },
      json: { type: 'boolean', default: false, describe: 'print JSON, for --compare' },
      compare: {
        type: 'string',
        requiresArg: true,
        describe: 'JSON of an older run: tell what is faster or slower; exit 1 if slower',
      },
    } as const)
    .options({
      ...TRAFFIC_OPTIONS,
      flows: { ...TRAFFIC_OPTIONS.flows, default: 20_000 },
      s: { ...TRAFFIC_OPTIONS.s, default: 128 },
    } as const)
    .example('$0 bench --vpc vpc/ --json > old.json', 'before a change')
    .example('$0 bench --vpc vpc/ --compare old.json', 'and after it');
}

/** Runs `sgsim bench`; returns the exit code. Throws InputError. */
export async function handleBench(
  argv: Awaited<ReturnType<typeof benchCommand>['argv']>,
): Promise<number> {
  const { runBench } = await import('./bench.js');
  return runBench({
    vpc: argv.vpc,
    vpcId: argv.vpcId,
    events: undefined,
    traffic: readTraffic(argv),
    trafficText: trafficText(argv),
    workers: readCounts(argv.workers),
    rounds: wholeNumber(argv.rounds, 'rounds', 1, ROUNDS_MAX),
    json: argv.json,
    compare: argv.compare,
  });
}

/** The exact distribution of the rank test has so many values squared. */
const ROUNDS_MAX = 50;

function readCounts(text: string | undefined): readonly number[] {
  if (text === undefined) return [...new Set([1, Math.min(WORKERS_MAX, availableParallelism())])];
  const counts = text.split(',').map((part) => (/^\d+$/.test(part) ? Number(part) : 0));
  for (const count of counts) wholeNumber(count, 'workers', 1, WORKERS_MAX);
  if (new Set(counts).size === counts.length) return counts;
  throw inputError('usage', '--workers', 'names a number twice', 'name each number once');
}
