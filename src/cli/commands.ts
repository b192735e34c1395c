import type { Argv } from 'yargs';

/** A command: what `sgsim --help` says of it, and the rest of it, which is loaded when it is asked for. */
export interface Command {
  /** Its name and positional arguments, as yargs writes them. */
  readonly words: string;
  readonly text: string;
  readonly load: () => Promise<LoadedCommand>;
}

export interface LoadedCommand {
  /** Adds its usage and options. */
  readonly options: (command: Argv) => Argv;
  /** Runs it; gives the exit code. Throws InputError. Absent where commands of its own stand below it. */
  readonly run?: (argv: unknown) => Promise<number>;
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    words: 'replay [filter..]',
    text: 'judge every packet of a capture and report what is allowed and dropped',
    load: async () => {
      const { replayCommand, handleReplay } = await import('./replay-command.js');
      return loaded(replayCommand, handleReplay);
    },
  },
  {
    words: 'why [filter..]',
    text: 'tell why packets are dropped or allowed, and what would change it',
    load: async () => {
      const { whyCommand, handleWhy } = await import('./why-command.js');
      return loaded(whyCommand, handleWhy);
    },
  },
  {
    words: 'diff [filter..]',
    text: 'tell what a change of the VPC would do to captured traffic',
    load: async () => {
      const { diffCommand, handleDiff } = await import('./diff-command.js');
      return loaded(diffCommand, handleDiff);
    },
  },
  {
    words: 'suggest [filter..]',
    text: 'suggest the fewest rules that captured traffic needs',
    load: async () => {
      const { suggestCommand, handleSuggest } = await import('./suggest-command.js');
      return loaded(suggestCommand, handleSuggest);
    },
  },
  {
    words: 'agree [filter..]',
    text: "tell where AWS's flow logs and our verdicts differ, and why",
    load: async () => {
      const { agreeCommand, handleAgree } = await import('./agree-command.js');
      return loaded(agreeCommand, handleAgree);
    },
  },
  {
    words: 'query [words..]',
    text: 'ask for packets, flows, rules and interfaces in SQL',
    load: async () => {
      const { queryCommand, handleQuery } = await import('./query-command.js');
      return loaded(queryCommand, handleQuery);
    },
  },
  {
    words: 'decode [filter..]',
    text: 'print what is understood of each frame',
    load: async () => {
      const { decodeCommand, handleDecode } = await import('./decode-command.js');
      return loaded(decodeCommand, handleDecode);
    },
  },
  {
    words: 'state [filter..]',
    text: 'print the connection table at an instant',
    load: async () => {
      const { stateCommand, handleState } = await import('./state-command.js');
      return loaded(stateCommand, handleState);
    },
  },
  {
    words: 'explain [code]',
    text: 'tell what a code means and what to do',
    load: async () => {
      const { explainCommand, handleExplain } = await import('./explain-command.js');
      return loaded(explainCommand, handleExplain);
    },
  },
  {
    words: 'generate',
    text: 'make up traffic of which the verdict is known',
    load: async () => {
      const { generateCommand, handleGenerate } = await import('./generate-command.js');
      return loaded(generateCommand, handleGenerate);
    },
  },
  {
    words: 'bench',
    text: 'measure how fast generated traffic is judged, and compare with an older run',
    load: async () => {
      const { benchCommand, handleBench } = await import('./bench-command.js');
      return loaded(benchCommand, handleBench);
    },
  },
  {
    words: 'ec2',
    text: "edit a folder of VPC documents in the AWS CLI's words",
    load: async () => ({ options: (await import('./ec2-command.js')).ec2Command }),
  },
];

/** A command that is given what yargs makes of the arguments by its options. */
function loaded<T>(
  options: (command: Argv) => Argv<T>,
  run: (argv: Awaited<Argv<T>['argv']>) => Promise<number>,
): LoadedCommand {
  return { options, run: run as NonNullable<LoadedCommand['run']> };
}
