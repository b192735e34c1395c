import { expect, it } from 'vitest';
import { createFolder } from './folder.js';
import { TINY_CAPTURE } from './tiny.js';

// Clears the screen, sets the title, reverses the text direction, ends the line: none may reach a terminal.
const EVIL = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\r\n\u2028\u007f';
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const folder = createFolder();
// A file name holds anything but `/` and NUL; these characters are UTF-8 in it.
const CAPTURE = folder.write(`${EVIL}.pcap`, TINY_CAPTURE);
const VPC = folder.write(
  `${EVIL}.json`,
  JSON.stringify({
    [`Key${EVIL}`]: EVIL,
    Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
    SecurityGroups: [
      {
        GroupId: `sg-${EVIL}`,
        GroupName: `web${EVIL}`,
        Description: EVIL,
        VpcId: 'vpc-1',
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: 443,
            ToPort: 443,
            IpRanges: [{ CidrIp: '203.0.113.0/24', Description: EVIL }],
            PrefixListIds: [{ PrefixListId: `pl-${EVIL}` }],
            UserIdGroupPairs: [{ GroupId: `sg-other${EVIL}` }],
          },
        ],
        IpPermissionsEgress: [],
      },
    ],
    NetworkInterfaces: [
      {
        NetworkInterfaceId: `eni-${EVIL}`,
        VpcId: 'vpc-1',
        InterfaceType: 'interface',
        Description: EVIL,
        TagSet: [{ Key: 'Name', Value: `web${EVIL}` }],
        PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.20', Primary: true }],
        Groups: [{ GroupId: `sg-${EVIL}` }],
      },
    ],
  }),
);
const GOOD = folder.write(
  'good.yaml',
  'groups: { sg-a: {} }\ninterfaces: { eni-a: { addresses: [10.0.1.20], groups: [sg-a] } }\n',
);
const replay = (...args: string[]): string[] => ['replay', '-r', CAPTURE, '--vpc', VPC, ...args];

it.each<[string, readonly string[], number]>([
  ['text report', replay(), 0],
  ['JSON report', replay('--json'), 0],
  ['difference', ['diff', '-r', CAPTURE, '--vpc', VPC, '--vpc', GOOD], 1],
  ['difference as JSON', ['diff', '-r', CAPTURE, '--vpc', GOOD, '--vpc', VPC, '--json'], 1],
  ['verdicts', replay('--verdicts', '-'), 0],
  ['HTML report', replay('--html', '-'), 0],
  ['name of a capture that is missing', ['replay', '-r', EVIL, '--vpc', GOOD], 2],
  ['name of a capture that is none', ['replay', '-r', VPC, '--vpc', GOOD], 2],
  ['name of a VPC that is missing', ['replay', '-r', CAPTURE, '--vpc', EVIL], 2],
  ['name of a VPC that is none', ['replay', '-r', CAPTURE, '--vpc', CAPTURE], 2],
  ['content of a VPC', ['replay', '-r', CAPTURE, '--vpc', VPC, '--vpc-id', EVIL], 2],
  ['name of a verdict file', replay('--verdicts', `none/${EVIL}`), 2],
  ['command', [EVIL], 2],
  ['option', replay(`--${EVIL}`), 2],
  ['choice', replay('--midstream', EVIL), 2],
  ['number', replay('--top', EVIL), 2],
])('escape sequences do not get through: %s', async (_, args, status) => {
  const run = await folder.run(args);
  expect(run.status, run.stderr).toBe(status);
  expect(run.stdout + run.stderr).not.toMatch(UNSAFE);
  if (status === 2) expect(run.stdout).toBe('');
  if (status === 2) expect(run.stderr).toMatch(/^error\[[^\n]*\n$/);
});

it('names that hold them are told by what is left of them', async () => {
  const { stdout } = await folder.run(replay());
  expect(stdout).toContain('\ufffd[2J\ufffd]0;owned');
  const { stdout: json } = await folder.run(replay('--json'));
  expect(JSON.parse(json)).toMatchObject({
    captures: [{ name: CAPTURE }],
    byInterface: [{ eni: `eni-${EVIL}` }, { eni: `eni-${EVIL}` }],
  });
});
