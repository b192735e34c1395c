import { expect, it } from 'vitest';
import { coverage } from './spec-coverage.js';

const root = new URL('..', import.meta.url).pathname.replace(/\/$/, '');

/** Rules without a test yet. Each is named in the README's limits; a rule that gets a test must leave this list. */
const PENDING: readonly string[] = [];

// SPEC=1 prints the table.
it('every rule of the specification has a test that names it, or is known to be pending', () => {
  const table = coverage(root);
  if (process.env.SPEC !== undefined) {
    for (const { rule, title, tests } of table) {
      console.log(`${rule}\t${title}\t${tests.length}\t${tests[0] ?? '-'}`);
    }
  }
  const bare = table.filter(({ tests }) => tests.length === 0).map(({ rule }) => rule);
  expect(bare).toEqual(PENDING);
});
