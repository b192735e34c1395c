import type { Argv } from 'yargs';
import { inputError } from '../model/diagnostic.js';
import { VERDICT_CHANGES } from '../model/verdict-change.js';
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

/** Adds `sgsim diff`. */
export function diffCommand(command: Argv) {
  return filterPositional(command)
    .usage('$0 diff -r CAPTURE... --vpc BEFORE --vpc AFTER [FILTER]')
    .options(CAPTURE_OPTIONS)
    .options({
      ...VPC_OPTIONS,
      vpc: {
        ...VPC_OPTIONS.vpc,
        demandOption: false,
        describe: 'the VPC before the change, then after it: a folder or file each',
      },
    } as const)
    .options({
      before: {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'the VPC before, in several folders or files',
      },
      after: {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'the VPC after, in several folders or files',
      },
      'allow-new-dropped': {
        type: 'boolean',
        default: false,
        describe: 'exit with 0 although something is newly dropped',
      },
      'allow-new-allowed': {
        type: 'boolean',
        default: false,
        describe: 'exit with 0 although something is newly allowed',
      },
      'allow-other': {
        type: 'boolean',
        default: false,
        describe: 'exit with 0 although other packets are filtered or judged',
      },
      json: { type: 'boolean', default: false, describe: 'report as JSON' },
      top: {
        type: 'number',
        default: 10,
        requiresArg: true,
        describe: 'longest list in the report',
      },
    } as const)
    .options(WORKERS_OPTION)
    .options(TRACKING_OPTIONS)
    .group(Object.keys(TRACKING_OPTIONS), 'Where AWS is silent:')
    .example('$0 diff -r web.pcap --vpc vpc/ --vpc changed/', 'what would change?')
    .example('$0 diff -r - --vpc vpc/ --vpc changed/ --allow-new-allowed', 'in a pipeline');
}

/** Runs `sgsim diff`; returns the exit code. Throws InputError. */
export async function handleDiff(
  argv: Awaited<ReturnType<typeof diffCommand>['argv']>,
): Promise<number> {
  const { runDiff } = await import('./diff.js');
  const { before, after, words } = readSides(argv);
  const allowed = {
    'newly-dropped': argv.allowNewDropped,
    'newly-allowed': argv.allowNewAllowed,
    otherwise: argv.allowOther,
  };
  return runDiff({
    ...readCaptureOptions({
      ...argv,
      checksums: false,
      filter: [...words, ...(argv.filter ?? [])],
    }),
    ...{ before, after, vpcId: argv.vpcId, events: argv.events },
    allowed: VERDICT_CHANGES.filter((change) => allowed[change]),
    json: argv.json,
    top: wholeNumber(argv.top, 'top', 0, 1_000_000),
    workers: readWorkers(argv.workers),
    tracking: readTracking(argv),
  });
}

interface Sides {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Words of a filter that follow the paths. */
  readonly words: readonly string[];
}

/** Two paths by --vpc, or any number by --before and --after. */
function readSides(argv: {
  readonly vpc: readonly string[] | undefined;
  readonly before: readonly string[] | undefined;
  readonly after: readonly string[] | undefined;
}): Sides {
  const [vpc, before, after] = [argv.vpc, argv.before, argv.after].map((values) =>
    splitPaths(values ?? []),
  ) as [Split, Split, Split];
  const words = [...vpc.words, ...before.words, ...after.words];
  if (argv.before === undefined && argv.after === undefined) {
    const [one, other, ...more] = vpc.paths;
    if (one !== undefined && other !== undefined && more.length === 0) {
      return { before: [one], after: [other], words };
    }
    const several = more.length > 0;
    throw inputError(
      'usage',
      '--vpc',
      several
        ? `names ${vpc.paths.length} paths, and which are before the change is not told`
        : 'a difference is between two VPCs',
      several ? 'write --before PATH... --after PATH...' : 'name both: --vpc before/ --vpc after/',
    );
  }
  if (argv.vpc !== undefined) {
    throw inputError(
      'usage',
      '--vpc',
      'is told beside --before or --after',
      'write --vpc BEFORE --vpc AFTER, or --before PATH... --after PATH...',
    );
  }
  if (argv.before === undefined || argv.after === undefined) {
    const missing = argv.before === undefined ? '--before' : '--after';
    throw inputError('usage', missing, 'a difference is between two VPCs', 'name it too');
  }
  return { before: before.paths, after: after.paths, words };
}

type Split = ReturnType<typeof splitPaths>;
