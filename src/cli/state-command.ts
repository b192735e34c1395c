import type { Argv } from 'yargs';
import {
  CAPTURE_OPTIONS,
  filterPositional,
  readCaptureOptions,
  readInstant,
  splitPaths,
} from './capture-options.js';
import { inputError } from '../model/diagnostic.js';
import type { ReplayEnd } from '../replay/selection.js';
import { WORKERS_OPTION, readWorkers } from './workers-option.js';
import { TRACKING_OPTIONS, readTracking } from './tracking-options.js';
import { VPC_OPTIONS } from './vpc-options.js';

/** Adds `sgsim state`. */
export function stateCommand(command: Argv) {
  return filterPositional(command)
    .usage('$0 state -r CAPTURE... --vpc PATH... --at TIME|FRAME [FILTER]')
    .options(CAPTURE_OPTIONS)
    .options(VPC_OPTIONS)
    .options({
      at: {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'after the frame of this number, or a time: +12s, 2026-11-23T21:48:00Z',
      },
      eni: { type: 'string', requiresArg: true, describe: 'one interface, by its id or name' },
      json: { type: 'boolean', default: false, describe: 'print JSON' },
      conntrack: {
        type: 'boolean',
        default: false,
        describe: 'print lines as `conntrack -L` does on Linux',
      },
    } as const)
    .options(WORKERS_OPTION)
    .options(TRACKING_OPTIONS)
    .group(Object.keys(TRACKING_OPTIONS), 'Where AWS is silent:')
    .example('$0 state -r web.pcap --vpc vpc/ --at 1000', 'after frame 1000')
    .example('$0 state -r web.pcap --vpc vpc/ --at +12s --eni web', 'at one interface');
}

/** Runs `sgsim state`; returns the exit code. Throws InputError. */
export async function handleState(
  argv: Awaited<ReturnType<typeof stateCommand>['argv']>,
): Promise<number> {
  const { runState } = await import('./state.js');
  const { paths, words } = splitPaths(argv.vpc);
  if (argv.json && argv.conntrack) {
    throw inputError('usage', '--json', 'cannot be had with --conntrack', 'choose one of them');
  }
  if (argv.c !== undefined) {
    throw inputError('usage', '-c', 'ends the replay, as --at does', 'leave it out');
  }
  return runState({
    ...readCaptureOptions({
      ...argv,
      checksums: false,
      filter: [...words, ...(argv.filter ?? [])],
    }),
    vpc: paths,
    vpcId: argv.vpcId,
    events: argv.events,
    at: readAt(argv.at),
    eni: argv.eni,
    format: argv.json ? 'json' : argv.conntrack ? 'conntrack' : 'text',
    workers: readWorkers(argv.workers),
    tracking: readTracking(argv),
  });
}

/** Whole numbers below a billion are frames: times since 1970 have ten digits, or a dot. */
function readAt(text: string): ReplayEnd {
  if (!/^\d{1,9}$/.test(text)) return readInstant('--at', text);
  const frame = Number(text);
  if (frame > 0) return { kind: 'frame', frame };
  throw inputError('usage', '--at', 'frames are numbered from 1', 'name a frame or a time');
}
