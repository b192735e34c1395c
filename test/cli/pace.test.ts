import { describe, expect, it } from 'vitest';
import { createPace, readSpeed } from '../../src/cli/pace.js';
import { InputError } from '../../src/model/diagnostic.js';
import { createFakeClock } from './fake-clock.js';

const SECOND = 1_000_000_000n;

describe('the pace of a replay', () => {
  it('is that of packet time, from the first frame on', async () => {
    const clock = createFakeClock();
    const pace = createPace(1, clock);
    expect(await pace(0n)).toBe(0n);
    expect(clock.slept).toEqual([]);
    expect(await pace(SECOND / 4n)).toBe(250_000_000n);
    expect(clock.slept).toEqual([250]);
  });

  it('is as many times as fast as is said', async () => {
    const clock = createFakeClock();
    const pace = createPace(10, clock);
    await pace(0n);
    expect(await pace(5n * SECOND)).toBe(5n * SECOND);
    expect(clock.slept).toEqual([500]);
    const slow = createPace(0.5, clock);
    await slow(0n);
    expect(await slow(SECOND)).toBe(SECOND);
    expect(clock.slept).toEqual([500, 2000]);
  });

  it('waits for the whole of it where a timer ends early', async () => {
    const clock = createFakeClock();
    const pace = createPace(1, clock);
    await pace(0n);
    await pace(1n * SECOND);
    await pace(2n * SECOND);
    expect(await pace(3n * SECOND)).toBe(3n * SECOND);
    expect(clock.slept).toEqual([1000, 1000, 1000, 100]);
  });

  it('does not wait for what should have left already', async () => {
    const clock = createFakeClock();
    const pace = createPace(1, clock);
    await pace(0n);
    await clock.sleep(7000);
    expect(await pace(3n * SECOND)).toBe(7n * SECOND);
    expect(await pace(-3n * SECOND)).toBe(7n * SECOND);
    expect(clock.slept).toEqual([7000]);
  });

  it('sleeps no longer than a timer can', async () => {
    const clock = createFakeClock();
    const pace = createPace(1, clock);
    await pace(0n);
    const month = 30n * 86_400n * SECOND;
    expect(await pace(month)).toBe(month);
    expect(clock.slept).toEqual([2_147_483_647, 444_516_353]);
  });
});

describe('--speed', () => {
  it.each([
    ['max', Infinity],
    ['1', 1],
    ['10', 10],
    ['0.5', 0.5],
  ])('%s', (text, speed) => expect(readSpeed(text)).toBe(speed));

  it.each(['0', '0.0', '-1', '1x', '1e3', 'fast', '', ' 1', 'Infinity', 'NaN', '.'])(
    '%j is none',
    (text) => expect(() => readSpeed(text)).toThrow(InputError),
  );
});
