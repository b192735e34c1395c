import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createFolder } from './folder.js';
import { TINY_CAPTURE, TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('tiny.pcap', TINY_CAPTURE);
folder.write('vpc.yaml', TINY_VPC);
const TINY = ['replay', '-r', 'tiny.pcap', '--vpc', 'vpc.yaml'];

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

it('--version', () => folder.check(['--version'], { stdout: `${version}\n` }));

const HELP = `sgsim COMMAND

What do these AWS VPC security groups do to this traffic?

Commands:
  sgsim replay [filter..]   judge every packet of a capture and report what is
                            allowed and dropped
  sgsim why [filter..]      tell why packets are dropped or allowed, and what
                            would change it
  sgsim diff [filter..]     tell what a change of the VPC would do to captured
                            traffic
  sgsim suggest [filter..]  suggest the fewest rules that captured traffic needs
  sgsim agree [filter..]    tell where AWS's flow logs and our verdicts differ,
                            and why
  sgsim query [words..]     ask for packets, flows, rules and interfaces in SQL
  sgsim decode [filter..]   print what is understood of each frame
  sgsim state [filter..]    print the connection table at an instant
  sgsim explain [code]      tell what a code means and what to do
  sgsim generate            make up traffic of which the verdict is known
  sgsim bench               measure how fast generated traffic is judged, and
                            compare with an older run
  sgsim ec2                 edit a folder of VPC documents in the AWS CLI's
                            words

Options:
  --help     Show help                                                 [boolean]
  --version  Show version number                                       [boolean]
`;

it('--help', () => folder.check(['--help'], { stdout: HELP }));

it('replay --help names every option, in 80 columns, whatever the language', async () => {
  const { stdout, status } = await folder.run(['replay', '--help'], {
    env: { LC_ALL: 'de_DE.UTF-8' },
  });
  expect(status).toBe(0);
  const options = stdout.match(/^ +(-[a-z]|--[a-z-]+)/gm)?.map((option) => option.trim());
  expect(options?.sort()).toEqual(
    [
      '--auto-tracked',
      '--by',
      '--checksums',
      '--decap',
      '--denied',
      '--end',
      '--events',
      '--exempt',
      '--flow-log',
      '--flow-log-fields',
      '--flow-log-format',
      '--help',
      '--history',
      '--html',
      '--json',
      '--max-tracked',
      '--midstream',
      '--reader',
      '--related',
      '--rules',
      '--speed',
      '--start',
      '--top',
      '--verdicts',
      '--version',
      '--vni',
      '--vpc',
      '--vpc-id',
      '--workers',
      '--write-dropped',
      '--write-rest',
      '-c',
      '-n',
      '-r',
      '-w',
    ].sort(),
  );
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(stdout).toContain('Options:');
});

const usage = (fact: string): string => `usage] ${fact}; see \`sgsim --help\``;
const range = (option: string, least: number, most: number): string =>
  `usage] ${option}: is not a whole number in its range; give a number from ${least} to ${most}`;
const twice = (option: string): string => `usage] ${option}: is given more than once; give it once`;

it.each<[readonly string[], string]>([
  [[], usage('no command given')],
  [['explode'], usage('unknown argument: explode')],
  [['--bogus'], usage('no command given')],
  [[...TINY, '--bogus'], usage('unknown argument: bogus')],
  [[...TINY, '--bogus', '1', '--other'], usage('unknown arguments: bogus, other')],
  [['replay', '--vpc', 'vpc.yaml'], usage('missing required argument: r')],
  [['replay', '-r', 'tiny.pcap'], usage('missing required argument: vpc')],
  [['replay'], usage('missing required arguments: r, vpc')],
  [['replay', '-r', '--vpc', 'vpc.yaml'], usage('not enough arguments following: r')],
  [['replay', '-r', 'tiny.pcap', '--vpc'], usage('not enough arguments following: vpc')],
  ...['verdicts', 'top', 'workers', 'history', 'vpc-id', 'midstream', 'denied'].map(
    (name): [string[], string] => [
      [...TINY, `--${name}`],
      usage(`not enough arguments following: ${name}`),
    ],
  ),
  [
    ['replay', '-r', '-', '-r', '-', '--vpc', 'vpc.yaml'],
    'usage] -r: standard input is named twice; name it once',
  ],
  [[...TINY, '--events', 'a', '--events', 'b'], twice('--events')],
  [[...TINY, '--verdicts', 'a', '--verdicts', 'b'], twice('--verdicts')],
  [[...TINY, '--vpc-id', 'a', '--vpc-id', 'b'], twice('--vpc-id')],
  [[...TINY, '--top', '1', '--top', '2'], twice('--top')],
  [[...TINY, '--midstream', 'strict', '--midstream', 'pickup'], twice('--midstream')],
  ...['-1', '1.5', 'ten', '1000001', 'Infinity'].map((top): [string[], string] => [
    [...TINY, '--top', top],
    range('--top', 0, 1_000_000),
  ]),
  ...['0', '65', '1.5', 'all', '1e9'].map((workers): [string[], string] => [
    [...TINY, '--workers', workers],
    range('--workers', 1, 64),
  ]),
  [[...TINY, '--history', '-1'], range('--history', 0, 1_000_000_000)],
  [[...TINY, '--history', '1h'], range('--history', 0, 1_000_000_000)],
  [
    [...TINY, '--midstream', 'x'],
    usage(
      'invalid values: Argument: midstream, Given: "x", Choices: "history", "strict", "pickup"',
    ),
  ],
  [
    [...TINY, '--denied', 'x'],
    usage('invalid values: Argument: denied, Given: "x", Choices: "remember", "forget"'),
  ],
])('%j', (args, expected) => folder.check(args, { stderr: `error[${expected}\n`, status: 2 }));

it('help is ASCII, so that a text is as wide as it is long', async () => {
  const commands = [...HELP.matchAll(/^ {2}sgsim (\S+)/gm)].map(([, command]) => [command!]);
  for (const words of [[], ...commands]) {
    const { stdout } = await folder.run([...words, '--help']);
    expect(stdout).toMatch(/^[\n -~]+$/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  }
});
