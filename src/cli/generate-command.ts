import type { Argv } from 'yargs';
import { inputError } from '../model/diagnostic.js';
import { readTraffic } from './traffic-arguments.js';
import { TRAFFIC_OPTIONS } from './traffic-options.js';
import { VPC_OPTIONS } from './vpc-options.js';

/** Adds `sgsim generate`. */
export function generateCommand(command: Argv) {
  return command
    .usage('$0 generate --vpc PATH... -w FILE\n\nMakes up traffic of which the verdict is known.')
    .options({
      vpc: VPC_OPTIONS.vpc,
      'vpc-id': VPC_OPTIONS['vpc-id'],
      w: { type: 'string', requiresArg: true, describe: 'write this pcap file, - for stdout' },
      check: {
        type: 'boolean',
        default: false,
        describe: 'judge it, and compare every packet with what must come of it',
      },
      json: { type: 'boolean', default: false, describe: 'print JSON' },
    } as const)
    .options(TRAFFIC_OPTIONS)
    .example('$0 generate --vpc vpc/ -w made.pcap', '50,000 packets of all kinds')
    .example('$0 generate --vpc vpc/ --profile port-scan --check', 'is every probe judged right?');
}

/** Runs `sgsim generate`; returns the exit code. Throws InputError. */
export async function handleGenerate(
  argv: Awaited<ReturnType<typeof generateCommand>['argv']>,
): Promise<number> {
  const { runGenerate } = await import('./generate.js');
  const { vpc, vpcId, w: name, check, json } = argv;
  if (name === undefined && !check) {
    throw inputError('usage', '-w', 'is missing', 'name a file to write, or give --check');
  }
  return runGenerate({
    vpc,
    vpcId,
    events: undefined,
    name,
    check,
    json,
    traffic: readTraffic(argv),
  });
}
