import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { captureOf } from './capture.js';
import { createFolder } from './folder.js';
import { SGSIM } from './sgsim.js';
import { TINY_CAPTURE, TINY_VERDICTS, TINY_VPC, tinyReport } from './tiny.js';

const folder = createFolder();
folder.write('vpc.yaml', TINY_VPC);
folder.write('tiny.pcap', TINY_CAPTURE);
const replay = (...args: string[]): string[] => ['replay', '--vpc', 'vpc.yaml', ...args];
const tiny = (...args: string[]): string[] => replay('-r', 'tiny.pcap', ...args);

it.each(['1000', '20.5', 'max'])('--speed %s changes nothing but the pace', async (speed) => {
  await folder.check(tiny('--speed', speed, '--verdicts', '-'), {
    stdout: TINY_VERDICTS.join(''),
    stderr: tinyReport(),
  });
  const written = (...args: string[]): Buffer =>
    spawnSync(process.execPath, [SGSIM, ...tiny('-w', '-', ...args)], { cwd: folder.path }).stdout;
  const paced = written('--speed', speed);
  expect(paced.length).toBeGreaterThan(3 * 54);
  expect(paced.equals(written())).toBe(true);
});

it('what has come is told, though the next packet is an hour away; then it can be interrupted', async () => {
  folder.write(
    'slow.pcap',
    captureOf([0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S'], [3_600_000, 'arp']),
  );
  const args = replay('-r', 'slow.pcap', '--speed', '1', '--verdicts', '-', '-w', 'slow.pcapng');
  const child = spawn(process.execPath, [SGSIM, ...args], {
    cwd: folder.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(line.toString()).toBe(TINY_VERDICTS[0]);
    const ended = once(child, 'close');
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(folder.names().filter((name) => name.startsWith('slow.pcapng'))).toEqual([]);
  } finally {
    child.kill('SIGKILL');
  }
});

it.each(['0', '-1', 'fast', '10x'])('--speed %s is refused', (speed) =>
  folder.check(tiny('--speed', speed), {
    stderr: `error[usage] --speed: "${speed}" is no speed; give a number above 0, 1 for real time, or max\n`,
    status: 2,
  }),
);
