import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { progressLine } from '../../src/report/progress-line.js';

describe('progressLine', () => {
  // 40 of 100 MB in 2 s: 60 MB are left at 20 MB/s, so 3 s; 1,000,000 packets in 2 s
  const half = {
    bytesRead: 40_000_000,
    bytesTotal: 100_000_000,
    packets: 1_000_000,
    elapsedSeconds: 2,
  };

  it('shows bar, percent, rate and time left', () => {
    expect(progressLine({ ...half, width: 80 })).toBe(
      `[${'#'.repeat(12)}${'.'.repeat(18)}]   40 %  500,000 packets/s  3 s left`,
    );
  });

  it('leaves out what does not fit: the bar, then time left, then rate', () => {
    const all = ' 40 %  500,000 packets/s  3 s left';
    expect(progressLine({ ...half, width: 48 })).toBe(`[####......]  ${all}`);
    expect(progressLine({ ...half, width: 47 })).toBe(all);
    expect(progressLine({ ...half, width: 34 })).toBe(all);
    expect(progressLine({ ...half, width: 33 })).toBe(' 40 %  500,000 packets/s');
    // the room of the rate is enough for a bar again
    expect(progressLine({ ...half, width: 23 })).toBe('[#####.........]   40 %');
    expect(progressLine({ ...half, width: 4 })).toBe('');
  });

  it('shows bytes and rate when the size is not known', () => {
    const pipe = { bytesRead: 40_000_000, packets: 1_000_000, elapsedSeconds: 2 };
    expect(progressLine({ ...pipe, width: 80 })).toBe('40.0 MB  500,000 packets/s');
    expect(progressLine({ ...pipe, width: 10 })).toBe('40.0 MB');
  });

  it('says 100 % only at the end, and then no time left', () => {
    expect(progressLine({ ...half, bytesRead: 99_999_999, width: 80 })).toContain(' 99 %');
    const end = progressLine({ ...half, bytesRead: 100_000_000, width: 80 });
    expect(end).toBe(`[${'#'.repeat(30)}]  100 %  500,000 packets/s`);
  });

  it('guesses nothing at the start and for an empty file', () => {
    const start = { bytesRead: 0, bytesTotal: 100, packets: 0, elapsedSeconds: 0, width: 80 };
    expect(progressLine(start)).toBe(`[${'.'.repeat(30)}]    0 %`);
    expect(progressLine({ ...start, bytesTotal: 0 })).toBe(`[${'#'.repeat(30)}]  100 %`);
  });

  it('fits any width, and is plain text', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            bytesRead: fc.maxSafeNat(),
            bytesTotal: fc.maxSafeNat(),
            packets: fc.maxSafeNat(),
            elapsedSeconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
            width: fc.nat(200),
          },
          { requiredKeys: ['bytesRead', 'packets', 'elapsedSeconds', 'width'] },
        ),
        (progress) => {
          const line = progressLine(progress);
          expect(line).toMatch(/^[ -~]*$/);
          expect(line.length).toBeLessThanOrEqual(progress.width);
        },
      ),
    );
  });
});
