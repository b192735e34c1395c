import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/model/diagnostic.js';
import { readColumns } from '../engine/columns.js';
import { createDecodeRoom, decodeFile, decodeFileAs } from '../engine/rows.js';
import { differences } from './compare-truth.js';
import { corpusAbsent, classicCaptures, readCapture, readTruth } from './truth.js';

if (corpusAbsent)
  console.warn('../shared is absent: rows are not checked against foreign captures');

/** Frames of which the truth is none, as truth-notes.md declares. */
const NO_TRUTH: readonly { file: string; frame: number; reason: string; difference: string }[] = [
  {
    file: 'tcpdump__timestamp_invalid_nano.pcap',
    frame: 3,
    reason: 'a sub-second field of 2^31 or more: tshark takes it for a negative number',
    difference: 'epoch_ns: 1418145372147483648, not -1418145372147483648',
  },
];

/** A version of pcap that neither of us reads. */
const REFUSED = 'libpcap__pcap-invalid-version-1.pcap';

describe.skipIf(corpusAbsent)('rows of foreign captures are what tshark says', () => {
  const room = createDecodeRoom(1 << 20);
  const files = corpusAbsent ? [] : classicCaptures();

  it('there are many of them', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(files.filter((file) => file.endsWith('.gz')).length).toBeGreaterThan(1);
  });

  it.each(files.filter((file) => file !== REFUSED))('%s', (file) => {
    const rows = decodeFileAs(room, readCapture(file), readColumns);
    const truths = readTruth(file);
    const found = rows.flatMap((row, i) =>
      differences(row, truths[i]!).map((difference) => ({ frame: i + 1, difference })),
    );
    const allowed = NO_TRUTH.filter((each) => each.file === file);
    expect(found.slice(0, 20)).toEqual(
      allowed.map(({ frame, difference }) => ({ frame, difference })),
    );
    expect(rows).toHaveLength(truths.length);
  });

  it(`${REFUSED} has no rows`, () => {
    expect(() => decodeFile(room, readCapture(REFUSED))).toThrow(InputError);
    expect(readTruth(REFUSED)).toEqual([]);
  });
});
