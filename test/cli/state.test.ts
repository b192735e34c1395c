import { describe, expect, it } from 'vitest';
import { captureOf } from './capture.js';
import { createFolder } from './folder.js';
import { TINY_CAPTURE, TINY_VPC } from './tiny.js';

const folder = createFolder();
folder.write('tiny.pcap', TINY_CAPTURE);
folder.write('vpc.yaml', TINY_VPC);
const TINY = ['state', '-r', 'tiny.pcap', '--vpc', 'vpc.yaml'];

const head = (time: string, where: string): string =>
  `connections at 2023-11-14T22:13:${time}, ${where}\n`;

/** Of the handshake in frames 1 to 3, 54 bytes each, that ends at 0.2 s. */
const connection = (opened: string, silent: string): string =>
  `  203.0.113.7:51000 > 10.0.1.20:443 tcp ESTABLISHED, opened ingress
    opened ${opened} ago in frame 1 by sgr-https
    silent ${silent} left; 2 packets (108 B), 1 back (54 B)
`;

describe('the table as text', () => {
  it('after a frame', () =>
    folder.check([...TINY, '--at', '3'], {
      stdout: `${head('20.200000Z (+0.2 s)', 'after frame 3')}
eni-web (web): 1 connection
${connection('200 ms', '0 ns, 5 d 0 h')}`,
    }));

  it('CT-20: after the first frame, whose answer has not come', () =>
    folder.check([...TINY, '--at', '1'], {
      stdout: `${head('20.000000Z (+0 s)', 'after frame 1')}
eni-web (web): 1 connection
  203.0.113.7:51000 > 10.0.1.20:443 tcp SYN_SENT, opened ingress
    opened 0 ns ago in frame 1 by sgr-https
    silent 0 ns, 2 min 0 s left; 1 packet (54 B), 0 back (0 B)
`,
    }));

  it.each(['+1.2s', '2023-11-14T22:13:21.2Z', '1700000001.2'])('at a time: %s', (at) =>
    folder.check([...TINY, '--at', at], {
      stdout: `${head('21.200000Z (+1.2 s)', 'after frame 4')}
eni-web (web): 1 connection
  besides: 1 denied opening (CT-25)
${connection('1.2 s', '1 s, 4 d 23 h')}`,
    }),
  );

  it('ten digits are a time', () =>
    folder.check([...TINY, '--at', '1700000000'], {
      stdout: expect.stringContaining('SYN_SENT') as string,
    }));

  it('CT-25: denied openings until they are over, after the last frame too', async () => {
    const besides = async (at: string) =>
      /besides: .*/.exec((await folder.run([...TINY, '--at', at])).stdout)?.[0];
    expect(await besides('8')).toBe('besides: 3 denied openings (CT-25)');
    // UDP after 30 s, TCP after 120 s.
    expect(await besides('+31.999s')).toBe('besides: 3 denied openings (CT-25)');
    expect(await besides('+32s')).toBe('besides: 2 denied openings (CT-25)');
    expect(await besides('+121.4s')).toBe('besides: 1 denied opening (CT-25)');
    expect(await besides('+121.5s')).toBeUndefined();
  });

  it('CT-14: an ended connection is remembered', () =>
    folder.check([...TINY, '--at', '+432000.2s'], {
      stdout: `connections at 2023-11-19T22:13:20.200000Z (+432,000.2 s), after frame 8

eni-web (web): 0 connections
  besides: 1 ended connection (CT-14)
`,
    }));

  it('before the first packet there is none', () =>
    folder.check([...TINY, '--at', '2023-11-14T22:13:19.9Z'], {
      stdout: `${head('19.900000Z (-0.1 s)', 'before the first packet')}
no interface remembers anything
`,
    }));

  it.each(['eni-web', 'web'])('of one interface: %s', (eni) =>
    folder.check([...TINY, '--at', '2023-11-14T22:13:19.9Z', '--eni', eni], {
      stdout: `${head('19.900000Z (-0.1 s)', 'before the first packet')}
eni-web (web): 0 connections
`,
    }),
  );

  it('of what a filter leaves, by the numbers of all frames', () =>
    folder.check([...TINY, '--at', '6', 'udp'], {
      stdout: `${head('22.000000Z (+2 s)', 'after frame 6')}
eni-web (web): 0 connections
  besides: 1 denied opening (CT-25)
`,
    }));

  it('CT-8: the rule may be gone', () => {
    folder.write('events.yaml', '- { at: +1s, revoke: { sg-web: [sgr-https] } }\n');
    const by = 'sgr-https, which is no rule of eni-web any more';
    return folder.check([...TINY, '--events', 'events.yaml', '--at', '+1s'], {
      stdout: `${head('21.000000Z (+1 s)', 'after frame 4')}
eni-web (web): 1 connection
  besides: 1 denied opening (CT-25)
${connection('1 s', '800 ms, 4 d 23 h').replace('sgr-https', by)}`,
    });
  });
});

