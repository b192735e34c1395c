import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDocuments } from '../../src/documents/files.js';
import { errorsOf } from './loading.js';

let root: string;
const at = (...names: string[]): string => join(root, ...names);
const isRoot = process.getuid?.() === 0;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sgsim-files-'));
  mkdirSync(at('vpc', 'b', 'deeper'), { recursive: true });
  mkdirSync(at('empty', '.git'), { recursive: true });
  writeFileSync(at('vpc', 'c.yaml'), 'c');
  writeFileSync(at('vpc', 'a.json'), '\uFEFFa');
  writeFileSync(at('vpc', 'notes.txt'), 'not read');
  writeFileSync(at('vpc', '.hidden.json'), 'not read');
  writeFileSync(at('vpc', 'b', 'deeper', 'd.YML'), 'd');
  writeFileSync(at('empty', '.git', 'a.json'), '{}');
  writeFileSync(at('binary.json'), Uint8Array.of(0x7b, 0x80, 0x7d));
  writeFileSync(at('zeros.json'), Uint8Array.of(0x7b, 0, 0x7d));
  writeFileSync(at('powershell.json'), Buffer.from('\uFEFF{}', 'utf16le'));
  writeFileSync(at('secret.json'), '{}');
  chmodSync(at('secret.json'), 0);
  symlinkSync(at('vpc'), at('vpc', 'b', 'loop'));
  symlinkSync(at('nowhere'), at('vpc', 'dangling.json'));
});

afterAll(() => rmSync(root, { recursive: true }));

test('folders give their documents sorted by name, hidden entries and loops left out', () => {
  expect(readDocuments([at('vpc')])).toEqual([
    { name: at('vpc', 'a.json'), text: 'a' },
    { name: at('vpc', 'b', 'deeper', 'd.YML'), text: 'd' },
    { name: at('vpc', 'c.yaml'), text: 'c' },
  ]);
});

test('files are read as named, in the order given', () => {
  const paths = [at('vpc', 'notes.txt'), at('vpc', 'a.json')];
  expect(readDocuments(paths).map((file) => file.name)).toEqual(paths);
});

test('everything wrong with any path comes in one go', () => {
  const paths = ['missing', 'empty', 'binary.json', 'zeros.json', 'powershell.json', 'vpc'];
  expect(errorsOf(() => readDocuments(paths.map((path) => at(path))))).toEqual([
    `error[no-file] ${at('missing')}: does not exist; check the path`,
    `error[no-documents] ${at('empty')}: folder holds no .json, .yaml or .yml file; name the files`,
    `error[encoding] ${at('binary.json')}: is not UTF-8 text; name JSON or YAML files`,
    `error[encoding] ${at('zeros.json')}: is not UTF-8 text; name JSON or YAML files`,
    `error[encoding] ${at('powershell.json')}: is UTF-16 text; save it as UTF-8`,
  ]);
});

test.skipIf(isRoot)('a file that may not be read', () => {
  expect(errorsOf(() => readDocuments([at('secret.json')]))).toEqual([
    `error[unreadable] ${at('secret.json')}: may not be read; check the path and its permissions`,
  ]);
});

test.skipIf(process.platform === 'win32')('an endless file is given up at 256 MB', () => {
  expect(errorsOf(() => readDocuments(['/dev/zero']))).toEqual([
    'error[file-size] /dev/zero: larger than 256 MB; split it, or fetch one VPC only',
  ]);
});
