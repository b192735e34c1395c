import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { copyFirstPackets } from '../../bench/first-packets.js';
import { encodePcap } from '../../src/generate/pcap.js';

const folder = mkdtempSync(join(tmpdir(), 'sgsim-first-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [from, to] = [join(folder, 'all.pcap'), join(folder, 'first.pcap')];

/** Some 6 MB: more than is read at a time. */
const frames = Array.from({ length: 6000 }, (_, i) => ({
  timeNs: BigInt(i) * 1000n,
  bytes: new Uint8Array(900 + (i % 200)).fill(i),
}));

it.each([0, 1, 100, 4500, 6000, 7000])('copies the first %i packets', (most) => {
  writeFileSync(from, encodePcap(frames));
  expect(copyFirstPackets(from, to, most)).toBe(Math.min(most, frames.length));
  expect(readFileSync(to).equals(encodePcap(frames.slice(0, most)))).toBe(true);
});

it('refuses a capture that ends inside a packet', () => {
  const whole = encodePcap(frames.slice(0, 3));
  writeFileSync(from, whole.subarray(0, whole.length - 1));
  expect(() => copyFirstPackets(from, to, 10)).toThrow('ends inside a packet');
});
