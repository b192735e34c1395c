import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { readFully } from '../../src/capture/byte-stream.js';
import { power } from '../../src/generate/power.js';
import { createTrafficSource } from '../../src/generate/traffic-source.js';
import { asked, capture, policyOf } from './generated-packets.js';

const policy = policyOf();
const options = asked({ flows: 200, packets: 5000, zipf: 0.9 });
const whole = capture(policy, options);

it('the same seed makes the same bytes, whatever pieces they are asked for in', () => {
  expect(capture(policyOf(), options).equals(whole)).toBe(true);
  expect(capture(policy, options, 2048).equals(whole)).toBe(true);
});

// Another digest is no fault where the generator was changed on purpose; on another machine or runtime it is one.
it('the bytes are those of every other machine', () => {
  const digest = createHash('sha256').update(whole).digest('hex');
  expect(digest).toBe('a8e74bd7d99a91625d882f5b889ec1367fb552b2d5d829950e9ac762cebb8037');
});

it('another seed makes other bytes', () => {
  expect(capture(policy, { ...options, seed: 2 }).equals(whole)).toBe(false);
  // Seeds of more than 32 bits differ too.
  const [one, other] = [2 ** 40, 2 ** 41].map((seed) => capture(policy, { ...options, seed }));
  expect(one!.equals(other!)).toBe(false);
});

it('a source reads like a file, by the byte if it must be', async () => {
  const source = createTrafficSource(policy, options);
  const read = Buffer.alloc(whole.length + 100);
  let size = 0;
  // The sizes go round, so that some reads are direct and some are not.
  for (let step = 1; ; step = (step * 7) % 10_007) {
    const target = read.subarray(size, size + step);
    const count = await readFully(source, target);
    size += count;
    if (count < target.length) break;
  }
  expect(read.subarray(0, size).equals(whole)).toBe(true);
  expect(source.expected().packets).toBe(5000);
});

it('powers are those of Math.pow', () => {
  for (const x of [1e-9, 0.3, 0.75, 1, 1.5, 2, 10, 12_345, 1e9]) {
    for (const y of [-1.2, -5 / 6, -0.1, 0, 0.2, 0.9, 3]) {
      expect(power(x, y) / Math.pow(x, y)).toBeCloseTo(1, 11);
    }
  }
});
