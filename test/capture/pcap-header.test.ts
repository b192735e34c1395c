import { describe, expect, it } from 'vitest';
import { describePcap, parsePcapHeader } from '../../src/capture/pcap-header.js';
import { InputError } from '../../src/model/diagnostic.js';

describe('pcap file header (draft-ietf-opsawg-pcap section 4)', () => {
  it.each([
    ['d4c3b2a1', 'pcap, little-endian, microseconds', false, false],
    ['a1b2c3d4', 'pcap, big-endian, microseconds', true, false],
    ['4d3cb2a1', 'pcap, little-endian, nanoseconds', false, true],
    ['a1b23c4d', 'pcap, big-endian, nanoseconds', true, true],
  ])('magic %s is %s', (magic, text, swapped, nanoseconds) => {
    const rest = swapped
      ? '0002 0004 00000000 00000000 00040000 00000071'
      : '0200 0400 00000000 00000000 00000400 71000000';
    const header = parsePcapHeader('a.pcap', hex(magic + rest));
    expect(header).toEqual({
      swapped,
      nanoseconds,
      linkType: 113,
      recordHeaderSize: 16,
      lengths: 'straight',
    });
    expect(describePcap(header)).toBe(text);
  });

  it('leaves out what the link type field says about frame check sequences', () => {
    const rest = '0200 0400 00000000 00000000 00000400 01000024';
    expect(parsePcapHeader('a.pcap', hex(`d4c3b2a1${rest}`)).linkType).toBe(1);
  });

  it('takes any minor version of 2', () => {
    const rest = '0200 0300 00000000 00000000 00000400 01000000';
    expect(parsePcapHeader('a.pcap', hex(`d4c3b2a1${rest}`)).linkType).toBe(1);
  });
});

describe('header variants that libpcap and wiretap know', () => {
  const header = (fields: string): ReturnType<typeof parsePcapHeader> =>
    parsePcapHeader('a.pcap', hex(fields));

  it.each([
    ['34cdb2a1 0200 0400', '00000000 00000000 00000400 01000000', false],
    ['a1b2cd34 0002 0004', '00000000 00000000 00040000 00000001', true],
  ])('the modified magic number %s has longer record headers', (magic, rest, swapped) => {
    expect(header(magic + rest)).toEqual({
      swapped,
      nanoseconds: false,
      linkType: 1,
      recordHeaderSize: 24,
      lengths: 'straight',
    });
    expect(describePcap(header(magic + rest))).toMatch(/^modified pcap, /);
  });

  it.each([
    ['2.0', '0200 0000', 'swapped'],
    ['2.1', '0200 0100', 'swapped'],
    ['2.2', '0200 0200', 'swapped'],
    ['2.3', '0200 0300', 'doubtful'],
    ['2.4', '0200 0400', 'straight'],
    ['2.5', '0200 0500', 'straight'],
    ['543.0 of DG/UX', '1f02 0000', 'swapped'],
  ])('the order of lengths in version %s', (_version, version, lengths) => {
    const { lengths: found } = header(`d4c3b2a1 ${version} 00000000 00000000 00000400 01000000`);
    expect(found).toBe(lengths);
  });

  it.each([
    [6, 1],
    [9, 6],
    [15, 10],
    [24, 0],
  ])('version 2.2 with link type %i is from AIX: %i, in nanoseconds', (written, linkType) => {
    const file = `d4c3b2a1 0200 0200 00000000 00000000 00000400 ${hexOf(written)}000000`;
    expect(header(file)).toMatchObject({ linkType, nanoseconds: true, lengths: 'swapped' });
  });

  it.each([
    [11, 100],
    [12, 101],
    [13, 109],
    [14, 101],
    [19, 106],
    [101, 101],
  ])('link type %i of one system is %i', (written, linkType) => {
    const file = `d4c3b2a1 0200 0400 00000000 00000000 00000400 ${hexOf(written)}000000`;
    expect(header(file).linkType).toBe(linkType);
  });
});

const hexOf = (byte: number): string => byte.toString(16).padStart(2, '0');

const NO_CAPTURE =
  'error[capture-format] a.pcap: not a capture: it begins neither as pcap nor as pcapng does; ' +
  'record one with `tcpdump -w FILE`';

describe('what is no pcap file gets one line that says what to do', () => {
  it.each([
    [
      'an empty file',
      '',
      'error[capture-empty] a.pcap: the file is empty; capture again, or name another file',
    ],
    [
      'pcapng',
      '0a0d0d0a 1c000000 4d3c2b1a 01000000',
      'error[capture-format] a.pcap: pcapng captures are not read; ' +
        'convert it with `editcap -F pcap IN OUT`',
    ],
    [
      'gzip',
      '1f8b0800 00000000',
      'error[capture-format] a.pcap: gzip data is not read; ' +
        'decompress it: `gzip -dc FILE | sgsim replay -r - ...`',
    ],
    [
      'zstd',
      '28b52ffd 0458',
      'error[capture-format] a.pcap: zstd data is not read; ' +
        'decompress it: `zstd -dc FILE | sgsim replay -r - ...`',
    ],
    [
      'snoop',
      '736e6f6f70000000 00000002 00000004',
      'error[capture-format] a.pcap: snoop captures are not read; ' +
        'convert it with `editcap -F pcapng IN OUT`',
    ],
    [
      'text',
      Buffer.from('hello, world, this is text').toString('hex'),
      'error[capture-format] a.pcap: text is not a capture; ' +
        'record a capture with `tcpdump -w FILE`',
    ],
    ['three bytes', 'd4c3b2', NO_CAPTURE],
    [
      'reserved bits in the link type',
      'd4c3b2a1 0200 0400 00000000 00000000 00000400 01002402',
      'error[capture-header] a.pcap: reserved bits are set in the link type, 0x2240001; ' +
        'capture again, or name another file',
    ],
    [
      'a header cut in its last field',
      'd4c3b2a1 0200 0400 00000000 00000000 00000400 010000',
      'error[capture-header] a.pcap: the file header is cut off after 23 of 24 bytes; ' +
        'capture again, or name another file',
    ],
    [
      'a magic number alone',
      'a1b2c3d4',
      'error[capture-header] a.pcap: the file header is cut off after 4 of 24 bytes; ' +
        'capture again, or name another file',
    ],
    [
      'version 9.4',
      'd4c3b2a1 0900 0400 00000000 00000000 00000400 01000000',
      'error[capture-version] a.pcap: pcap version 9.4 is not read, only 2.x; ' +
        'convert it with `editcap -F pcap IN OUT`',
    ],
    [
      'version 543.1, big-endian',
      'a1b2c3d4 021f 0001 00000000 00000000 00040000 00000001',
      'error[capture-version] a.pcap: pcap version 543.1 is not read, only 2.x; ' +
        'convert it with `editcap -F pcap IN OUT`',
    ],
  ])('%s', (_what, bytes, message) => {
    expect(failure(hex(bytes))).toBe(message);
  });
});

function failure(bytes: Uint8Array): string {
  try {
    parsePcapHeader('a.pcap', bytes);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'no error';
}

function hex(digits: string): Uint8Array {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex');
}
