import { describe, expect, it } from 'vitest';
import { openCapture } from '../../src/capture/source.js';
import { codeName } from '../../src/engine/verdicts.js';
import { CONTENT_IP } from '../../src/kernel/layout.js';
import { InputError } from '../../src/model/diagnostic.js';
import type { DecodedFrame } from '../../src/model/decoded-frame.js';
import { decodeCaptures } from '../../src/replay/decode.js';
import { DECODED_COLUMNS, createAddressText, decodedLine } from '../../src/report/decoded-line.js';
import { expectedContents } from '../kernel/compare-truth.js';
import { type Truth, captureName, corpusAbsent, listCaptures, readTruth } from '../kernel/truth.js';

if (corpusAbsent)
  console.warn('../shared is absent: foreign captures are not held against what tshark says');

/** Frames of which the truth is none, as truth-notes.md declares: what we say of them. */
const NO_TRUTH: readonly { file: string; frame: number; reason: string; ours: string }[] = [
  {
    file: 'tcpdump__timestamp_invalid_nano.pcap',
    frame: 3,
    reason: 'a sub-second field of 2^31 or more: tshark takes it for a negative number',
    ours: 'epoch_ns: 1418145372147483648, not -1418145372147483648',
  },
];

/** Files that are refused, and how. */
const REFUSED: readonly { file: string; reason: string; ours: RegExp }[] = [
  {
    file: 'libpcap__pcap-invalid-version-1.pcap',
    reason: 'a version of pcap that nobody defined: tshark reads nothing either',
    ours: /version 1\.4/,
  },
  {
    file: 'libpcap__shb-option-too-long.pcapng',
    reason: 'a section header that ends with another length: tshark reads nothing either',
    ours: /the section header gives its length as 52 first and as 808464432 last/,
  },
  {
    file: 'pcapplusplus__solaris.snoop',
    reason: 'another format, which editcap converts',
    ours: /snoop.*editcap/,
  },
];

/**
 * Blocks that tshark counts as frames though they hold no packet: custom ones, and the journal's. They shift the numbers
 * of the frames behind them.
 */
const OTHER_BLOCKS: Readonly<Record<string, readonly number[]>> = {
  'hadrielk__output_le__advanced__test102.pcapng': [1, 3, 8],
  'hadrielk__output_be__difficult__test202.pcapng': [1, 7, 10],
};

const columns = DECODED_COLUMNS.split('\t') as (keyof Truth)[];
const addressText = createAddressText();
const lineOf = (truth: Truth): string => columns.map((column) => truth[column]).join('\t');

/** Where a frame says something else than the truth: `column: ours, not theirs`. */
function differences(frame: DecodedFrame, truth: Truth): string[] {
  const line = decodedLine(frame, addressText);
  const ours = line.split('\t');
  const found =
    line === lineOf(truth)
      ? []
      : columns
          .map((column, i) => ({ column, ours: ours[i], theirs: truth[column] }))
          .filter((each) => each.ours !== each.theirs)
          .map((each) => `${each.column}: ${each.ours}, not ${each.theirs}`);
  const more = frame.moreFragments === undefined ? '' : frame.moreFragments ? '1' : '0';
  if (more !== truth.mf) found.push(`mf: ${more}, not ${truth.mf}`);
  const codes = expectedContents(truth).map((content) =>
    content === CONTENT_IP ? undefined : codeName(content),
  );
  if (!codes.includes(frame.unjudged)) found.push(`${frame.unjudged}, not ${codes.join(' or ')}`);
  return found;
}

async function decode(file: string) {
  const source = openCapture(captureName(file));
  const frames: DecodedFrame[] = [];
  try {
    const [summary] = await decodeCaptures([source], {
      onFrames: (batch) => {
        for (const frame of batch) frames.push(frame);
      },
    });
    return { frames, stopped: summary!.stopped };
  } finally {
    source.close();
  }
}

/** The rows of packets, numbered as a reader of packets numbers them. */
function packetsOf(file: string): Truth[] {
  const others = OTHER_BLOCKS[file] ?? [];
  const rows = readTruth(file);
  for (const number of others) {
    const { stack, epoch_ns, src } = rows[number - 1]!;
    expect({ stack, epoch_ns, src }).toEqual({ stack: 'data', epoch_ns: '', src: '' });
  }
  return rows
    .filter((_, i) => !others.includes(i + 1))
    .map((row, i) => ({ ...row, frame: String(i + 1) }));
}

describe.skipIf(corpusAbsent)('captures of others are decoded as tshark decodes them', () => {
  const files = corpusAbsent ? [] : listCaptures();
  let compared = 0;

  it('there are many of them, of every format', () => {
    expect(files.length).toBeGreaterThanOrEqual(86);
    expect(new Set(files.map(({ format }) => format))).toEqual(
      new Set([
        ...['pcap us LE', 'pcap us BE', 'pcap ns LE', 'pcap ns BE', 'pcap us LE gz'],
        ...['pcapng LE', 'pcapng BE', 'pcapng BE+LE', 'pcapng LE gz', 'other 736e6f6f'],
      ]),
    );
  });

  const read = files.filter(({ name }) => REFUSED.every(({ file }) => file !== name));
  it.each(read)('$name', async ({ name, exit }) => {
    const { frames, stopped } = await decode(name);
    const truths = packetsOf(name);
    const found = frames.flatMap((frame, i) =>
      differences(frame, truths[i]!).map((ours) => ({ frame: i + 1, ours })),
    );
    const allowed = NO_TRUTH.filter(({ file }) => file === name);
    expect(found.slice(0, 20)).toEqual(allowed.map(({ frame, ours }) => ({ frame, ours })));
    expect(frames).toHaveLength(truths.length);
    expect(stopped === undefined ? '0' : '2').toBe(exit);
    compared += frames.length;
  });

  it.each(REFUSED)('$file is refused: $reason', async ({ file, ours }) => {
    const failure = await decode(file).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as InputError).message).toMatch(ours);
  });

  it('all their frames were compared', () => {
    const all = read.reduce((sum, { name }) => sum + packetsOf(name).length, 0);
    expect(compared).toBe(all);
    expect(compared).toBeGreaterThan(131_000);
  });
});
