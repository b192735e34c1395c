#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { builtFile } from '../engine/built-file.js';
import { InputError, inputError } from '../model/diagnostic.js';
import { DEFAULT_TRACKING } from '../model/tracking.js';
import { printDiagnostics } from './console.js';
import { ec2Command } from './ec2-command.js';

const WORKERS_MAX = 64;
/** Options that take several values, as typed and as yargs spells them too. */
const LISTS: ReadonlySet<string> = new Set([
  ...['_', 'r', 'vpc', 'groups', 'group-ids', 'groupIds', 'group-names', 'groupNames'],
  ...['ip-permissions', 'ipPermissions', 'security-group-rule-ids', 'securityGroupRuleIds'],
]);

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads our output may stop at any time: `sgsim ... | head` is no error.
    if (error.code === 'EPIPE') process.exit(0);
    const fact = `cannot be written (${error.code ?? error.message})`;
    const fix = 'direct it elsewhere';
    printDiagnostics([{ severity: 'error', code: 'output', place: 'standard output', fact, fix }]);
    process.exit(2);
  });
}

try {
  await main(hideBin(process.argv));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  printDiagnostics(error.diagnostics);
  process.exitCode = 2;
}

async function main(args: readonly string[]): Promise<void> {
  await yargs(args)
    .scriptName('sgsim')
    .usage('$0 COMMAND\n\nWhat do these AWS VPC security groups do to this traffic?')
    .version(version())
    .command(
      'replay',
      'judge every packet of a capture and report what is allowed and dropped',
      (command) =>
        command
          .usage('$0 replay -r CAPTURE... --vpc PATH...')
          .option('r', {
            type: 'string',
            demandOption: true,
            requiresArg: true,
            describe: 'captures, merged by time; FILE@eni-... tells where; - for stdin',
          })
          .option('vpc', {
            type: 'string',
            array: true,
            demandOption: true,
            requiresArg: true,
            describe: 'folder or files: `aws ec2 describe-*` JSON or short YAML',
          })
          .option('vpc-id', {
            type: 'string',
            requiresArg: true,
            describe: 'match packets with the interfaces of this VPC only',
          })
          .option('events', {
            type: 'string',
            requiresArg: true,
            describe: 'YAML file of changes to the VPC while traffic flows',
          })
          .option('json', { type: 'boolean', default: false, describe: 'report as JSON' })
          .option('top', {
            type: 'number',
            default: 10,
            requiresArg: true,
            describe: 'longest list in the report',
          })
          .option('verdicts', {
            type: 'string',
            requiresArg: true,
            describe: 'write one JSON line per frame to this file, - for standard output',
          })
          .option('workers', {
            type: 'number',
            requiresArg: true,
            describe: 'threads that judge [default: one per core]',
          })
          .option('midstream', {
            choices: ['history', 'strict', 'pickup'] as const,
            default: DEFAULT_TRACKING.midstream,
            requiresArg: true,
            describe: 'TCP without its opening (CT-14)',
          })
          .option('denied', {
            choices: ['remember', 'forget'] as const,
            default: DEFAULT_TRACKING.denied,
            requiresArg: true,
            describe: 'packets that follow a denied opening (CT-25)',
          })
          .option('history', {
            type: 'number',
            default: DEFAULT_TRACKING.historySeconds,
            requiresArg: true,
            describe: 'seconds that an ended connection is remembered (CT-14)',
          })
          .option('related', {
            choices: ['all', 'pmtud', 'none'] as const,
            default: DEFAULT_TRACKING.related,
            requiresArg: true,
            describe: 'ICMP errors that pass because of a connection (CT-16)',
          })
          .option('exempt', {
            choices: ['addresses', 'services'] as const,
            default: DEFAULT_TRACKING.exempt,
            requiresArg: true,
            describe: 'what is not filtered: ranges, or services alone (NF-1)',
          })
          .option('auto-tracked', {
            choices: ['2026', '2023'] as const,
            default: DEFAULT_TRACKING.autoTracked,
            requiresArg: true,
            describe: 'edition of the list of always tracked paths (CT-7)',
          })
          .option('max-tracked', {
            type: 'number',
            requiresArg: true,
            describe: 'connections that an instance can track (CT-19) [default: any]',
          })
          .group(
            ['midstream', 'denied', 'history', 'related', 'exempt', 'auto-tracked', 'max-tracked'],
            'Where AWS is silent:',
          )
          .example('$0 replay -r web.pcap --vpc vpc/', 'AWS CLI JSON in a folder')
          .example('tcpdump -w - | $0 replay -r - --vpc vpc.yaml', 'as it is captured'),
      async (argv) => {
        const { runReplay } = await import('./replay.js');
        process.exitCode = await runReplay({
          // yargs makes a list of an option that is given twice.
          captures: [argv.r].flat(),
          vpc: argv.vpc,
          vpcId: argv.vpcId,
          events: argv.events,
          json: argv.json,
          top: wholeNumber(argv.top, 'top', 0, 1_000_000),
          verdicts: argv.verdicts,
          workers:
            argv.workers === undefined
              ? undefined
              : wholeNumber(argv.workers, 'workers', 1, WORKERS_MAX),
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
      },
    )
    .command('ec2', "edit a folder of VPC documents in the AWS CLI's words", ec2Command)
    .demandCommand(1, 'no command given')
    .strict()
    .wrap(80)
    .locale('en')
    .check(isGivenOnce)
    .fail((message, error) => {
      // yargs fills in `error` only when a handler threw, or itself did: then it is a fault of usage too.
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- see above
      throw error === undefined || error.name === 'YError' ? usageError(message) : error;
    })
    .parseAsync();
}

function usageError(message: string): InputError {
  const fact = message.trim().replaceAll(/\s*\n\s*/g, ' ');
  return inputError(
    'usage',
    '',
    fact.charAt(0).toLowerCase() + fact.slice(1),
    'see `sgsim --help`',
  );
}

/** Of an option that is given twice yargs makes a list. */
function isGivenOnce(argv: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(argv)) {
    if (!Array.isArray(value) || LISTS.has(name)) continue;
    const option = name.length === 1 ? `-${name}` : `--${name}`;
    throw inputError('usage', option, 'is given more than once', 'give it once');
  }
  return true;
}

function wholeNumber(value: number, option: string, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw inputError(
    'usage',
    `--${option}`,
    'is not a whole number in its range',
    `give a number from ${least} to ${most}`,
  );
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(builtFile('../package.json'), 'utf8')) as {
    version: string;
  };
  return text;
}
