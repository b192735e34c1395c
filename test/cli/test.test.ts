// `sgsim test` as users run it: what it says, and its exit codes.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createFolder } from './folder.js';
import { checkSgsim } from './sgsim.js';
import { TINY_CAPTURE, TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('vpc.yaml', TINY_VPC);
folder.write('tiny.pcap', TINY_CAPTURE);
folder.write(
  'good.yaml',
  'pass: [tcp 203.0.113.7 > web:443]\ndrop: [tcp internet > web:22, tcp web > internet:443]\n',
);
folder.write('bad.yaml', 'drop:\n  - { flow: "tcp 203.0.113.7 > web:443", because: closed }\n');
folder.write(
  'capture.yaml',
  `capture:
  - something of tcp/443 from 203.0.113.0/24 reaches web
  - nothing from 198.51.100.9 reaches web
  - nothing of tcp/80 from internet reaches web
`,
);
folder.write('drops.yaml', 'capture: [no drops from web, nothing from internet reaches web]\n');
folder.write('none.yaml', 'capture: [something of tcp/80 reaches web]\n');
const VPC = ['--vpc', 'vpc.yaml'];
const CAPTURE = ['-r', 'tiny.pcap', ...VPC];

it('the README shows the example and its output as they are', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const readme = readFileSync(`${root}/README.md`, 'utf8');
  const [, file, command, answer] =
    /`fixtures\/demo\/expectations\.yaml`:\n\n```yaml\n([^`]*)```\n\n {4}npm start -- (test .*)\n\n```\n([^]*?\n)```/.exec(
      readme,
    ) ?? [];
  expect(readFileSync(`${root}/fixtures/demo/expectations.yaml`, 'utf8')).toBe(file);
  await checkSgsim(command!.split(' '), { stdout: answer!, status: 1 }, { cwd: root });
});

it('all hold', () =>
  folder.check(['test', 'good.yaml', ...VPC], { stdout: '3 expectations: 3 hold\n' }));

it('one that passes and must not names the rule, its line, and what takes it away', () =>
  folder.check(['test', 'bad.yaml', ...VPC], {
    status: 1,
    stdout: `FAIL  drop tcp 203.0.113.7 > web:443
  bad.yaml:2
because     closed
got         allow: rule-matches (rule) at eni-web (web) ingress
with        203.0.113.7 > web 10.0.1.20
why         tcp/443 from 203.0.113.0/24 (sgr-https in sg-web) allows it, and it
            opens a connection
rule        tcp/443 from 203.0.113.0/24: sgr-https of sg-web, vpc.yaml:6
fix         remove tcp/443 from 203.0.113.0/24 from the ingress rules of sg-web;
            what the rule allows besides is dropped then
  aws ec2 revoke-security-group-ingress --group-id sg-web --protocol tcp --port 443 --cidr 203.0.113.0/24

1 expectation: 1 fails
`,
  }));

it('statements about a capture', () =>
  folder.check(['test', 'capture.yaml', ...CAPTURE], {
    stdout: `note: capture.yaml:4: nothing of tcp/80 from internet reaches web: nothing in
  the capture is about it

3 expectations: 2 hold, 1 is about nothing
`,
  }));

it('statements that fail name frames', async () => {
  const { stdout, status } = await folder.run(['test', 'drops.yaml', ...CAPTURE]);
  expect(status).toBe(1);
  expect(stdout).toContain('got         dropped 1 packet in 1 of 1 flow\n');
  expect(stdout).toContain('frame 6: 10.0.1.20:40000 > 203.0.113.53:53 udp, drop no-rule at');
  expect(stdout).toContain('got         let through 3 packets in 1 of 3 flows\n');
  expect(stdout).toContain('frame 1: 203.0.113.7:51000 > 10.0.1.20:443 tcp, allow rule at');
});

it('any number of workers say the same', async () => {
  const one = await folder.run(['test', 'drops.yaml', ...CAPTURE, '--json', '--workers', '1']);
  const two = await folder.run(['test', 'drops.yaml', ...CAPTURE, '--json', '--workers', '2']);
  expect(two).toEqual(one);
});

it('a capture without what must be there fails; a filter leaves out what did not happen', async () => {
  const none = await folder.run(['test', 'none.yaml', ...CAPTURE]);
  expect(none.stdout).toContain('got         nothing in the capture is about it\n');
  expect(none.status).toBe(1);
  const left = await folder.run(['test', 'capture.yaml', ...CAPTURE, 'udp']);
  expect(left.status).toBe(1);
});

it('a capture that is read in part: exit code 3, unless one fails', async () => {
  const stdin = TINY_CAPTURE.subarray(0, TINY_CAPTURE.length - 5);
  const cut = await folder.run(['test', 'capture.yaml', '-r', '-', ...VPC], { stdin });
  expect(cut.status).toBe(3);
  expect(cut.stdout).toContain('3 expectations: 2 hold');
  expect(cut.stderr).toMatch(/^error\[capture-cut\] -: frame 8: .*what is said of captures covers/);
  const failed = await folder.run(['test', 'drops.yaml', '-r', '-', ...VPC], { stdin });
  expect(failed.status).toBe(1);
});

it.each([
  [
    'no file',
    [...VPC],
    'error[usage] no file of expectations is named; name it first: sgsim test FILE --vpc PATH\n',
  ],
  [
    'a missing file',
    ['nope.yaml', ...VPC],
    'error[no-file] nope.yaml: does not exist; check the path\n',
  ],
  [
    'no capture',
    ['none.yaml', ...VPC],
    'error[usage] none.yaml:1:11: capture[0]: it is about a capture, and there is none; name it: -r FILE\n',
  ],
  [
    'a needless capture',
    ['good.yaml', ...CAPTURE],
    'error[usage] -r: no expectation is about a capture; leave it out, or write what must hold under capture:\n',
  ],
  [
    'two formats',
    ['good.yaml', ...VPC, '--json', '--format', 'tap'],
    'error[usage] --json: and --format tap exclude each other; give one\n',
  ],
])('refused: %s', (_, args, stderr) => folder.check(['test', ...args], { stderr, status: 2 }));

it('form, names and both ends are told in one go, by line', () => {
  const file = folder.write(
    'wrong.yaml',
    'capture: [no drops to nobody]\npass:\n  - tcp wep > noone:1\n  - tcp web > db\n',
  );
  return folder.check(['test', file, ...CAPTURE], {
    status: 2,
    stderr: `error[flow] wrong.yaml:1:11: capture[0]: 'nobody' names no interface, instance or group of the VPC; write an address, or an id or name that the documents have
  no drops to nobody
              ^~~~~~
error[flow] wrong.yaml:3:5: pass[0]: 'wep' names no interface, instance or group of the VPC; did you mean web?
  tcp wep > noone:1
      ^~~
error[flow] wrong.yaml:3:5: pass[0]: 'noone' names no interface, instance or group of the VPC; write an address, or an id or name that the documents have
  tcp wep > noone:1
            ^~~~~
error[flow] wrong.yaml:4:5: pass[1]: tcp asks for a destination port; write it like db:443
  tcp web > db
            ^~
`,
  });
});
