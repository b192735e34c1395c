import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../src/generate/pcap.js';
import { createFolder } from './folder.js';
import { TINY_VPC } from './tiny.js';

interface Report {
  readonly totals: { readonly notJudged: { readonly packets: number } };
  readonly captures: readonly { readonly linkType: string; readonly untimed: number }[];
  readonly reading: { readonly linkTypes: readonly object[] };
}

// The upper half of the numbers once passed for a mark that the kernel keeps in the same field.
describe('link types that nobody reads are counted by name, up to the last number that a file can tell', () => {
  it.each([
    [147, 'user0', 'user0'],
    [511, 'link type 511', 'link type 511 or above'],
    [600, 'link type 600', 'link type 511 or above'],
    [0x7ffe, 'link type 32766', 'link type 511 or above'],
    [0x8001, 'link type 32767 or above', 'link type 511 or above'],
    [0xffff, 'link type 32767 or above', 'link type 511 or above'],
  ])('%i', async (linkType, told, counted) => {
    const folder = createFolder();
    const frames = [{ timeNs: 1_000_000_000n, bytes: Uint8Array.of(1, 2, 3, 4), length: 4 }];
    folder.write('odd.pcap', encodePcap(frames, { linkType }));
    folder.write('vpc.yaml', TINY_VPC);
    for (const filter of [[], ['greater', '4']]) {
      const args = ['replay', '-r', 'odd.pcap', '--vpc', 'vpc.yaml', '--json', ...filter];
      const { stdout, status } = await folder.run(args);
      expect(status).toBe(0);
      const { totals, captures, reading } = JSON.parse(stdout) as Report;
      expect(totals.notJudged.packets).toBe(1);
      expect(captures).toMatchObject([{ linkType: told, untimed: 0 }]);
      expect(reading.linkTypes).toEqual([{ linkType: counted, read: false, packets: 1, bytes: 4 }]);
    }
  });
});
