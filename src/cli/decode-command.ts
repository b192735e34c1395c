import type { Argv } from 'yargs';
import { CAPTURE_OPTIONS, filterPositional, readCaptureOptions } from './capture-options.js';

/** Adds `sgsim decode`. */
export function decodeCommand(command: Argv) {
  return filterPositional(command)
    .usage('$0 decode -r CAPTURE... [FILTER]')
    .options(CAPTURE_OPTIONS)
    .options({
      decap: {
        type: 'string',
        default: 'none',
        requiresArg: true,
        describe: 'tunnels to peel: vxlan,geneve,gre,ipip; auto: mirrored traffic; none',
      },
      json: { type: 'boolean', default: false, describe: 'a JSON object per frame' },
    } as const)
    .example('$0 decode -r web.pcap -c 20', 'a quick look')
    .example('$0 decode -r mirror.pcap --decap vxlan udp port 4789', 'what was mirrored');
}

/** Runs `sgsim decode`; returns the exit code. Throws InputError. */
export async function handleDecode(
  argv: Awaited<ReturnType<typeof decodeCommand>['argv']>,
): Promise<number> {
  const { runDecode } = await import('./decode.js');
  return runDecode({ ...readCaptureOptions({ ...argv, checksums: false }), json: argv.json });
}
