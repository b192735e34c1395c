import { readFileSync, readdirSync } from 'node:fs';
import { basename, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

// The floors of the house: every import points down. README.md, "Architecture", explains the table.
const LAYOUT = 'kernel/layout';
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  documents: ['model'],
  policy: ['model'],
  kernel: [],
  capture: ['model'],
  filter: ['model', LAYOUT],
  edits: ['model', 'policy'],
  compile: ['model', 'policy', LAYOUT],
  report: ['model'],
  page: ['model', 'report'],
  engine: ['model', 'compile', LAYOUT],
  generate: ['model', 'policy', 'capture'],
  replay: ['model', 'policy', 'edits', 'capture', 'filter', 'compile', 'engine', LAYOUT],
  explain: ['model', 'policy', 'edits', 'engine'],
  cli: 'model documents policy edits capture filter compile report engine generate replay explain'.split(
    ' ',
  ),
};

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({
    path,
    folder: path.split('/')[0]!,
    text: readFileSync(join(SRC, path), 'utf8'),
  }));
type File = (typeof files)[number];

const code = ({ text }: File): string => text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');

/** Paths from src/, without extension, of the sources that a file imports, re-exports or loads. */
function importsOf(file: File): string[] {
  const named = code(file).matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'(\.[^']+)'/g);
  return [...named].map(([, to]) => normalize(join(file.path, '..', to!)).replace(/\.js$/, ''));
}

describe('architecture', () => {
  it('looks at every module', () => expect(files.length).toBeGreaterThan(50));

  it.each(files.map((file) => [file.path, file] as const))('%s imports down only', (_, file) => {
    const allowed = [file.folder, ...MAY_IMPORT[file.folder]!];
    const wrong = importsOf(file).filter(
      (to) => !allowed.some((entry) => to === entry || to.startsWith(`${entry}/`)),
    );
    expect(wrong).toEqual([]);
  });

  const NAMELESS = /^(utils?|helpers?|common|types|core|index|constants|manager|service)\.ts$/;
  it('names files after what they hold', () =>
    expect(files.filter(({ path }) => NAMELESS.test(basename(path)))).toEqual([]));

  // kernel/layout.ts is a table of constants: cutting it would only hide half of it.
  it('keeps files within 300 lines', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 301);
    expect(
      long.map(({ path }) => path).filter((path) => !/layout\.ts$|\.d\.ts$/.test(path)),
    ).toEqual([]);
  });

  const insideOnly = (what: RegExp): string[] =>
    files.filter((file) => file.folder !== 'cli' && what.test(code(file))).map(({ path }) => path);
  it('prints and exits in cli only', () =>
    expect(insideOnly(/\bconsole\.|process\.(stdout|stderr|exit|exitCode)\b/)).toEqual([]));
  it('takes time and chance from arguments', () =>
    expect(insideOnly(/\bDate\.now|\bnew Date\(\)|\bMath\.random|\bperformance\.now/)).toEqual([]));
});
