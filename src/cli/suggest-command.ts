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

/** Adds `sgsim suggest`. */
export function suggestCommand(command: Argv) {
  const { decap, vpc, 'vpc-id': vpcId } = VPC_OPTIONS;
  return filterPositional(command)
    .usage('$0 suggest -r CAPTURE... --vpc PATH... [FILTER]')
    .options(CAPTURE_OPTIONS)
    .options({ decap, vpc, 'vpc-id': vpcId } as const)
    .options({
      'max-prefix': {
        type: 'number',
        default: 24,
        requiresArg: true,
        describe: 'put IPv4 peers together under prefixes of this length or longer',
      },
      'max-prefix6': {
        type: 'number',
        default: 64,
        requiresArg: true,
        describe: 'the same for IPv6',
      },
      format: {
        choices: ['describe', 'yaml', 'terraform'] as const,
        default: 'describe' as const,
        requiresArg: true,
        describe: 'as describe-security-groups prints it, in the short form, or as resources',
      },
      o: {
        type: 'string',
        default: '-',
        requiresArg: true,
        describe: 'write the rules to this file, - for standard output',
      },
    } as const)
    .options(WORKERS_OPTION)
    .options(TRACKING_OPTIONS)
    .group(Object.keys(TRACKING_OPTIONS), 'Where AWS is silent:')
    .example('$0 suggest -r day/ --vpc vpc/ -o security-groups.json', 'the rules that a day needs')
    .example(
      '$0 suggest -r web.pcap --vpc vpc/ --max-prefix 0 --format terraform',
      'few, but wide',
    );
}

/** Runs `sgsim suggest`; returns the exit code. Throws InputError. */
export async function handleSuggest(
  argv: Awaited<ReturnType<typeof suggestCommand>['argv']>,
): Promise<number> {
  const { runSuggest } = await import('./suggest.js');
  const { paths, words } = splitPaths(argv.vpc);
  return runSuggest({
    ...readCaptureOptions({
      ...argv,
      checksums: false,
      filter: [...words, ...(argv.filter ?? [])],
    }),
    ...{ vpc: paths, vpcId: argv.vpcId, events: undefined },
    widths: {
      4: wholeNumber(argv.maxPrefix, 'max-prefix', 0, 32),
      6: wholeNumber(argv.maxPrefix6, 'max-prefix6', 0, 128),
    },
    format: argv.format,
    output: argv.o,
    workers: readWorkers(argv.workers),
    tracking: readTracking(argv),
  });
}
