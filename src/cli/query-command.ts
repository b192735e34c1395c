import type { Argv } from 'yargs';
import { inputError } from '../model/diagnostic.js';
import { CAPTURE_OPTIONS, readCaptureOptions, splitPaths } from './capture-options.js';
import { TRACKING_OPTIONS, readTracking } from './tracking-options.js';
import { VPC_OPTIONS } from './vpc-options.js';
import { WORKERS_OPTION, readWorkers } from './workers-option.js';

/** Adds `sgsim query`. */
export function queryCommand(command: Argv) {
  return command
    .usage("$0 query -r CAPTURE... --vpc PATH... 'STATEMENT' [FILTER]")
    .positional('words', {
      type: 'string',
      array: true,
      describe: 'one SQL statement, in quotes; then only packets that match: as for replay',
    })
    .options(CAPTURE_OPTIONS)
    .options(VPC_OPTIONS)
    .options({
      json: { type: 'boolean', default: false, describe: 'print JSON' },
      csv: { type: 'boolean', default: false, describe: 'print comma-separated values' },
    } as const)
    .options(WORKERS_OPTION)
    .options(TRACKING_OPTIONS)
    .group(Object.keys(TRACKING_OPTIONS), 'Where AWS is silent:')
    .example(
      "$0 query -r web.pcap --vpc vpc/ 'select code, count(*) from packets group by 1'",
      'packets by code',
    )
    .example("$0 query -r web.pcap --vpc vpc/ 'describe flows'", 'what there is to ask for');
}

/** Runs `sgsim query`; returns the exit code. Throws InputError. */
export async function handleQuery(
  argv: Awaited<ReturnType<typeof queryCommand>['argv']>,
): Promise<number> {
  const { runQuery } = await import('./query.js');
  if (argv.json && argv.csv) {
    throw inputError('usage', '--json', 'cannot be had with --csv', 'choose one of them');
  }
  const { paths, words } = splitPaths(argv.vpc);
  const { statement, filter } = splitWords(words, argv.words ?? []);
  return runQuery({
    ...readCaptureOptions({ ...argv, checksums: false, filter }),
    vpc: paths,
    vpcId: argv.vpcId,
    events: argv.events,
    statement,
    format: argv.json ? 'json' : argv.csv ? 'csv' : 'text',
    workers: readWorkers(argv.workers),
    tracking: readTracking(argv),
  });
}

/** The statement is the first word, of those behind the VPC's paths or elsewhere on the line: whichever were there first. */
function splitWords(
  behindPaths: readonly string[],
  elsewhere: readonly string[],
): { statement: string; filter: string[] } {
  const isBehind = behindPaths.length > 0 && (elsewhere.length === 0 || !isSql(elsewhere[0]!));
  const words = isBehind ? [...behindPaths, ...elsewhere] : [...elsewhere, ...behindPaths];
  const [statement = '', ...filter] = words;
  if (/\w/u.test(statement)) return { statement, filter };
  const example = "'select code, count(*) from packets group by 1'";
  throw inputError('usage', 'query', 'no statement is given', `write one like ${example}`);
}

/** Filters have no such words in front. */
const isSql = (word: string): boolean =>
  /^[\s(]*(select|with|from|describe|show|summarize|pivot|unpivot|values|table|explain)\b/iu.test(
    word,
  );
