import { existsSync } from 'node:fs';
import type { Argv } from 'yargs';
import { parseInstant } from '../documents/instant.js';
import {
  type Decapsulation,
  type DecodingOptions,
  type MirroredNetwork,
  TUNNELS,
  type Tunnel,
} from '../model/decoding.js';
import { inputError } from '../model/diagnostic.js';
import type { Instant } from '../model/edit.js';
import type { ReaderName } from '../replay/open-reader.js';
import type { Selection } from '../replay/selection.js';
import { wholeNumber } from './number-option.js';

/** Which frames of which captures, and how they are decoded. */
export interface CaptureArguments {
  /** As the user named them. */
  readonly captures: readonly string[];
  readonly count: number | undefined;
  readonly start: Instant | undefined;
  readonly end: Instant | undefined;
  /** In pcap-filter's syntax; empty for all. */
  readonly filter: string;
  readonly decoding: DecodingOptions;
  readonly reader: ReaderName;
}

/** Options of every command that reads captures. */
export const CAPTURE_OPTIONS = {
  r: {
    type: 'string',
    demandOption: true,
    requiresArg: true,
    describe: 'captures, folders or globs, merged by time; FILE@eni-... tells where; - for stdin',
  },
  c: { type: 'number', requiresArg: true, describe: 'stop after so many packets' },
  start: {
    type: 'string',
    requiresArg: true,
    describe: 'leave out what is earlier: 2026-11-23T21:48:00Z, 1795470480.5, +12s',
  },
  end: { type: 'string', requiresArg: true, describe: 'leave out this time and later' },
  vni: {
    type: 'string',
    requiresArg: true,
    describe: '42=eni-...: what VXLAN 42 carries was mirrored at that interface',
  },
  reader: {
    choices: ['kernel', 'pcap-parser'],
    default: 'kernel',
    requiresArg: true,
    describe: 'what takes the capture apart; pcap-parser: a slow second opinion',
  },
  n: { type: 'boolean', describe: 'accepted for the sake of fingers: no name is ever looked up' },
} as const;

/** The words behind the options: `[filter..]` in a command's name. */
export function filterPositional(command: Argv): Argv<{ filter: string[] | undefined }> {
  return command.positional('filter', {
    type: 'string',
    array: true,
    describe: 'only packets that match: pcap-filter syntax, as for tcpdump',
  });
}

/** yargs' idea of the options: a list where one is given twice. */
interface Given {
  readonly r: string;
  readonly c: number | undefined;
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly decap: string;
  readonly vni: string | undefined;
  readonly checksums: boolean | undefined;
  readonly reader: ReaderName;
  readonly filter: string[] | undefined;
}

/** Throws InputError. */
export function readCaptureOptions(argv: Given): CaptureArguments {
  return {
    captures: [argv.r].flat(),
    count: argv.c === undefined ? undefined : wholeNumber(argv.c, 'c', 1, 2 ** 53 - 1),
    start: argv.start === undefined ? undefined : readInstant('--start', argv.start),
    end: argv.end === undefined ? undefined : readInstant('--end', argv.end),
    filter: (argv.filter ?? []).join(' '),
    decoding: {
      decap: readDecap(argv.decap),
      networks: argv.vni === undefined ? [] : readNetworks([argv.vni].flat()),
      checksums: argv.checksums ?? false,
    },
    reader: argv.reader,
  };
}

/** What names a document even where it is not there. */
const DOCUMENT = /\.(json|ya?ml)$/iu;

/** The paths at the front of an option that takes several, and the filter that follows them. */
export function splitPaths(values: readonly string[]): { paths: string[]; words: string[] } {
  const isPath = (value: string): boolean => DOCUMENT.test(value) || existsSync(value);
  const count = values.findIndex((value, i) => i > 0 && !isPath(value));
  return count === -1
    ? { paths: [...values], words: [] }
    : { paths: values.slice(0, count), words: values.slice(count) };
}

/** Which frames are wanted and how they are read, as a replay is told. */
export function readingOf({
  count,
  start,
  end,
  filter,
  reader,
  decoding,
}: CaptureArguments): Selection & Pick<CaptureArguments, 'reader' | 'decoding'> {
  return {
    ...{ reader, decoding },
    ...(count === undefined ? {} : { most: count }),
    ...(start === undefined ? {} : { from: start }),
    ...(end === undefined ? {} : { to: end }),
    ...(filter === '' ? {} : { filter }),
  };
}

/** The instant that an option names. Throws InputError. */
export function readInstant(option: string, text: string): Instant {
  const instant = parseInstant(text);
  if ('kind' in instant) return instant;
  throw inputError('usage', option, instant.fact, instant.fix);
}

function readDecap(text: string): Decapsulation {
  if (text === 'auto') return 'auto';
  if (text === 'none') return [];
  const names = text.split(',');
  const unknown = names.find((name) => !(TUNNELS as readonly string[]).includes(name));
  if (unknown === undefined) return names as Tunnel[];
  const fix = `name some of ${TUNNELS.join(',')}, or auto, or none`;
  throw inputError('usage', '--decap', `${JSON.stringify(unknown)} is not peeled`, fix);
}

/** A VXLAN network identifier has 24 bits (RFC 7348 section 5). */
const VNI_MAX = 0xff_ffff;

function readNetworks(texts: readonly string[]): MirroredNetwork[] {
  const networks = texts.map(readNetwork);
  const numbers = networks.map(({ vni }) => vni);
  const twice = numbers.find((vni, i) => numbers.indexOf(vni) !== i);
  if (twice === undefined) return networks;
  throw inputError('usage', '--vni', `${twice} is told twice`, 'tell one interface for a number');
}

function readNetwork(text: string): MirroredNetwork {
  const [, number, eni] = /^(\d{1,8})=(eni-[^@/\s]+)$/.exec(text) ?? [];
  const vni = Number(number);
  if (eni !== undefined && vni <= VNI_MAX) return { vni, eni };
  throw inputError(
    'usage',
    '--vni',
    `${JSON.stringify(text)} does not tell an interface`,
    'write it like 42=eni-0123',
  );
}
