import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/model/diagnostic.js';
import { createDecodeRoom, decodeFile } from '../engine/rows.js';
import { differences } from './compare-truth.js';
import { corpusAbsent, ethernetCaptures, readCapture, readTruth } from './truth.js';

if (corpusAbsent)
  console.warn('../shared is absent: rows are not checked against foreign captures');

/** Frames of which tshark does not tell everything, though nothing is missing; why was looked up in their bytes. */
const NO_TRUTH: readonly { file: string; frame: number; reason: string; difference: string }[] = [
  {
    file: 'ndpi__ip_fragmented_garbage.pcap',
    frame: 1,
    reason: 'tcp data offset is 4: tshark ends its work before the flags, which stand in byte 13',
    difference: 'tcp_flags: 0x23, not ',
  },
  {
    file: 'ndpi__ip_fragmented_garbage.pcap',
    frame: 940,
    reason: 'tcp data offset is 2: as above',
    difference: 'tcp_flags: 0x26, not ',
  },
];

/** A version of pcap that neither of us reads. */
const REFUSED = 'libpcap__pcap-invalid-version-1.pcap';

describe.skipIf(corpusAbsent)('rows of foreign captures are what tshark says', () => {
  const room = createDecodeRoom(1 << 20);
  const files = corpusAbsent ? [] : ethernetCaptures();

  it('there are many of them', () => {
    expect(files.length).toBeGreaterThan(45);
    expect(files.filter((file) => file.endsWith('.gz')).length).toBeGreaterThan(1);
  });

  it.each(files.filter((file) => file !== REFUSED))('%s', (file) => {
    const rows = decodeFile(room, readCapture(file));
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
