import { parseFlowLogFormat } from '../documents/flow-log-format.js';
import { DEFAULT_FLOW_LOG_FIELDS } from '../model/flow-log-field.js';
import { inputError } from '../model/diagnostic.js';
import type { OutputRequest } from './replay-output.js';

/** Options for what interfaces let pass and deny, as VPC flow logs tell it. */
export const FLOW_LOG_OPTIONS = {
  'flow-log': {
    type: 'string',
    requiresArg: true,
    describe: 'write VPC flow log records (.gz: gzip), - for standard output',
  },
  'flow-log-fields': {
    type: 'string',
    requiresArg: true,
    describe: "fields of its records, as AWS takes them: '${version} ${srcaddr} ...'",
  },
  'flow-log-format': {
    choices: ['text', 'parquet'],
    requiresArg: true,
    describe: 'its format; by its name unless told: .parquet, else text',
  },
} as const;

/** yargs' idea of the options. */
interface Given {
  readonly flowLog: string | undefined;
  readonly flowLogFields: string | undefined;
  readonly flowLogFormat: 'text' | 'parquet' | undefined;
}

/** The flow log that is asked for, if one is. Throws InputError. */
export function readFlowLogRequest(argv: Given): OutputRequest[] {
  const { flowLog: name, flowLogFields: format, flowLogFormat } = argv;
  if (name === undefined) {
    const option = format === undefined ? flowLogFormat && 'format' : 'fields';
    if (option === undefined) return [];
    const fact = 'tells of a flow log, and none is to be written';
    throw inputError('usage', `--flow-log-${option}`, fact, 'name its file: --flow-log FILE');
  }
  const fields =
    format === undefined
      ? DEFAULT_FLOW_LOG_FIELDS
      : parseFlowLogFormat([format].flat().join(' '), '--flow-log-fields');
  const parquet = (flowLogFormat ?? (/\.parquet$/iu.test(name) ? 'parquet' : 'text')) === 'parquet';
  return [
    {
      name,
      open: async (output, timelineOf) => {
        const { openFlowLog } = await import('./flow-log-output.js');
        const encoding = parquet ? 'parquet' : /\.gz$/iu.test(name) ? 'gzip' : 'text';
        return openFlowLog(output, timelineOf, fields, encoding);
      },
    },
  ];
}
