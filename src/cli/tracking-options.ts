import { DEFAULT_TRACKING, type TrackingOptions } from '../model/tracking.js';
import { wholeNumber } from './number-option.js';

/** Options for what AWS does not tell, of every command that judges packets. */
export const TRACKING_OPTIONS = {
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

/** yargs' idea of the options. */
interface Given {
  readonly midstream: TrackingOptions['midstream'];
  readonly denied: TrackingOptions['denied'];
  readonly history: number;
  readonly related: TrackingOptions['related'];
  readonly exempt: TrackingOptions['exempt'];
  readonly autoTracked: TrackingOptions['autoTracked'];
  readonly maxTracked: number | undefined;
}

/** Throws InputError. */
export function readTracking(argv: Given): TrackingOptions {
  return {
    midstream: argv.midstream,
    denied: argv.denied,
    historySeconds: wholeNumber(argv.history, 'history', 0, 1_000_000_000),
    related: argv.related,
    exempt: argv.exempt,
    autoTracked: argv.autoTracked,
    ...(argv.maxTracked === undefined
      ? {}
      : { maxTracked: wholeNumber(argv.maxTracked, 'max-tracked', 1, 1_000_000_000) }),
  };
}
