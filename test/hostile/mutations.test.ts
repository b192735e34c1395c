import { expect, it } from 'vitest';
import { readMutations } from './mutations.js';
import { readSeeds } from './seeds.js';
import { PAGES_MAX } from './world.js';

// `npm run mutations` reads two million and more.
const INPUTS = 20_000;

it('20,000 hostile captures are read by the kernel with checks and by the one that ships, to the same end', async () => {
  const tally = await readMutations(readSeeds(), INPUTS, 1);
  const told = tally.findings.map(({ input, error }) => `input ${input}: ${error.message}`);
  expect(told).toEqual([]);
  expect(tally.inputs).toBe(INPUTS);
  // Otherwise the inputs are not hostile enough, or too much so.
  expect(tally.frames).toBeGreaterThan(INPUTS * 2);
  expect(tally.refused).toBeGreaterThan(INPUTS * 0.02);
  expect(tally.refused).toBeLessThan(INPUTS * 0.4);
  expect(tally.judged).toBeGreaterThan(INPUTS * 0.05);
  expect(tally.places).toBeGreaterThan(1200);
  // Of 64 KB: most is what any capture takes, of whatever size.
  expect(tally.pages).toBeLessThan(PAGES_MAX / 4);
}, 300_000);
