#!/usr/bin/env node
import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { InputError, inputError } from '../model/diagnostic.js';
import { COMMANDS } from './commands.js';
import { printDiagnostics } from './console.js';
import { version } from './version.js';

/** Options that take several values, as typed and as yargs spells them too. */
const LISTS: ReadonlySet<string> = new Set([
  ...[
    '_',
    'filter',
    'words',
    'r',
    'vni',
    'vpc',
    'before',
    'after',
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
  // yargs throws for faults of usage too.
  const fault =
    error instanceof Error && error.name === 'YError' ? usageError(error.message) : error;
  if (!(fault instanceof InputError)) throw error;
  printDiagnostics(fault.diagnostics);
  process.exitCode = 2;
}
for (const stream of [process.stdout, process.stderr]) await written(stream);
// A program that ends of itself first waits for code that was still being optimised, some 40 ms of it.
setImmediate(() => process.exit());

async function main(args: readonly string[]): Promise<void> {
  const parser = yargs(args)
    .scriptName('sgsim')
    .usage('$0 COMMAND\n\nWhat do these AWS VPC security groups do to this traffic?')
    .version(version());
  for (const { words, text, load } of COMMANDS) {
    parser.command(
      words,
      text,
      async (command) => (await load()).options(command),
      async (argv) => {
        const { run } = await load();
        if (run !== undefined) process.exitCode = await run(argv);
      },
    );
  }
  sparingHelp(parser);
  await parser
    .parserConfiguration({ 'parse-positional-numbers': false })
    .demandCommand(1, 'no command given')
    .strict()
    .wrap(80)
    .locale('en')
    .check(isGivenOnce)
    .fail((message, error) => {
      // yargs fills in `error` only when a handler threw, or itself did.
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- see above
      throw error ?? usageError(message);
    })
    .parseAsync();
}

/** yargs makes the help of every command that it runs, in case the handler shows it: ours do not. */
function sparingHelp(parser: Argv): void {
  const inside = (parser as unknown as YargsInside).getInternalMethods();
  inside.getUsageInstance().cacheHelpMessage = () => undefined;
}

interface YargsInside {
  getInternalMethods(): { getUsageInstance(): { cacheHelpMessage: () => void } };
}

/** When a stream has handed on all that was written to it; that it could not is told within the turn. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
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
