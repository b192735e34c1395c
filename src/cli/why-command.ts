import type { Argv } from 'yargs';
import {
  CAPTURE_OPTIONS,
  filterPositional,
  readCaptureOptions,
  splitPaths,
} from './capture-options.js';
import { inputError } from '../model/diagnostic.js';
import { wholeNumber } from './number-option.js';
import { TRACKING_OPTIONS, readTracking } from './tracking-options.js';
import { VPC_OPTIONS } from './vpc-options.js';
import { WORKERS_OPTION, readWorkers } from './workers-option.js';

/** Adds `sgsim why`. */
export function whyCommand(command: Argv) {
  return filterPositional(command)
    .usage(
      "$0 why -r CAPTURE... --vpc PATH... [--frame N | --dropped | FILTER]\n$0 why --vpc PATH... 'tcp 10.0.1.5 > 10.0.2.9:443'",
    )
    .positional('filter', {
      type: 'string',
      array: true,
      describe: 'with captures: packets that match, as for tcpdump; without: a flow',
    })
    .options({ ...CAPTURE_OPTIONS, r: { ...CAPTURE_OPTIONS.r, demandOption: false } } as const)
    .options(VPC_OPTIONS)
    .options({
      frame: {
        type: 'number',
        requiresArg: true,
        describe: 'explain this frame, numbered as --verdicts does',
      },
      dropped: {
        type: 'boolean',
        describe: 'explain all drops by cause, largest first [default with captures]',
      },
      top: {
        type: 'number',
        default: 10,
        requiresArg: true,
        describe: 'answers at most',
      },
      json: { type: 'boolean', default: false, describe: 'answers as JSON' },
    } as const)
    .options(WORKERS_OPTION)
    .options(TRACKING_OPTIONS)
    .group(Object.keys(TRACKING_OPTIONS), 'Where AWS is silent:')
    .example('$0 why -r web.pcap --vpc vpc/ --frame 48213', 'one packet')
    .example('$0 why -r web.pcap --vpc vpc/ host 10.0.1.5 and port 443', 'packets like these')
    .example("$0 why --vpc vpc/ 'tcp web > sg-db:5432'", 'nothing captured: would it pass?');
}

/** Runs `sgsim why`; returns the exit code. Throws InputError. */
export async function handleWhy(
  argv: Awaited<ReturnType<typeof whyCommand>['argv']>,
): Promise<number> {
  const { askAboutCaptures, askAboutFlow } = await import('./why.js');
  const { paths, words } = splitPaths(argv.vpc);
  const filter = [...words, ...(argv.filter ?? [])];
  const top = wholeNumber(argv.top, 'top', 1, 1_000_000);
  const frame =
    argv.frame === undefined ? undefined : wholeNumber(argv.frame, 'frame', 1, 2 ** 53 - 1);
  checkOneQuestion(argv.r !== undefined, frame, argv.dropped ?? false, filter.join(' '));
  const common = {
    ...{ vpc: paths, vpcId: argv.vpcId, events: argv.events, top, json: argv.json },
    tracking: readTracking(argv),
  };
  if (argv.r === undefined) return askAboutFlow({ ...common, question: filter.join(' ') });
  return askAboutCaptures({
    ...readCaptureOptions({ ...argv, r: argv.r, checksums: false, filter }),
    ...common,
    frame,
    workers: readWorkers(argv.workers),
  });
}

function checkOneQuestion(
  captured: boolean,
  frame: number | undefined,
  dropped: boolean,
  words: string,
): void {
  if (!captured) {
    if (frame !== undefined || dropped) {
      const option = dropped ? '--dropped' : '--frame';
      throw inputError(
        'usage',
        option,
        'asks about a capture, and there is none',
        'name it: -r FILE',
      );
    }
    if (words !== '') return;
    const fix = "name a capture with -r, or write a flow: 'tcp 10.0.1.5 > 10.0.2.9:443'";
    throw inputError('usage', '', 'nothing is asked about', fix);
  }
  const asked = [
    frame !== undefined && '--frame',
    dropped && '--dropped',
    words !== '' && 'a filter',
  ].filter((each) => each !== false);
  if (asked.length > 1) {
    const fact = `${asked.join(' and ')} are two questions`;
    throw inputError('usage', '', fact, 'ask one at a time');
  }
}
