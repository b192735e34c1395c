import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A numbered rule of the behaviour's specification, and the tests and stories that name it. */
export interface Covered {
  readonly rule: string;
  readonly title: string;
  /** `file: name`. */
  readonly tests: readonly string[];
}

/** Finds the rules in the names of tests and stories; `CT-8 to CT-11` and `CT-8..CT-11` name all between. */
export function coverage(root: string): readonly Covered[] {
  const named = [...filesBelow(join(root, 'test')), ...filesBelow(join(root, 'fixtures/scenarios'))]
    .filter((path) => /\.(test\.ts|story)$/.test(path) && !path.includes('spec-coverage'))
    .flatMap((path) => namesIn(readFileSync(path, 'utf8')).map((name) => ({ path, name })));
  return readFileSync(join(root, 'test/spec-rules.tsv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [rule = '', title = ''] = line.split('\t');
      const tests = named
        .filter(({ name }) => rulesIn(name).has(rule))
        .map(({ path, name }) => `${path.slice(root.length + 1)}: ${name}`);
      return { rule, title, tests };
    });
}

/** What stands in `it`, `test`, `describe` and `story`. */
function namesIn(text: string): readonly string[] {
  const calls = /\b(?:it|test|describe)(?:\.\w+(?:\([^)]*\))?)*\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g;
  const stories = /^story (.*)$/gm;
  // Rows of test tables begin with the rule.
  const rows = /(['"`])([A-Z]{2}-\d+(?:\\.|(?!\1).)*)\1/g;
  return [
    ...[...text.matchAll(rows)].map((match) => match[2]!),
    ...[...text.matchAll(calls)].map((match) => match[2]!),
    ...[...text.matchAll(stories)].map((match) => match[1]!),
  ];
}

function rulesIn(name: string): ReadonlySet<string> {
  const rules = new Set<string>();
  for (const [, area, first, last] of name.matchAll(
    /\b([A-Z]{2})-(\d+)(?:(?:\.\.| to )(?:\1-)?(\d+))?/g,
  )) {
    const end = Number(last ?? first);
    for (let number = Number(first); number <= end; number++) rules.add(`${area!}-${number}`);
  }
  return rules;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}
