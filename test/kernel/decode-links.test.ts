import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../src/generate/pcap.js';
import {
  CONTENT_IP,
  NOT_FILTERED_NOT_APPLICABLE,
  NOT_JUDGED_CUT,
  NOT_JUDGED_LINK_TYPE,
  NOT_JUDGED_MALFORMED,
} from '../../src/kernel/layout.js';
import { type DecodedRow, createDecodeRoom, decodeFile } from '../engine/rows.js';
import { GOLDEN_LINKS, type GoldenLink, PORTS_END, UDP_PACKET } from './golden-links.js';

const room = createDecodeRoom(1 << 18);
const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const frameOf = ({ header }: GoldenLink): Buffer => bytesOf(header + UDP_PACKET);

describe.each(GOLDEN_LINKS)('$name', (link) => {
  const bytes = frameOf(link);
  const wholeFrom = bytesOf(link.header).length + PORTS_END;

  it('shows the packet, cut at every length that leaves its ports', () => {
    const rows = decode(link.linkType, cuts(bytes, bytes.length));
    rows.forEach((row, size) => {
      const told = { content: row.content, ...portsOf(row) };
      const expected = size < wholeFrom ? { content: NOT_JUDGED_CUT } : PACKET;
      expect(told, `${size} bytes`).toEqual(expected);
    });
    const { sourceMac, destinationMac } = rows.at(-1)!;
    expect([sourceMac, destinationMac]).toEqual(link.macs ?? [undefined, undefined]);
  });

  it('sent short, is malformed until the ports are there', () => {
    decode(link.linkType, cuts(bytes)).forEach((row, size) => {
      expect(row.content, `${size} bytes`).toBe(
        size < wholeFrom ? NOT_JUDGED_MALFORMED : CONTENT_IP,
      );
    });
  });
});

const PACKET = { content: CONTENT_IP, sourcePort: 1000, destinationPort: 2000, tcpFlags: 0 };

describe('what is not IP', () => {
  it.each([
    ['spanning tree', 1, '0180c2000000 020000000001 0026 424203 0000000000'],
    ['novell ipx', 1, 'ffffffffffff 020000000001 0022 ffff 0022 0011'],
    ['eapol', 1, '0180c2000003 020000000001 888e 01010000'],
    ['ppp link control', 9, 'ff03 c021 01010004'],
    ['cisco keep-alive', 104, '8f00 8035 00000002 00000001'],
    ['802.11 beacon', 105, '8000 0000 ffffffffffff 020000000001 020000000001 0000 0000'],
    [
      '802.11 protected',
      105,
      '0841 0000 020000000002 020000000001 020000000003 1000 0000000000000000',
    ],
    ['arp over linux cooked', 113, '0000 0001 0006 0200000000010000 0806 0001'],
  ])('%s', (_name, linkType, header) => {
    const bytes = bytesOf(header + '00'.repeat(40));
    expect(decode(linkType, [{ bytes }])[0]!.content).toBe(NOT_FILTERED_NOT_APPLICABLE);
  });

  it('a link that nobody reads', () => {
    for (const linkType of [147, 187, 195, 251]) {
      expect(decode(linkType, [{ bytes: bytesOf(UDP_PACKET) }])[0]!.content).toBe(
        NOT_JUDGED_LINK_TYPE,
      );
    }
  });

  it('tags without end', () => {
    const bytes = bytesOf(`020000000002020000000001${'81000001'.repeat(50_000)}`);
    expect(decode(1, [{ bytes }])[0]!.content).not.toBe(CONTENT_IP);
  });
});

const tsharkAbsent = spawnSync('tshark', ['--version']).error !== undefined;
if (tsharkAbsent) console.warn('tshark is not installed: golden links are not checked with it');

/** A link type whose frames tshark does not open. */
const NOT_IN_TSHARK = 219;

it.skipIf(tsharkAbsent)('tshark reads the golden links alike', () => {
  const links = GOLDEN_LINKS.filter(({ linkType }) => linkType !== NOT_IN_TSHARK);
  const file = join(mkdtempSync(join(tmpdir(), 'sgsim-links-')), 'links.pcapng');
  writeFileSync(file, encodePcapng(links));
  const fields = ['ip.src', 'ip.dst', 'udp.srcport', 'udp.dstport'];
  const { stdout } = spawnSync(
    'tshark',
    ['-n', '-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])],
    { encoding: 'utf8' },
  );
  const said = stdout.trimEnd().split('\n');
  expect(links.map(({ name }, i) => [name, said[i]])).toEqual(
    links.map(({ name }) => [name, ['10.0.0.1', '10.0.0.2', '1000', '2000'].join('\t')]),
  );
});

/** A section, then for each link an interface and a frame: only pcapng tells link types apart in one file. */
function encodePcapng(links: readonly GoldenLink[]): Buffer {
  const block = (type: number, body: Buffer): Buffer => {
    const padded = Buffer.concat([body, Buffer.alloc(-body.length & 3)]);
    const length = words(padded.length + 12);
    return Buffer.concat([words(type), length, padded, length]);
  };
  const section = Buffer.concat([words(0x1a2b3c4d, 1), Buffer.alloc(8, 0xff)]);
  return Buffer.concat([
    block(0x0a0d0d0a, section),
    ...links.map(({ linkType }) => block(1, words(linkType, 0))),
    ...links.map((link, i) => {
      const bytes = frameOf(link);
      const head = words(i, 0, 0, bytes.length, bytes.length);
      return block(6, Buffer.concat([head, bytes]));
    }),
  ]);
}

function words(...values: number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}

interface Sent {
  readonly bytes: Uint8Array;
  readonly length?: number;
}

/** The first 0, 1, 2 ... bytes; `length` is what the record says, else as many. */
function cuts(bytes: Uint8Array, length?: number): Sent[] {
  return Array.from({ length: bytes.length + 1 }, (_, size) => ({
    bytes: bytes.subarray(0, size),
    ...(length !== undefined && { length }),
  }));
}

function encodeLink(linkType: number, frames: readonly Sent[]): Uint8Array {
  return encodePcap(
    frames.map((frame) => ({ timeNs: 1n, ...frame })),
    { linkType },
  );
}

function decode(linkType: number, frames: readonly Sent[]): DecodedRow[] {
  return decodeFile(room, encodeLink(linkType, frames));
}

function portsOf({ ip }: DecodedRow): object {
  if (ip === undefined) return {};
  expect(ip.source).toEqual({ family: 4, value: 0x0a000001n });
  expect(ip.destination).toEqual({ family: 4, value: 0x0a000002n });
  return { ...ip.transport };
}
