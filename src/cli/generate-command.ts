import type { Argv } from 'yargs';
import { inputError } from '../model/diagnostic.js';
import { readTraffic } from './traffic-arguments.js';
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
      seed: { type: 'number', default: 1, requiresArg: true, describe: 'another one, other flows' },
      profile: {
        choices: ['mixed', 'port-scan', 'syn-flood'],
        default: 'mixed',
        requiresArg: true,
        describe: 'what kind of traffic',
      },
      flows: { type: 'number', default: 1000, requiresArg: true, describe: 'how many' },
      packets: { type: 'number', requiresArg: true, describe: 'in all [default: 50 a flow]' },
      size: {
        type: 'string',
        requiresArg: true,
        describe: 'of frames with data: imix, 512 or 64-128 bytes [default: imix]',
      },
      s: { type: 'number', requiresArg: true, describe: 'keep so many bytes of a frame' },
      protocols: {
        type: 'string',
        requiresArg: true,
        describe: 'shares of the flows [default: tcp:75,udp:20,icmp:5]',
      },
      ipv6: { type: 'number', requiresArg: true, describe: 'percent of the flows [default: 25]' },
      drop: {
        type: 'number',
        requiresArg: true,
        describe: 'percent of the packets that must be dropped [default: 10]',
      },
      zipf: {
        type: 'number',
        requiresArg: true,
        describe: 'exponent of popularity: who talks with whom [default: 0]',
      },
      rate: {
        type: 'number',
        requiresArg: true,
        describe: 'packets per second of packet time [default: 100000]',
      },
      'new-flows': {
        type: 'number',
        requiresArg: true,
        describe: 'new flows per second of packet time, instead of --rate',
      },
    } as const)
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
