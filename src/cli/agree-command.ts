import type { Argv } from 'yargs';
import {
  CAPTURE_OPTIONS,
  filterPositional,
  readCaptureOptions,
  splitPaths,
} from './capture-options.js';
import { wholeNumber } from './number-option.js';
import { TRACKING_OPTIONS, readTracking } from './tracking-options.js';
import { VPC_OPTIONS } from './vpc-options.js';
import { WORKERS_OPTION, readWorkers } from './workers-option.js';

/** Adds `sgsim agree`. */
export function agreeCommand(command: Argv) {
  return filterPositional(command)
    .usage('$0 agree -r FLOWLOG... --vpc PATH... [FILTER]')
    .options(CAPTURE_OPTIONS)
    .options(VPC_OPTIONS)
    .options({
      top: {
        type: 'number',
        default: 10,
        requiresArg: true,
        describe: 'most differences that are listed',
      },
      json: { type: 'boolean', default: false, describe: 'print JSON' },
    } as const)
    .options(WORKERS_OPTION)
    .options(TRACKING_OPTIONS)
    .group(Object.keys(TRACKING_OPTIONS), 'Where AWS is silent:')
    .example('$0 agree -r flows.log.gz --vpc vpc/', 'the log of a file')
    .example('$0 agree -r AWSLogs/ --vpc vpc/', 'all that S3 was given');
}

/** Runs `sgsim agree`; returns the exit code. Throws InputError. */
export async function handleAgree(
  argv: Awaited<ReturnType<typeof agreeCommand>['argv']>,
): Promise<number> {
  const { runAgree } = await import('./agree.js');
  const { paths, words } = splitPaths(argv.vpc);
  return runAgree({
    ...readCaptureOptions({
      ...argv,
      checksums: false,
      filter: [...words, ...(argv.filter ?? [])],
    }),
    ...{ vpc: paths, vpcId: argv.vpcId, events: argv.events, json: argv.json },
    top: wholeNumber(argv.top, 'top', 0, 1_000_000),
    workers: readWorkers(argv.workers),
    tracking: readTracking(argv),
  });
}
