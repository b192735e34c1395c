import { inputError } from '../model/diagnostic.js';
import { readFlowLogRequest } from './flow-log-options.js';
import type { OutputRequest } from './replay-output.js';

/** yargs' idea of the options that ask for files. */
type Given = Parameters<typeof readFlowLogRequest>[0] & {
  readonly verdicts: string | undefined;
  readonly by: 'packet' | 'flow' | undefined;
  readonly html: string | undefined;
};

/** Files that are written besides the report, each of which brings what it needs when it is asked for. Throws InputError. */
export async function readRequests(argv: Given): Promise<OutputRequest[]> {
  return [...(await verdictsOf(argv)), ...pageOf(argv), ...readFlowLogRequest(argv)];
}

async function verdictsOf({ verdicts, by }: Given): Promise<OutputRequest[]> {
  if (verdicts === undefined) {
    if (by === undefined) return [];
    throw inputError('usage', '--by', 'there is no --verdicts', 'name a file with --verdicts');
  }
  const { verdictsRequest } = await import('./verdicts-output.js');
  return [verdictsRequest(verdicts, by ?? 'packet')];
}

function pageOf({ html }: Given): OutputRequest[] {
  if (html === undefined) return [];
  return [
    {
      name: html,
      open: async (output, timelineOf) =>
        (await import('./html-output.js')).htmlOutput(output, timelineOf),
    },
  ];
}