describe('the table for programs', () => {
  it('--json', async () => {
    const { stdout, stderr, status } = await folder.run([...TINY, '--at', '+1.2s', '--json']);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      tool: 'sgsim',
      at: { timeNs: '1700000001200000000', offsetNs: '1200000000', frame: 4 },
      interfaces: [
        {
          ...{ eni: 'eni-web', name: 'web', connections: 1 },
          besides: { ended: 0, denied: 1, untracked: 0, firstFragments: 0 },
        },
      ],
      connections: [
        {
          ...{ kind: 'connection', eni: 'eni-web' },
          flow: {
            ...{ local: '10.0.1.20', remote: '203.0.113.7', protocol: 6 },
            ...{ localPort: 443, remotePort: 51_000, query: null, datagram: null },
          },
          ...{ state: 'ESTABLISHED', original: 'ingress', rule: 'sgr-https', code: null },
          ...{ lastSeenNs: '1700000000200000000', idleSeconds: 432_000, wasEstablished: true },
          ...{ turns: 0, lastWasOriginal: false },
          account: {
            ...{ createdNs: '1700000000000000000', createdFrame: 1 },
            original: { packets: 2, bytes: 108 },
            reply: { packets: 1, bytes: 54 },
          },
          ...{ ageNs: '1200000000', silentNs: '1000000000', expiresInNs: '431999000000000' },
          ruleHolds: true,
        },
      ],
    });
  });

  const TUPLES =
    'src=203.0.113.7 dst=10.0.1.20 sport=51000 dport=443 packets=2 bytes=108 ' +
    'src=10.0.1.20 dst=203.0.113.7 sport=443 dport=51000 packets=1 bytes=54';

  it('--conntrack, with the interface where it is not told', async () => {
    const line = `tcp      6 431999 ESTABLISHED ${TUPLES} [ASSURED] mark=0 use=1`;
    const args = [...TINY, '--at', '8', '--conntrack'];
    const stdout = `${line.replace('431999', '431996')} eni=eni-web\n`;
    await folder.check(args, { stdout });
    await folder.check([...TINY, '--at', '+0.3s', '--conntrack', '--eni', 'web'], {
      stdout: `${line}\n`,
    });
    await folder.check([...TINY, '--at', '2023-11-14T22:13:19Z', '--conntrack'], { stdout: '' });
  });
});

it('is the same for any number of workers', async () => {
  const demo = new URL('../../fixtures/demo/', import.meta.url).pathname;
  const args = ['state', '-r', `${demo}capture.pcap`, '--vpc', `${demo}vpc`, '--at', '+30s'];
  const one = await folder.run([...args, '--workers', '1']);
  expect(one.stdout).toContain('eni-0c9a8b7d6e5f40312 (web): 33 connections\n');
  expect(await folder.run([...args, '--workers', '2'])).toEqual(one);
  expect(Math.max(...one.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

describe('a damaged capture', () => {
  const whole = captureOf(
    [0, '203.0.113.7:51000 > 10.0.1.20:443 tcp S'],
    [1000, '10.0.1.20:443 > 203.0.113.7:51000 tcp SA'],
    [2000, '203.0.113.7:51000 > 10.0.1.20:443 tcp A'],
  );
  folder.write('cut.pcap', whole.subarray(0, -10));
  const cut = ['state', '-r', 'cut.pcap', '--vpc', 'vpc.yaml'];
  const said =
    'error[capture-cut] cut.pcap: frame 3: the record is cut off after 60 bytes; the table covers the frames before it\n';
  const after = expect.stringMatching(
    /after frame 2\n\neni-web \(web\): 1 connection\n.*SYN_RECV/s,
  ) as string;

  it.each(['3', '9', '+2s'])('before the instant %s', (at) =>
    folder.check([...cut, '--at', at], { stdout: after, stderr: said, status: 3 }),
  );

  it('at the instant or behind it', () => folder.check([...cut, '--at', '2'], { stdout: after }));
});

describe('is refused', () => {
  const time = 'write it like +12s, 2026-11-23T21:48:00Z or 1700000000.25';
  it.each([
    [
      ['--at', '9'],
      'tiny.pcap: frame 9 is not among its 8 packets; name an earlier one, or a time',
    ],
    [['--at', '0'], '--at: frames are numbered from 1; name a frame or a time'],
    [['--at', '-1'], `--at: "-1" is no time; ${time}`],
    [['--at', 'noon'], `--at: "noon" is no time; ${time}`],
    [['--at', '3', '-c', '2'], '-c: ends the replay, as --at does; leave it out'],
    [
      ['--at', '3', '--json', '--conntrack'],
      '--json: cannot be had with --conntrack; choose one of them',
    ],
    [
      ['--at', '3', '--eni', 'eni-wbe'],
      '--eni: no interface has the id or name "eni-wbe"; did you mean eni-web?',
    ],
    [
      ['--at', '3', '--eni', 'zzzzzz'],
      '--eni: no interface has the id or name "zzzzzz"; name one like eni-web',
    ],
    [[], 'missing required argument: at; see `sgsim --help`'],
    [['--at'], 'not enough arguments following: at; see `sgsim --help`'],
  ])('%j', (args, said) =>
    folder.check([...TINY, ...args], {
      stderr: `error[usage] ${said}\n`,
      status: 2,
    }),
  );

  it('a name that two interfaces have', () => {
    folder.write(
      'twins.yaml',
      `${TINY_VPC}  eni-too: { name: web, subnet: subnet-a, addresses: [10.0.1.21], groups: [sg-web] }\n`,
    );
    const args = ['state', '-r', 'tiny.pcap', '--vpc', 'twins.yaml', '--at', '3', '--eni', 'web'];
    return folder.check(args, {
      stderr:
        'error[usage] --eni: "web" is the name of 2 interfaces; name one of eni-web, eni-too\n',
      status: 2,
    });
  });
});
