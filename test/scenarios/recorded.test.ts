import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openCapture } from '../../src/capture/source.js';
import { readDocuments } from '../../src/documents/files.js';
import { loadVpc } from '../../src/documents/load.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { replay } from '../../src/replay/replay.js';

// Verdicts worked out by hand from the specification: see fixtures/README.md.
const CASES = [
  ...readdirSync('fixtures/captures')
    .filter((name) => name.endsWith('.expected.tsv'))
    .map((name) => ({ expected: join('fixtures/captures', name), vpc: 'fixtures/vpc/recorded' })),
  { expected: 'fixtures/demo/capture.expected.tsv', vpc: 'fixtures/demo/vpc' },
];

it('has expectations for every recorded capture', () => {
  const captures = readdirSync('fixtures/captures').filter((name) => name.endsWith('.pcap'));
  expect(CASES.length).toBe(captures.length + 1);
});

it.each(CASES)('$expected: every frame', async ({ expected, vpc }) => {
  const { description, warnings } = loadVpc(readDocuments([vpc]));
  expect(warnings).toEqual([]);
  const source = openCapture(expected.replace('.expected.tsv', '.pcap'));
  const lines: string[] = [];
  await replay(() => resolveTimeline(description), [source], {
    tracking: DEFAULT_TRACKING,
    workers: 1,
    onVerdicts: (verdicts) => {
      for (const { frame, verdict, code, at } of verdicts) {
        const where = at.map(({ eni, direction }) => `${eni}/${direction}`).join(',');
        lines.push(`${frame}\t${verdict}\t${code}\t${where === '' ? '-' : where}`);
      }
    },
  });
  source.close();
  const wanted = readFileSync(expected, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines).toEqual(wanted);
});
