import type { Argv } from 'yargs';
import { DEFAULT_TRACKING } from '../model/tracking.js';
import {
  CAPTURE_OPTIONS,
  filterPositional,
  readCaptureOptions,
  splitPaths,
} from './capture-options.js';
import { wholeNumber } from './number-option.js';

const WORKERS_MAX = 64;

const SILENT = {
  midstream: {
    choices: ['history', 'strict', 'pickup'],
    default: DEFAULT_TRACKING.midstream,
    requiresArg: true,
    describe: 'TCP without its opening (CT-14)',
  },
  denied: {
    choices: ['remember', 'forget'],
    default: DEFAULT_TRACKING.denied,
    requiresArg: true,
    describe: 'packets that follow a denied opening (CT-25)',
  },
  history: {
    type: 'number',
    default: DEFAULT_TRACKING.historySeconds,
    requiresArg: true,
    describe: 'seconds that an ended connection is remembered (CT-14)',
  },
  related: {
    choices: ['all', 'pmtud', 'none'],
    default: DEFAULT_TRACKING.related,
    requiresArg: true,
    describe: 'ICMP errors that pass because of a connection (CT-16)',
  },
  exempt: {
    choices: ['addresses', 'services'],
    default: DEFAULT_TRACKING.exempt,
    requiresArg: true,
    describe: 'what is not filtered: ranges, or services alone (NF-1)',
  },
  'auto-tracked': {
    choices: ['2026', '2023'],
    default: DEFAULT_TRACKING.autoTracked,
    requiresArg: true,
    describe: 'edition of the list of always tracked paths (CT-7)',
  },
  'max-tracked': {
    type: 'number',
    requiresArg: true,
    describe: 'connections that an instance can track (CT-19) [default: any]',
  },
} as const;

/** Adds `sgsim replay`. */
export function replayCommand(command: Argv) {
  return filterPositional(command)
    .usage('$0 replay -r CAPTURE... --vpc PATH... [FILTER]')
    .options(CAPTURE_OPTIONS)
    .options({
      decap: {
        type: 'string',
        default: 'auto',
        requiresArg: true,
        describe: 'tunnels to peel: vxlan,geneve,gre,ipip; auto: mirrored traffic; none',
      },
      checksums: { type: 'boolean', describe: 'count wrong checksums' },
      vpc: {
        type: 'string',
        array: true,
        demandOption: true,
        requiresArg: true,
        describe: 'folders or files: `aws ec2 describe-*` JSON or short YAML',
      },
      'vpc-id': {
        type: 'string',
        requiresArg: true,
        describe: 'match packets with the interfaces of this VPC only',
      },
      events: {
        type: 'string',
        requiresArg: true,
        describe: 'YAML file of changes to the VPC while traffic flows',
      },
      json: { type: 'boolean', default: false, describe: 'report as JSON' },
      top: {
        type: 'number',
        default: 10,
        requiresArg: true,
        describe: 'longest list in the report',
      },
      verdicts: {
        type: 'string',
        requiresArg: true,
        describe: 'write one JSON line per frame to this file, - for standard output',
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
      workers: {
        type: 'number',
        requiresArg: true,
        describe: 'threads that judge [default: one per core]',
      },
    } as const)
    .options(SILENT)
    .group(Object.keys(SILENT), 'Where AWS is silent:')
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
    top: wholeNumber(argv.top, 'top', 0, 1_000_000),
    verdicts: argv.verdicts,
    written: { allowed: argv.w, dropped: argv.writeDropped, rest: argv.writeRest },
    workers:
      argv.workers === undefined ? undefined : wholeNumber(argv.workers, 'workers', 1, WORKERS_MAX),
    tracking: {
      midstream: argv.midstream,
      denied: argv.denied,
      historySeconds: wholeNumber(argv.history, 'history', 0, 1_000_000_000),
      related: argv.related,
      exempt: argv.exempt,
      autoTracked: argv.autoTracked,
      ...(argv.maxTracked === undefined
        ? {}
        : { maxTracked: wholeNumber(argv.maxTracked, 'max-tracked', 1, 1_000_000_000) }),
    },
  });
}
