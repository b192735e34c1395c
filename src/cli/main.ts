#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { builtFile } from '../engine/built-file.js';
import { InputError, inputError } from '../model/diagnostic.js';
import { printDiagnostics } from './console.js';
import { decodeCommand, handleDecode } from './decode-command.js';
import { ec2Command } from './ec2-command.js';
import { explainCommand, handleExplain } from './explain-command.js';
import { generateCommand, handleGenerate } from './generate-command.js';
import { handleReplay, replayCommand } from './replay-command.js';
import { handleState, stateCommand } from './state-command.js';
import { handleWhy, whyCommand } from './why-command.js';

/** Options that take several values, as typed and as yargs spells them too. */
const LISTS: ReadonlySet<string> = new Set([
  ...[
    '_',
    'filter',
    'r',
    'vni',
    'vpc',
    'groups',
    'group-ids',
    'groupIds',
    'group-names',
    'groupNames',
  ],
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
      'replay [filter..]',
      'judge every packet of a capture and report what is allowed and dropped',
      replayCommand,
      async (argv) => {
        process.exitCode = await handleReplay(argv);
      },
    )
    .command(
      'why [filter..]',
      'tell why packets are dropped or allowed, and what would change it',
      whyCommand,
      async (argv) => {
        process.exitCode = await handleWhy(argv);
      },
    )
    .command(
      'decode [filter..]',
      'print what is understood of each frame',
      decodeCommand,
      async (argv) => {
        process.exitCode = await handleDecode(argv);
      },
    )
    .command(
      'state [filter..]',
      'print the connection table at an instant',
      stateCommand,
      async (argv) => {
        process.exitCode = await handleState(argv);
      },
    )
    .command(
      'explain [code]',
      'tell what a code means and what to do',
      explainCommand,
      async (argv) => {
        process.exitCode = await handleExplain(argv);
      },
    )
    .command(
      'generate',
      'make up traffic of which the verdict is known',
      generateCommand,
      async (argv) => {
        process.exitCode = await handleGenerate(argv);
      },
    )
    .command('ec2', "edit a folder of VPC documents in the AWS CLI's words", ec2Command)
    .parserConfiguration({ 'parse-positional-numbers': false })
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

function version(): string {
  const { version: text } = JSON.parse(readFileSync(builtFile('../package.json'), 'utf8')) as {
    version: string;
  };
  return text;
}
