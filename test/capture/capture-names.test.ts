import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { captureFile } from '../../src/capture/capture-file.js';
import { expandCaptures } from '../../src/capture/capture-names.js';
import { globNames } from '../../src/capture/glob.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { InputError, renderDiagnostic } from '../../src/model/diagnostic.js';
import { readAll } from './streams.js';

const root = mkdtempSync(join(tmpdir(), 'sgsim-'));
afterAll(() => rmSync(root, { recursive: true }));

const pcap = encodePcap([{ timeNs: 1_700_000_000_000_000_000n, bytes: new Uint8Array(60) }]);
const write = (name: string, bytes: Uint8Array | string): void => {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), bytes);
};
const at = (name: string): string => join(root, name);

for (const name of ['ring/c.pcap10', 'ring/c.pcap2', 'ring/.hidden.pcap', 'ring/deeper/no.pcap']) {
  write(name, pcap);
}
write('ring/c.pcap1', gzipSync(pcap));
write('ring/notes.txt', 'what the ring is about');
write('ring/new', '');
write('ring/[odd].pcap', pcap);
write('web@eni-1', pcap);
write('other/a.pcap', pcap);
write('texts/a.txt', 'some text');
write('texts/b.txt', 'more text');
mkdirSync(at('empty'));

async function expanded(...names: string[]): Promise<{ names: string[]; skipped: string[] }> {
  const { captures, skipped } = await expandCaptures(names.map(at));
  return {
    names: captures.map(({ name, takenAt }) =>
      [name.replace(`${root}/`, ''), ...(takenAt === undefined ? [] : [takenAt])].join(' at '),
    ),
    skipped: skipped.map((diagnostic) => renderDiagnostic(diagnostic).replaceAll(`${root}/`, '')),
  };
}

async function failure(...names: string[]): Promise<string> {
  try {
    await expanded(...names);
  } catch (error) {
    if (error instanceof InputError) return error.message.replaceAll(`${root}/`, '');
    throw error;
  }
  return 'no error';
}

const RING = ['ring/[odd].pcap', 'ring/c.pcap1', 'ring/c.pcap10', 'ring/c.pcap2'];
const SKIPPED = [
  'warning[capture-empty] ring/new: left out: the file is empty; capture again, or name another file',
  'warning[capture-format] ring/notes.txt: left out: text is not a capture; ' +
    'record a capture with `tcpdump -w FILE`',
];

describe('a folder stands for the captures in it', () => {
  it('by name, without what is hidden or deeper; what is none is told', async () =>
    expect(await expanded('ring')).toEqual({ names: RING, skipped: SKIPPED }));

  it('all taken at an interface', async () =>
    expect((await expanded('ring@eni-7')).names).toEqual(RING.map((name) => `${name} at eni-7`)));

  it('without captures is an error', async () => {
    const fix = 'name a capture file, or a folder with captures';
    expect(await failure('empty')).toBe(
      `error[capture-file] empty: the folder holds no files; ${fix}`,
    );
    expect(await failure('texts')).toBe(
      'error[capture-file] texts: the folder holds no captures: texts/a.txt, ' +
        `text is not a capture, and 1 more; ${fix}`,
    );
  });
});

describe('a pattern stands for the files that match', () => {
  it.each([
    ['ring/c.pcap*', RING.slice(1)],
    ['ring/c.pcap?', ['ring/c.pcap1', 'ring/c.pcap2']],
    ['ring/c.pcap[2-9]', ['ring/c.pcap2']],
    ['*/*.pcap', ['other/a.pcap', 'ring/[odd].pcap']],
    ['ring/.*.pcap', ['ring/.hidden.pcap']],
    ['ring/c.pcap1*@eni-5', ['ring/c.pcap1 at eni-5', 'ring/c.pcap10 at eni-5']],
  ])('%s', async (pattern, names) =>
    expect(await expanded(pattern)).toEqual({ names, skipped: [] }),
  );

  it('unless a file has that very name', async () =>
    expect((await expanded('ring/[odd].pcap')).names).toEqual(['ring/[odd].pcap']));

  it('and tells those that are no captures', async () =>
    expect((await expanded('ring/*')).skipped).toEqual(SKIPPED));

  it.each(['none/*.pcap', 'emp*', 'ring/x[a'])('%s matches nothing: an error', async (pattern) =>
    expect(await failure(pattern)).toBe(
      `error[capture-file] ${pattern}: the pattern matches no files; ` +
        'name a capture file, or a folder with captures',
    ),
  );

  it('matches as a shell does', () => {
    const names = (pattern: string): string[] =>
      globNames(at(pattern)).map((name) => name.replace(`${root}/`, ''));
    expect(names('ring/[!c]*')).toEqual([
      'ring/[odd].pcap',
      'ring/deeper',
      'ring/new',
      'ring/notes.txt',
    ]);
    expect(names('ring/[[]odd].pcap')).toEqual(['ring/[odd].pcap']);
    expect(names('ring//c.pcap1')).toEqual(['ring/c.pcap1']);
    expect(names('other/../ring/*.pcap2')).toEqual(['ring/c.pcap2']);
    expect(names('web?eni-*')).toEqual(['web@eni-1']);
  });

  it('takes no time to fail', () => {
    write(`long/${'a'.repeat(200)}`, pcap);
    expect(globNames(at(`long/${'*a'.repeat(60)}b`))).toEqual([]);
  });
});

describe('other names stay', () => {
  it('in their order, standard input among them', async () => {
    const { captures } = await expandCaptures([
      at('other/a.pcap'),
      '-',
      '-@eni-9',
      at('ring/c.pcap2'),
    ]);
    expect(captures.map(({ name, takenAt }) => [name, takenAt])).toEqual([
      [at('other/a.pcap'), undefined],
      ['-', undefined],
      ['-', 'eni-9'],
      [at('ring/c.pcap2'), undefined],
    ]);
  });

  it('a file whose name looks like one taken at an interface', async () =>
    expect((await expanded('web@eni-1', 'web*')).names).toEqual(['web@eni-1', 'web@eni-1']));

  it('a missing file is told when it is opened', async () => {
    const { captures } = await expandCaptures([at('none.pcap')]);
    expect(() => captures[0]!.open()).toThrow(/none.pcap: no such file/);
  });
});

describe('a capture that is not open yet', () => {
  it.each(['ring/c.pcap2', 'ring/c.pcap1'])(
    '%s shows its beginning, and is read whole',
    async (name) => {
      const file = captureFile(at(name));
      expect(Buffer.from(await file.firstBytes(40)).equals(pcap.subarray(0, 40))).toBe(true);
      expect(await file.firstBytes(4000)).toHaveLength(pcap.length);
      for (let opened = 0; opened < 2; opened++) {
        const source = file.open();
        expect((await readAll(source)).equals(pcap)).toBe(true);
        source.close();
      }
    },
  );

  it('a pipe shows its beginning, and is read whole, once', async () => {
    const fifo = at('fifo');
    spawnSync('mkfifo', [fifo]);
    const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', at('ring/c.pcap1'), fifo]);
    const file = captureFile(fifo);
    expect(file.size).toBeUndefined();
    expect(Buffer.from(await file.firstBytes(10)).equals(pcap.subarray(0, 10))).toBe(true);
    expect(Buffer.from(await file.firstBytes(40)).equals(pcap.subarray(0, 40))).toBe(true);
    const source = file.open();
    expect((await readAll(source, 7)).equals(pcap)).toBe(true);
    source.close();
    writer.kill();
  });
});
