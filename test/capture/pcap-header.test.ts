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
    expect(header).toEqual({ swapped, nanoseconds, linkType: 113 });
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

const NO_CAPTURE =
  'error[capture-format] a.pcap: not a capture: it does not begin as pcap does; ' +
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
      'error[capture-format] a.pcap: gzip captures are not read; ' +
        'decompress it: `gzip -dc FILE | sgsim replay -r - ...`',
    ],
    [
      'zstd',
      '28b52ffd 0458',
      'error[capture-format] a.pcap: zstd captures are not read; ' +
        'decompress it: `zstd -dc FILE | sgsim replay -r - ...`',
    ],
    [
      'snoop',
      '736e6f6f70000000 00000002 00000004',
      'error[capture-format] a.pcap: snoop captures are not read; ' +
        'convert it with `editcap -F pcap IN OUT`',
    ],
    ['text', Buffer.from('hello, world, this is text').toString('hex'), NO_CAPTURE],
    ['three bytes', 'd4c3b2', NO_CAPTURE],
    ['the modified format of Kuznetzov', '34cdb2a1 0200 0400', NO_CAPTURE],
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
