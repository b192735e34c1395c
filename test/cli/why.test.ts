// What `sgsim why` takes for a question, and what it says when there is nothing to answer.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { captureOf } from './capture.js';
import { createFolder } from './folder.js';
import { checkSgsim } from './sgsim.js';
import { TINY_CAPTURE, TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('vpc.yaml', TINY_VPC);
folder.write('tiny.pcap', TINY_CAPTURE);
folder.write('allowed.pcap', captureOf([0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S']));
folder.write('empty.pcap', captureOf());
const VPC = ['--vpc', 'vpc.yaml'];
const ASK = ['why', '-r', 'tiny.pcap', ...VPC];

const refusals: readonly (readonly [name: string, args: readonly string[], stderr: string])[] = [
  [
    'no question',
    ['why', ...VPC],
    "error[usage] nothing is asked about; name a capture with -r, or write a flow: 'tcp 10.0.1.5 > 10.0.2.9:443'\n",
  ],
  [
    'a frame of no capture',
    ['why', ...VPC, '--frame', '3'],
    'error[usage] --frame: asks about a capture, and there is none; name it: -r FILE\n',
  ],
  [
    'drops of no capture',
    ['why', ...VPC, '--dropped'],
    'error[usage] --dropped: asks about a capture, and there is none; name it: -r FILE\n',
  ],
  [
    'two questions',
    [...ASK, '--frame', '3', 'tcp'],
    'error[usage] --frame and a filter are two questions; ask one at a time\n',
  ],
  [
    'three questions',
    [...ASK, '--frame', '3', '--dropped', 'tcp'],
    'error[usage] --frame and --dropped and a filter are two questions; ask one at a time\n',
  ],
  [
    'a frame that is not there',
    [...ASK, '--frame', '9'],
    'error[frame] tiny.pcap: frame 9 is not among its 8 packets; frames are numbered from 1, and options such as --start leave some out\n',
  ],
  [
    'a frame that was left out',
    [...ASK, '--frame', '8', '-c', '3'],
    'error[frame] tiny.pcap: frame 8 is not among its 3 packets; frames are numbered from 1, and options such as --start leave some out\n',
  ],
  [
    'frame 0',
    [...ASK, '--frame', '0'],
    'error[usage] --frame: is not a whole number in its range; give a number from 1 to 9007199254740991\n',
  ],
  [
    'a filter that is none',
    [...ASK, 'prot', 'tcp'],
    "error[filter] filter expression: 'prot' is no word of the filter language\n  prot tcp\n  ^~~~\n",
  ],
];

it.each(refusals)('%s', (_, args, stderr) => folder.check(args, { stderr, status: 2 }));

it('nothing was dropped', () =>
  folder.check(['why', '-r', 'allowed.pcap', ...VPC], {
    stdout: 'nothing was dropped of 1 packet\n',
  }));

it('no packets', () =>
  folder.check(['why', '-r', 'empty.pcap', ...VPC], { stdout: 'there are no packets\n' }));

it('a filter that matches nothing', () =>
  folder.check([...ASK, 'port', '81'], { stdout: 'the filter matches none of 8 packets\n' }));

it('json is a list of no answers then', async () => {
  const { stdout, status } = await folder.run([...ASK, '--json', 'port', '81']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, answers: [] });
});

it('a capture that is damaged is answered up to there, with exit code 3', async () => {
  const { stdout, stderr, status } = await folder.run(['why', '-r', '-', ...VPC], {
    stdin: TINY_CAPTURE.subarray(0, TINY_CAPTURE.length - 5),
  });
  expect(status).toBe(3);
  expect(stdout).toContain('no-rule');
  expect(stderr).toMatch(/^error\[capture-damaged\]|^error\[/);
});

it('a filter tells what is answered, not what happened: a reply is tracked all the same', async () => {
  const { stdout } = await folder.run([...ASK, '--json', 'src', 'host', '10.0.1.20']);
  const { answers } = JSON.parse(stdout) as { answers: { code: string }[] };
  expect(answers.map(({ code }) => code).sort()).toEqual(['no-rule', 'tracked']);
});

it('drops by cause part what the report counts', async () => {
  const { stdout } = await folder.run([...ASK, '--dropped', '--json']);
  const { answers } = JSON.parse(stdout) as { answers: { share: { packets: number } }[] };
  expect(answers.reduce((sum, { share }) => sum + share.packets, 0)).toBe(3);
});

it('the README shows its first answer as it is', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const readme = readFileSync(`${root}/README.md`, 'utf8');
  const [, section] = readme.split('## Why was this dropped?');
  const [, command, answer] = /npm start -- (why .*)\n\n```\n([^`]*)```/.exec(section!) ?? [];
  await checkSgsim(command!.split(' '), { stdout: answer! }, { cwd: root });
});
