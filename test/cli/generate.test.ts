import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  OFFICE,
  asked,
  capture,
  flowsOf,
  packetsOf,
  policyOf,
} from '../generate/generated-packets.js';
import { createFolder } from './folder.js';
import { SGSIM } from './sgsim.js';
import { TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('vpc.yaml', OFFICE);
folder.write('tiny.yaml', TINY_VPC);
const generate = (...args: string[]): string[] => ['generate', '--vpc', 'vpc.yaml', ...args];
const SMALL = ['--flows', '20', '--packets', '1000', '--size', '64-128', '--drop', '25'];
const bytesOf = (name: string): Buffer => readFileSync(join(folder.path, name));

/** What the options above stand for. */
const small = capture(
  policyOf(),
  asked({
    ...{ flows: 20, packets: 1000, concurrent: 10, sizes: { from: 64, to: 128 } },
    dropShare: 0.25,
  }),
);
const wire = packetsOf(small).reduce((sum, packet) => sum + packet.wire, 0);

describe('sgsim generate', () => {
  it('writes a capture that replay finds to be what generate said', async () => {
    const { stdout, stderr, status } = await folder.run(generate(...SMALL, '-w', 'made.pcap'));
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(bytesOf('made.pcap').equals(small)).toBe(true);
    expect(flowsOf(packetsOf(small))).toHaveLength(20);

    const replay = await folder.run([
      ...['replay', '-r', 'made.pcap', '--vpc', 'vpc.yaml', '--json'],
    ]);
    const { totals } = JSON.parse(replay.stdout) as {
      totals: Record<'allowed' | 'dropped' | 'notFiltered' | 'notJudged', Tally>;
    };
    const { allowed, dropped, notFiltered, notJudged } = totals;
    expect(notFiltered.packets + notJudged.packets).toBe(0);
    const line = ({ packets, flows }: Tally): string => `${packets} packets of ${flows} flows`;
    expect(stdout).toBe(
      `generated  1,000 packets of 20 flows, ${(wire / 1000).toFixed(1)} kB on the wire, written to made.pcap
allowed    ${line(allowed)}
dropped    ${line(dropped)}
`,
    );
    expect(Math.abs(dropped.packets - 250)).toBeLessThan(100);
  });

  it('--check judges every packet; --json tells programs', async () => {
    const { stdout, stderr, status } = await folder.run(generate(...SMALL, '--check', '--json'));
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const told = JSON.parse(stdout) as { allowed: Tally; dropped: Tally };
    expect(told).toEqual({
      version: 1,
      tool: 'sgsim',
      generated: { packets: 1000, bytes: wire, flows: 20 },
      allowed: { packets: 1000 - told.dropped.packets, flows: 20 - told.dropped.flows },
      dropped: told.dropped,
      written: null,
      checked: true,
    });
  });

  it.each([['port-scan'], ['syn-flood', '--drop', '30']])('checks a %s', async (...profile) => {
    const { stdout, stderr, status } = await folder.run(
      generate('--profile', ...profile, '--flows', '5000', '--check'),
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^generated {2}[\d,]+ packets of 5,000 flows, \d+ kB on the wire\n/);
    expect(stdout).toMatch(/\njudged {5}as expected, packet by packet\n$/);
  });

  it('-w -: to standard output, and the summary to standard error', () => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [SGSIM, ...generate(...SMALL, '-w', '-')],
      { cwd: folder.path },
    );
    expect(stdout.equals(small)).toBe(true);
    expect(stderr.toString()).toMatch(/^generated .*, written to standard output\nallowed .*\n/);
    expect(status).toBe(0);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const args = [SGSIM, ...generate('--packets', '1000000000', '-w', 'int.pcap')];
    const child = spawn(process.execPath, args, { cwd: folder.path, stdio: 'ignore' });
    const partial = join(folder.path, `int.pcap.${child.pid!}.partial`);
    try {
      while (!existsSync(partial) || statSync(partial).size < 2_000_000) await setTimeout(5);
      child.kill('SIGINT');
      const [code] = (await once(child, 'exit')) as [number | null];
      expect(code).toBe(130);
    } finally {
      child.kill('SIGKILL');
    }
    expect(folder.names().filter((name) => name.startsWith('int'))).toEqual([]);
  });
});

interface Tally {
  readonly packets: number;
  readonly flows: number;
}

describe('what cannot be is refused in one line', () => {
  const range = (option: string, least: number, most: number): string =>
    `usage] ${option}: is not in its range; give a number from ${least} to ${most}`;

  it.each<[readonly string[], string]>([
    [[], 'usage] -w: is missing; name a file to write, or give --check'],
    [
      ['--size', '59'],
      'usage] --size: "59" is no size of frames; give imix, or bytes from 60 to 1514',
    ],
    [
      ['--size', '90-80'],
      'usage] --size: "90-80" is no size of frames; give imix, or bytes from 60 to 1514',
    ],
    [
      ['-s', '64'],
      'usage] -s: is not a whole number in its range; give a number from 96 to 262144',
    ],
    [['--drop', '101'], range('--drop', 0, 100)],
    [['--ipv6', 'some'], range('--ipv6', 0, 100)],
    [['--rate', '9'], range('--rate', 10, 1e9)],
    [
      ['--protocols', 'gre:1'],
      'usage] --protocols: "gre:1" is no share; write it like tcp:75,udp:20,icmp:5',
    ],
    [['--protocols', 'tcp:0'], 'usage] --protocols: adds up to nothing; give one of them a share'],
    [
      ['--rate', '10', '--new-flows', '10'],
      'usage] --new-flows: tells the rate, as --rate does; leave one out',
    ],
    [
      ['--profile', 'port-scan', '--drop', '1'],
      'usage] --drop: means nothing to port-scan; leave it out',
    ],
    [['--packets', '10'], 'traffic] 10 packets are too few for 1000 flows; ask for 5750 at least'],
  ])('%j', async (args, expected) => {
    const output = args.length === 0 ? [] : ['-w', 'never.pcap'];
    await folder.check(generate(...args, ...output), { stderr: `error[${expected}\n`, status: 2 });
    expect(folder.names()).not.toContain('never.pcap');
  });

  it('flows that the VPC has not', () =>
    folder.check(['generate', '--vpc', 'tiny.yaml', '--ipv6', '10', '--check'], {
      stderr:
        'error[traffic] the VPC has no flow over IPv6; ask for other flows, or change its rules\n',
      status: 2,
    }));
});
