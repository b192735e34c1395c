import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createFolder } from './folder.js';
import { TINY_CAPTURE, TINY_VPC, tinyReport } from './tiny.js';

const folder = createFolder();
const CAPTURE = folder.write('tiny.pcap', TINY_CAPTURE);
folder.write('vpc.yaml', TINY_VPC);
const replay = (...args: string[]): string[] => [
  'replay',
  '-r',
  CAPTURE,
  '--vpc',
  'vpc.yaml',
  ...args,
];

describe('replay --html', () => {
  it('writes the page, and the report as ever', async () => {
    await folder.check(replay('--html', 'report.html'), { stdout: tinyReport() });
    expect(folder.names()).toContain('report.html');
    const page = folder.read('report.html');
    expect(page.slice(0, 40)).toMatch(/^<!doctype html>\s*<html lang="en">/);
    expect(page.slice(-20)).toMatch(/<\/html>\s*$/);
    expect(/<h1>.*<\/h1>/.exec(page)?.[0]).toBe('<h1>3 of 8 packets are dropped</h1>');
  });

  it('writes it to standard output when asked, and the report elsewhere', async () => {
    const page = folder.read('report.html');
    const run = await folder.run(replay('--html', '-'));
    expect(run.stdout === page).toBe(true);
    expect(run.stderr).toBe(tinyReport());
  });

  it('writes the same for any number of workers', async () => {
    const demo = fileURLToPath(new URL('../../fixtures/demo', import.meta.url));
    const captures = ['http4', 'dns', 'ssh', 'ping', 'unreachable'].flatMap((name) => [
      '-r',
      join(demo, '..', 'captures', `${name}.pcap`),
    ]);
    const pages = ['1', '3'].map((workers) =>
      // What comes from a pipe has no size, and is judged by as many as are asked for.
      folder.run(
        [
          'replay',
          ...captures,
          '-r',
          '-',
          '--vpc',
          join(demo, 'vpc'),
          '--workers',
          workers,
          '--html',
          '-',
        ],
        { stdin: TINY_CAPTURE },
      ),
    );
    const [one, three] = await Promise.all(pages);
    expect(one!.status).toBe(0);
    expect(three!.stdout === one!.stdout).toBe(true);
  });

  it('says so when a capture could be read in part only', async () => {
    folder.write('cut.pcap', TINY_CAPTURE.subarray(0, TINY_CAPTURE.length - 5));
    const { status } = await folder.run(
      replay('--html', 'cut.html').map((arg) => (arg === CAPTURE ? 'cut.pcap' : arg)),
    );
    expect(status).toBe(3);
    const [banner = ''] =
      /<div class="banner"[^]*?<\/div>\s*<\/div>/.exec(folder.read('cut.html')) ?? [];
    const text = banner
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
    expect(text).toBe(
      'Partial report. Reading cut.pcap stopped at frame 8: the record is cut off after 53 bytes. ' +
        'What follows covers that part only.',
    );
  });

  it('leaves no file behind when there is nothing to tell', async () => {
    folder.write('none.pcap', 'no capture at all');
    const args = replay('--html', 'none.html').map((arg) => (arg === CAPTURE ? 'none.pcap' : arg));
    expect((await folder.run(args)).status).toBe(2);
    expect(folder.names().filter((name) => name.startsWith('none.html'))).toEqual([]);
  });

  it('refuses a file that it cannot write, and one that it reads', async () => {
    await folder.check(replay('--html', 'no/such/folder.html'), {
      status: 2,
      stderr:
        'error[output-file] no/such/folder.html: cannot be written (ENOENT); name a file in a folder that you may write to\n',
    });
    await folder.check(replay('--html', CAPTURE), {
      status: 2,
      stderr: 'error[usage] tiny.pcap: is read and is to be written; name another file\n',
    });
  });
});
