import { expect, it } from 'vitest';
import { beganText, clockText, midnightBefore } from '../../src/page/clock.js';

const at = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;
const TIME = at('2026-11-23T21:47:57.832Z') + 428_912n;

it.each([
  [86_400, '2026-11-23'],
  [3600, '21:47'],
  [60, '21:47'],
  [30, '21:47:57'],
  [1, '21:47:57'],
  [0.5, '21:47:57.8'],
  [0.1, '21:47:57.8'],
  [0.05, '21:47:57.83'],
  [0.001, '21:47:57.832'],
  [0.00001, '21:47:57.83242'],
  [0.000001, '21:47:57.832428'],
])('to steps of %s s a clock shows %s', (step, text) => {
  expect(clockText(TIME, step)).toBe(text);
});

it('finds midnight, also before 1970', () => {
  expect(midnightBefore(TIME)).toBe(at('2026-11-23T00:00:00Z'));
  expect(midnightBefore(-1n)).toBe(at('1969-12-31T00:00:00Z'));
});

it('tells the day where it is not that of the start', () => {
  expect(beganText(TIME, at('2026-11-23T00:00:00Z'))).toBe('21:47:57.832');
  expect(beganText(TIME, at('2026-11-22T23:59:59Z'))).toBe('11-23 21:47:57');
});
