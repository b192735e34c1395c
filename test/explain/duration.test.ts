import { expect, test } from 'vitest';
import { duration, durationOfSeconds } from '../../src/explain/duration.js';

test('durations are exact, and as short as that lets them be', () => {
  expect(duration(0n)).toBe('0 s');
  expect(duration(1n)).toBe('0.000000001 s');
  expect(duration(1_250_000_000n)).toBe('1.25 s');
  expect(durationOfSeconds(41)).toBe('41 s');
  expect(durationOfSeconds(350)).toBe('350 s');
  expect(durationOfSeconds(3600)).toBe('1 h');
  expect(durationOfSeconds(5400)).toBe('1 h 30 min');
  expect(durationOfSeconds(432_000)).toBe('5 d');
  expect(duration(86_461_500_000_000n)).toBe('1 d 1 min 1.5 s');
});
