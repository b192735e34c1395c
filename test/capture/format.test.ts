import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { captureFormat, sniff } from '../../src/capture/format.js';
import { InputError } from '../../src/model/diagnostic.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { corpusAbsent } from '../kernel/truth.js';
import { streamOf } from './streams.js';

const error = (head: Uint8Array): string => {
  try {
    return captureFormat('x', head);
  } catch (thrown) {
    if (thrown instanceof InputError)
      return thrown.message.replace('error[capture-format] x: ', '');
    throw thrown;
  }
};
const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('formats that are read', () => {
  it.each([
    ['\xd4\xc3\xb2\xa1', 'pcap'],
    ['\xa1\xb2\xc3\xd4', 'pcap'],
    ['\x4d\x3c\xb2\xa1', 'pcap'],
    ['\xa1\xb2\x3c\x4d', 'pcap'],
    ['\x34\xcd\xb2\xa1', 'pcap'],
    ['\xa1\xb2\xcd\x34', 'pcap'],
    ['\x0a\x0d\x0d\x0a', 'pcapng'],
  ])('%j is %s', (magic, format) => expect(captureFormat('x', latin(magic))).toBe(format));

  it('are told from four bytes of a pipe that says no more', async () => {
    const file = encodePcap([]);
    let asked = 0;
    const source = {
      ...streamOf(file, 4),
      read: (target: Uint8Array) => {
        if (asked++ > 0) throw new Error('asked for more');
        target.set(file.subarray(0, 4));
        return Promise.resolve(4);
      },
    };
    expect(await sniff(source)).toEqual({ format: 'pcap', head: file.subarray(0, 4) });
  });
});

const EDITCAP = 'convert it with `editcap -F pcapng IN OUT`';
const RECORD = 'record a capture with `tcpdump -w FILE`';
const pipe = (command: string): string =>
  `decompress it: \`${command} FILE | sgsim replay -r - ...\``;

describe('formats that are not read are named, and the tool that converts them', () => {
  it.each([
    ['\x04\x22\x4d\x18', `lz4 data is not read; ${pipe('lz4 -dc')}`],
    ['\xfd7zXZ\0', `xz data is not read; ${pipe('xz -dc')}`],
    ['BZh91AY&SY', `bzip2 data is not read; ${pipe('bzip2 -dc')}`],
    ['\x1f\x9d\x90', `compress (.Z) data is not read; ${pipe('gzip -dc')}`],
    ['7z\xbc\xaf\x27\x1c', `a 7z archive is not read; ${pipe('7z x -so')}`],
    ['PK\x03\x04\x14\0', `a zip archive is not read; ${pipe('unzip -p')}`],
    [
      `${'a.pcap'.padEnd(257, '\0')}ustar\x0000`,
      'a tar archive is not read; unpack it with `tar -xf FILE` and name the captures in it',
    ],
    ['snoop\0\0\0\0\0\0\x02\0\0\0\x04', `snoop captures are not read; ${EDITCAP}`],
    ['btsnoop\0\0\0\0\x01', `btsnoop (Bluetooth) captures are not read; ${EDITCAP}`],
    ['RTSS\x01\x01', `Network Monitor 1 captures are not read; ${EDITCAP}`],
    ['GMBU\0\x02', `Network Monitor 2 captures are not read; ${EDITCAP}`],
    ['TRSNIFF data    \x1a', `Sniffer (DOS) captures are not read; ${EDITCAP}`],
    ['XCP\x00002.001\0', `NetXRay or Sniffer (Windows) captures are not read; ${EDITCAP}`],
    ['\x05VNF', `Visual Networks captures are not read; ${EDITCAP}`],
    ['TR\0\0\0\0\0', `nettl (HP-UX) traces are not read; ${EDITCAP}`],
    ['iptrace 2.0', `iptrace (AIX) captures are not read; ${EDITCAP}`],
    ['\x01\x10\x4c\0Trace Display Trace File', `LANalyzer captures are not read; ${EDITCAP}`],
    ['\x7fver\0\0', `OmniPeek captures are not read; ${EDITCAP}`],
    ['\0\0\x02\0\x12\x05\0\x10', `Tektronix K12 captures are not read; ${EDITCAP}`],
    ['Session Transcript', `Catapult DCT2000 traces are not read; ${EDITCAP}`],
    ['\x07\x65\x53\xf1\x00\x01\x00\x03', `a pppd recording is not read; ${EDITCAP}`],
    [
      'HCPX\x04\0\0\0',
      'a hashcat file (hccapx) is not read; name the capture that it was made from',
    ],
    ['\x1c\0\x01\xac', `the Ixia variant of pcap is not read; ${EDITCAP}`],
    ['\x7fELF\x02', `a program (ELF) is not a capture; ${RECORD}`],
    ['MZ\x90\0', `a Windows program is not a capture; ${RECORD}`],
    ['<!DOCTYPE html><html>', 'a web page (HTML) is not read; download the capture itself'],
    ['{"frame": 1}', `JSON is not a capture; ${RECORD}`],
    ['[\n  {\n    "_index": "packets-2026"', `JSON is not a capture; ${RECORD}`],
    [
      '12:00:00.123456 IP 10.0.0.1.80 > 10.0.0.2.5: Flags [S]',
      `tcpdump's text is not a capture; ${RECORD}`,
    ],
    [
      '    1   0.000000     10.0.0.1 \xe2\x86\x92 10.0.0.2     TCP',
      "tshark's text is not read; write it with `tshark -w FILE`",
    ],
    ['0000  45 00 00 3c 1c 46 40 00', 'a hex dump is not read; convert it with `text2pcap IN OUT`'],
    ['2 123456789012 eni-0abc 10.0.0.1', `a VPC flow log is not a capture; ${RECORD}`],
    [
      'version https://git-lfs.github.com/spec/v1\n',
      'a pointer of Git LFS is not read; fetch the file itself: `git lfs pull`',
    ],
    ['a letter to a friend', `text is not a capture; ${RECORD}`],
    [
      '\x01\x02\x03\x04\x05',
      'not a capture: it begins neither as pcap nor as pcapng does; record one with `tcpdump -w FILE`',
    ],
  ])('%j', (head, message) => expect(error(latin(head))).toBe(message));

  it('an ERF capture, which has no magic number', () => {
    const record = Buffer.alloc(80);
    record.writeUInt32LE(1_700_000_000, 4);
    record[8] = 2;
    record.writeUInt16BE(80, 10);
    const one = `Endace ERF captures are not read; ${EDITCAP}`;
    expect(error(Buffer.concat([record, record, record]))).toBe(one);
    record.writeUInt16BE(12, 10);
    expect(error(Buffer.concat([record, record, record]))).not.toBe(one);
  });

  it('a Windows event trace', () => {
    const head = Buffer.alloc(0x60);
    head.set([2, 0, 2, 0xc0], 0x48);
    expect(error(head)).toBe(
      'Windows event traces (ETL) are not read; convert it with `etl2pcapng IN OUT`',
    );
  });

  it.skipIf(corpusAbsent)('a snoop capture of Solaris', () => {
    const file = new URL(
      '../../../shared/corpus/captures/pcapplusplus__solaris.snoop',
      import.meta.url,
    );
    expect(error(readFileSync(file))).toBe(`snoop captures are not read; ${EDITCAP}`);
  });
});
