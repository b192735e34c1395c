import type { Argv } from 'yargs';

/** Adds the options of `sgsim explain`. */
export function explainCommand(command: Argv) {
  return command
    .usage('$0 explain [CODE]\n\nTells what a code means, its usual cause, and what to do.')
    .positional('code', { type: 'string', describe: 'a code; all of them when left out' })
    .option('json', { type: 'boolean', default: false, describe: 'print JSON' })
    .example('$0 explain no-rule', 'a verdict code')
    .example('$0 explain', 'every code on a line');
}

/** Runs `sgsim explain`; returns the exit code. Throws InputError. */
export async function handleExplain(
  argv: Awaited<ReturnType<typeof explainCommand>['argv']>,
): Promise<number> {
  const { runExplain } = await import('./explain.js');
  return runExplain(argv);
}
