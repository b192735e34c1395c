// Ctrl-C ends reading; what was read so far is told, and said to be partial.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../src/generate/pcap.js';
import { frameOf } from './capture.js';
import { createFolder } from './folder.js';
import { SGSIM } from './sgsim.js';
import { TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('vpc.yaml', TINY_VPC);
const FRAMES = 20_000;
const { bytes } = frameOf(0, '203.0.113.7:51000 > 10.0.1.20:22 tcp S');
const LONG = encodePcap(
  Array.from({ length: FRAMES }, (_, i) => ({ timeNs: BigInt(i) * 1_000_000n, bytes })),
);
folder.write('long.pcap', LONG);

const SAID =
  /^warning\[interrupted\] -: interrupted after (\d+) packets; .* covers those, and no file was written\n$/;

/** Runs a command on a capture that comes and then stops coming, and interrupts it. */
async function interrupt(command: string, ...args: string[]) {
  const child = spawn(process.execPath, [SGSIM, command, '-r', '-', '--vpc', 'vpc.yaml', ...args], {
    cwd: folder.path,
    stdio: 'pipe',
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  }
  try {
    child.stdin.on('error', () => {});
    // Without its end: reading waits for more of it.
    child.stdin.write(LONG.subarray(0, LONG.length - 7));
    const ended = once(child, 'close') as Promise<[number | null]>;
    while (child.stdin.writableLength > 0) await setTimeout(10);
    await setTimeout(300);
    child.kill('SIGINT');
    const [status] = await ended;
    return { ...output, status };
  } finally {
    child.kill('SIGKILL');
  }
}

const packetsOf = (stderr: string): number => Number(SAID.exec(stderr)?.[1] ?? -1);

describe('an interrupt', () => {
  it.each(['1', '2'])('of replay prints the report so far, %s workers', async (workers) => {
    const run = await interrupt('replay', '--json', '--workers', workers, '-w', 'gone.pcapng');
    expect(run.status).toBe(130);
    const packets = packetsOf(run.stderr);
    expect(packets).toBeGreaterThan(1000);
    expect(packets).toBeLessThan(FRAMES);
    const report = JSON.parse(run.stdout) as Report;
    const args = ['replay', '-r', 'long.pcap', '--vpc', 'vpc.yaml', '--json', '-c', `${packets}`];
    const whole = JSON.parse((await folder.run(args)).stdout) as Report;
    expect(report.interrupted).toBe(true);
    expect(whole.interrupted).toBe(false);
    expect(report.totals).toEqual(whole.totals);
    expect(folder.names()).toEqual(['long.pcap', 'vpc.yaml']);
  });

  it('says so in the text, too', async () => {
    const { stdout, status } = await interrupt('replay');
    expect(status).toBe(130);
    expect(stdout).toContain(
      '  partial: interrupted while reading; what follows covers the packets so far\n',
    );
    expect(stdout).toContain('\nassumptions\n');
  });

  it('of why answers for the packets so far', async () => {
    const { stdout, stderr, status } = await interrupt('why');
    expect(status).toBe(130);
    expect(packetsOf(stderr)).toBeGreaterThan(1000);
    expect(stdout).toMatch(/^DROP {2}port-not-allowed/);
  });

  it('of diff compares the packets so far', async () => {
    folder.write('after.yaml', TINY_VPC.replace('tcp/443 from', 'tcp/22 from'));
    const { stdout, stderr, status } = await interrupt('diff', '--vpc', 'after.yaml');
    expect(status).toBe(130);
    const packets = packetsOf(stderr);
    expect(packets).toBeGreaterThan(1000);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      `(${packets.toLocaleString('en')} packets) partial: not everything was read`,
    );
  });

  it('of state prints the table so far', async () => {
    const { stdout, stderr, status } = await interrupt('state', '--at', '+1h');
    expect(status).toBe(130);
    expect(packetsOf(stderr)).toBeGreaterThan(1000);
    expect(stdout).toContain('eni-web');
  });

  it('before the first packet tells nothing', async () => {
    const child = spawn(process.execPath, [SGSIM, 'replay', '-r', '-', '--vpc', 'vpc.yaml'], {
      cwd: folder.path,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let told = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (told += text.toString()));
    const ended = once(child, 'close');
    await setTimeout(600);
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(told).toBe('');
  });
});

interface Report {
  readonly interrupted: boolean;
  readonly totals: unknown;
}
