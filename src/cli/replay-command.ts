import type { Argv } from 'yargs';
import {
  CAPTURE_OPTIONS,
  filterPositional,
  readCaptureOptions,
  splitPaths,
} from './capture-options.js';
import { FLOW_LOG_OPTIONS } from './flow-log-options.js';
import { wholeNumber } from './number-option.js';
import { readSpeed } from './pace.js';
import { readRequests } from './replay-requests.js';
import { TRACKING_OPTIONS, readTracking } from './tracking-options.js';
import { VPC_OPTIONS } from './vpc-options.js';
import { WORKERS_OPTION, readWorkers } from './workers-option.js';

/** Adds `sgsim replay`. */
export function replayCommand(command: Argv) {
  return filterPositional(command)
    .usage('$0 replay -r CAPTURE... --vpc PATH... [FILTER]')
    .options(CAPTURE_OPTIONS)
    .options(VPC_OPTIONS)
    .options({
      checksums: { type: 'boolean', describe: 'count wrong checksums' },
      json: { type: 'boolean', default: false, describe: 'report as JSON' },
      rules: {
        type: 'boolean',
        default: false,
        describe: 'tell which rules flows hang on, and which could go',
      },
      top: {
        type: 'number',
        default: 10,
        requiresArg: true,
        describe: 'longest list in the report',
      },
      verdicts: {
        type: 'string',
        requiresArg: true,
        describe: 'write a row per packet: .parquet, .csv, else JSON lines; - for stdout',
      },
      by: {
        choices: ['packet', 'flow'],
        requiresArg: true,
        describe: 'rows of --verdicts [default: packet]',
      },
      w: {
        type: 'string',
        requiresArg: true,
        describe: 'write what is allowed to this pcapng file (.pcap: pcap), - for stdout',
      },
      'write-dropped': {
        type: 'string',
        requiresArg: true,
        describe: 'write what is dropped, with the cause as a comment',
      },
      'write-rest': {
        type: 'string',
        requiresArg: true,
        describe: 'write what is not filtered or not judged',
      },
      html: {
        type: 'string',
        requiresArg: true,
        describe: 'write the report as one HTML file, with every flow and why it was dropped',
      },
    } as const)
    .options(FLOW_LOG_OPTIONS)
    .options({
      speed: {
        type: 'string',
        default: 'max',
        requiresArg: true,
        describe: 'let packets out by their times: 1 as captured, 10 ten times as fast',
      },
    } as const)
    .options(WORKERS_OPTION)
    .options(TRACKING_OPTIONS)
    .group(Object.keys(TRACKING_OPTIONS), 'Where AWS is silent:')
    .example('$0 replay -r web.pcap --vpc vpc/', 'AWS CLI JSON in a folder')
    .example('$0 replay -r web.pcap --vpc vpc/ tcp port 443', 'some of its packets')
    .example('tcpdump -w - | $0 replay -r - --vpc vpc.yaml', 'as it is captured');
}

/** Runs `sgsim replay`; returns the exit code. Throws InputError. */
export async function handleReplay(
  argv: Awaited<ReturnType<typeof replayCommand>['argv']>,
): Promise<number> {
  const { runReplay } = await import('./replay.js');
  const { paths, words } = splitPaths(argv.vpc);
  return runReplay({
    ...readCaptureOptions({ ...argv, filter: [...words, ...(argv.filter ?? [])] }),
    vpc: paths,
    vpcId: argv.vpcId,
    events: argv.events,
    json: argv.json,
    rules: argv.rules,
    top: wholeNumber(argv.top, 'top', 0, 1_000_000),
    written: { allowed: argv.w, dropped: argv.writeDropped, rest: argv.writeRest },
    requests: await readRequests(argv),
    workers: readWorkers(argv.workers),
    speed: readSpeed(argv.speed),
    tracking: readTracking(argv),
  });
}
