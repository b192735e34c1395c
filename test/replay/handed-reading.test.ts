import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type CaptureSource, openCapture } from '../../src/capture/source.js';
import { loadVpc } from '../../src/documents/load.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { type ReplayOptions, replay } from '../../src/replay/replay.js';
import { renderJson } from '../../src/report/json.js';
import { verdictLine } from './verdict-line.js';
import { framesOf } from '../capture/frames-of.js';
import { encodeSections } from '../capture/pcapng-sections.js';
import { inMemory } from './in-memory.js';
import { RANDOM_TRAFFIC_VPC, randomCapture } from './random-traffic.js';

// Several workers read a file themselves, by turns; a source that is no file is read by the main thread.

const timeline = resolveTimeline(
  loadVpc([{ name: 'vpc.yaml', text: RANDOM_TRAFFIC_VPC }]).description,
);
const folder = mkdtempSync(join(tmpdir(), 'sgsim-handed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FRAMES = 12_000;
const pcap = Buffer.from(randomCapture(7, FRAMES));
const { frames } = framesOf(pcap);
/** A new section and two interfaces in the middle of the frames. */
const sections = encodeSections(frames, 1, [
  { order: 'little', packets: 'enhanced' },
  { order: 'big', packets: 'enhanced' },
]);

/** A length that no record has, in the header of one in the middle. */
function damaged(): Uint8Array {
  const bytes = Uint8Array.from(pcap);
  let at = 24;
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < FRAMES / 2; i++) at += 16 + view.getUint32(at + 8, true);
  view.setUint32(at + 8, 0xffff_ffff, true);
  return bytes;
}

type Options = Partial<ReplayOptions>;

async function tell(source: CaptureSource, options: Options): Promise<readonly string[]> {
  const lines: string[] = [];
  const outcome = await replay(() => timeline, [source], {
    ...{ tracking: DEFAULT_TRACKING, workers: 1, ...options },
    onVerdicts: (verdicts) => {
      for (const verdict of verdicts) lines.push(verdictLine(verdict));
    },
  });
  source.close();
  return [...lines, renderJson(outcome, { top: Infinity })];
}

describe.each([
  { name: 'pcap', bytes: pcap, told: FRAMES },
  { name: 'pcapng of two sections', bytes: sections, told: FRAMES },
  { name: 'damaged in the middle', bytes: damaged(), told: FRAMES / 2 },
  { name: 'cut in the last record', bytes: pcap.subarray(0, -20), told: FRAMES - 1 },
])('$name', ({ name, bytes, told }) => {
  const file = join(folder, name.replaceAll(' ', '-'));
  writeFileSync(file, bytes);

  const options: readonly { readonly what: string; readonly options: Options }[] = [
    { what: 'all of it', options: {} },
    { what: 'the first 5,000', options: { most: 5000 } },
    { what: 'a filter', options: { filter: 'tcp' } },
    { what: 'up to a frame', options: { until: { kind: 'frame', frame: 4321 } } },
  ];
  it.each(options)('$what: as one thread reads it', async ({ options: asked }) => {
    const alone = await tell(inMemory(bytes, { name: file }), asked);
    if (Object.keys(asked).length === 0) expect(alone).toHaveLength(told + 1);
    for (const workers of [2, 3]) {
      for (const chunkBytes of [2000, 100_003]) {
        const here = await tell(openCapture(file), { ...asked, workers, chunkBytes });
        const line = here.findIndex((text, i) => text !== alone[i]);
        expect({ workers, chunkBytes, line, text: here[line] }).toEqual({
          ...{ workers, chunkBytes, line: -1, text: undefined },
        });
        expect(here).toHaveLength(alone.length);
      }
    }
  });
});

it('progress tells how far the workers have read', async () => {
  const file = join(folder, 'progress');
  writeFileSync(file, pcap);
  const told: number[] = [];
  const source = openCapture(file);
  await replay(() => timeline, [source], {
    ...{ tracking: DEFAULT_TRACKING, workers: 2, chunkBytes: 20_000 },
    onProgress: ({ bytesRead }) => told.push(bytesRead),
  });
  source.close();
  expect(told).toEqual(told.toSorted((one, other) => one - other));
  expect(new Set(told).size).toBeGreaterThan(told.length / 10);
  expect(told.at(-1)).toBe(pcap.length);
});

it('standard input goes on from where it stands in its file', () => {
  const file = join(folder, 'behind-something');
  writeFileSync(file, Buffer.concat([Buffer.from('a line of text\n'), pcap]));
  const descriptor = openSync(file, 'r');
  readSync(descriptor, Buffer.alloc(15));
  const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, [program, 'decode', '-r', '-'], {
    stdio: [descriptor, 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  closeSync(descriptor);
  expect(status).toBe(0);
  expect(stdout.trimEnd().split('\n').at(-1)!.split('\t')[0]).toBe(String(FRAMES));
});
