import type { Argv } from 'yargs';
import { CAPTURE_OPTIONS, readCaptureOptions, splitPaths } from './capture-options.js';
import { inputError } from '../model/diagnostic.js';
import { TEST_FORMATS } from '../model/test-report.js';
import { TRACKING_OPTIONS, readTracking } from './tracking-options.js';
import { VPC_OPTIONS } from './vpc-options.js';
import { WORKERS_OPTION, readWorkers } from './workers-option.js';

/** Adds `sgsim test`. */
export function testCommand(command: Argv) {
  return command
    .usage('$0 test FILE --vpc PATH... [-r CAPTURE... [FILTER]]')
    .positional('file', { type: 'string', describe: 'YAML file of expectations' })
    .positional('filter', {
      type: 'string',
      array: true,
      describe: 'of captures, only packets that match: pcap-filter syntax, as for tcpdump',
    })
    .options({ ...CAPTURE_OPTIONS, r: { ...CAPTURE_OPTIONS.r, demandOption: false } } as const)
    .options(VPC_OPTIONS)
    .options({
      format: {
        choices: TEST_FORMATS,
        requiresArg: true,
        describe: 'how results are written [default: text]',
      },
      json: { type: 'boolean', default: false, describe: 'the same as --format json' },
    } as const)
    .options(WORKERS_OPTION)
    .options(TRACKING_OPTIONS)
    .group(Object.keys(TRACKING_OPTIONS), 'Where AWS is silent:')
    .example('$0 test expect.yaml --vpc vpc/', 'what must pass and must not')
    .example('$0 test expect.yaml --vpc vpc/ -r web.pcap', 'statements about a capture too')
    .example('$0 test expect.yaml --vpc vpc/ --format github', 'annotate a pull request');
}

/** Runs `sgsim test`; returns the exit code. Throws InputError. */
export async function handleTest(
  argv: Awaited<ReturnType<typeof testCommand>['argv']>,
): Promise<number> {
  const { runTest } = await import('./test.js');
  const { paths, words } = splitPaths(argv.vpc);
  const filter = [...words, ...(argv.filter ?? [])];
  const { file, format, r } = argv;
  if (file === undefined) {
    const fix = 'name it first: sgsim test FILE --vpc PATH';
    throw inputError('usage', '', 'no file of expectations is named', fix);
  }
  if (argv.json && format !== undefined && format !== 'json') {
    throw inputError('usage', '--json', `and --format ${format} exclude each other`, 'give one');
  }
  if (r === undefined && filter.length > 0) {
    const fact = 'a filter picks packets of a capture, and there is none';
    throw inputError('usage', filter.join(' '), fact, 'name it: -r FILE');
  }
  return runTest({
    ...{ file, vpc: paths, vpcId: argv.vpcId, events: argv.events },
    format: argv.json ? 'json' : (format ?? 'text'),
    tracking: readTracking(argv),
    workers: readWorkers(argv.workers),
    ...(r === undefined
      ? {}
      : { capture: readCaptureOptions({ ...argv, r, checksums: false, filter }) }),
  });
}
