import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { formatAddress } from '../../src/model/address.js';
import type { IpPacket, Transport } from '../../src/model/packet.js';
import { type Sample, sample } from './sample.js';

// A second opinion on every field and checksum: one batch, because starting tshark takes a second.

const absent = spawnSync('tshark', ['--version']).error !== undefined;
if (absent) console.warn('tshark is not installed: generated frames are not checked against it');

const FIELDS = [
  'frame.time_epoch',
  'frame.len',
  'eth.src',
  'eth.dst',
  'ieee8021ad.id',
  'vlan.id',
  'ip.src',
  'ip.dst',
  'ip.proto',
  'ip.id',
  'ip.flags.mf',
  'ipv6.src',
  'ipv6.dst',
  'ipv6.fraghdr.nxt',
  'ipv6.fraghdr.ident',
  'ipv6.fraghdr.more',
  'ipv6.fraghdr.offset',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.flags',
  'udp.srcport',
  'udp.dstport',
  'icmp.type',
  'icmp.code',
  'icmp.ident',
  'icmpv6.type',
  'icmpv6.code',
  'icmpv6.echo.identifier',
] as const;

type Fields = Record<(typeof FIELDS)[number], string[]>;

/** 1 is good, 2 not checked (fragments, quoted packets); 0 would be bad. */
const STATUS = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6'].map((name) => `${name}.checksum.status`);

describe.skipIf(absent)('tshark reads generated frames', () => {
  const samples = fc.sample(sample(), { numRuns: 500, seed: 20_260_414 });
  const frames = samples.map(({ packet, options }) => ({
    timeNs: packet.timeNs,
    bytes: encodeFrame(packet, options),
  }));

  it.each([{ bigEndian: false }, { bigEndian: true }])(
    'field by field and without a checksum complaint, %o',
    (order) => {
      const rows = dissect(encodePcap(frames, { ...order, nanoseconds: true }));
      expect(rows).toHaveLength(samples.length);
      for (const [index, { fields, status, malformed, offset }] of rows.entries()) {
        const at = samples[index]!;
        expect({ index, ...fields }).toEqual({ index, ...expectedFields(at) });
        expect({ index, status: status.filter((text) => text.includes('0')) }).toEqual({
          index,
          status: [],
        });
        if (at.packet.content.kind === 'ip' && at.packet.content.ip.source.family === 4) {
          // Some releases tell the offset in bytes, others in units of eight.
          const inBytes = at.packet.content.ip.fragment?.offset ?? 0;
          expect([String(inBytes), String(inBytes / 8)]).toContain(offset);
        }
        expect({ index, malformed }).toEqual({ index, malformed: '' });
      }
      for (const [column, name] of STATUS.entries()) {
        const verified = rows.filter(({ status }) => status[column]!.startsWith('1')).length;
        expect({ name, verified: verified > 20 }).toEqual({ name, verified: true });
      }
    },
  );
});

function dissect(file: Uint8Array) {
  const columns = [...FIELDS, ...STATUS, '_ws.malformed', 'ip.frag_offset'];
  const folder = mkdtempSync(join(tmpdir(), 'sgsim-'));
  const capture = join(folder, 'frames.pcap');
  writeFileSync(capture, file);
  const { stdout, stderr, status } = spawnSync(
    'tshark',
    [
      ...['-r', capture, '-n', '-T', 'fields', '-E', 'occurrence=a'],
      ...['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum'].flatMap((preference) => [
        '-o',
        `${preference}:TRUE`,
      ]),
      ...['ip.defragment', 'ipv6.defragment'].flatMap((preference) => [
        '-o',
        `${preference}:FALSE`,
      ]),
      ...columns.flatMap((field) => ['-e', field]),
    ],
    { maxBuffer: 1 << 26, encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const values = line.split('\t');
      return {
        fields: Object.fromEntries(
          FIELDS.map((field, column) => {
            const all = list(values[column]!);
            // tshark tells the identifier of most echoes in the other byte order, too.
            return [field, field === 'icmp.ident' ? all.slice(0, 1) : all];
          }),
        ) as Fields,
        status: values.slice(FIELDS.length, FIELDS.length + STATUS.length),
        malformed: values[FIELDS.length + STATUS.length]!,
        offset: list(values[FIELDS.length + STATUS.length + 1]!)[0],
      };
    });
}

/** Newer releases spell booleans out. */
const list = (value: string): string[] =>
  value === '' ? [] : value.replaceAll('True', '1').replaceAll('False', '0').split(',');

/** What tshark must print: outer packet first, then the quoted one. */
function expectedFields({ packet, options }: Sample): Fields {
  const fields = Object.fromEntries(FIELDS.map((field) => [field, [] as string[]])) as Fields;
  const seconds = packet.timeNs / 1_000_000_000n;
  const fraction = (packet.timeNs % 1_000_000_000n).toString().padStart(9, '0');
  fields['frame.time_epoch'].push(`${seconds.toString()}.${fraction}`);
  fields['frame.len'].push(String(Math.max(packet.length, encodeFrame(packet, options).length)));
  fields['eth.src'].push(colons(packet.sourceMac ?? '020000000001'));
  fields['eth.dst'].push(colons(packet.destinationMac ?? '020000000002'));
  fields['ieee8021ad.id'].push(...(options.vlan ?? []).slice(0, -1).map(String));
  fields['vlan.id'].push(...(options.vlan ?? []).slice(-1).map(String));
  if (packet.content.kind === 'ip') ipFields(fields, packet.content.ip);
  return fields;
}

function ipFields(fields: Fields, ip: IpPacket): void {
  const { source, destination, protocol, fragment, transport } = ip;
  if (source.family === 4) {
    fields['ip.src'].push(formatAddress(source));
    fields['ip.dst'].push(formatAddress(destination));
    fields['ip.proto'].push(String(protocol));
    fields['ip.id'].push(`0x${(fragment?.id ?? 0).toString(16).padStart(4, '0')}`);
    fields['ip.flags.mf'].push(fragment?.more === true ? '1' : '0');
  } else {
    fields['ipv6.src'].push(formatAddress(source));
    fields['ipv6.dst'].push(formatAddress(destination));
    if (fragment !== undefined) {
      fields['ipv6.fraghdr.nxt'].push(String(protocol));
      fields['ipv6.fraghdr.ident'].push(`0x${fragment.id.toString(16).padStart(8, '0')}`);
      fields['ipv6.fraghdr.more'].push(fragment.more ? '1' : '0');
      fields['ipv6.fraghdr.offset'].push(String(fragment.offset / 8));
    }
  }
  if (transport !== undefined) transportFields(fields, source.family, transport);
}

function transportFields(fields: Fields, family: 4 | 6, transport: Transport): void {
  switch (transport.kind) {
    case 'tcp':
      fields['tcp.srcport'].push(String(transport.sourcePort));
      fields['tcp.dstport'].push(String(transport.destinationPort));
      fields['tcp.flags'].push(`0x${transport.flags.toString(16).padStart(4, '0')}`);
      break;
    case 'udp':
      fields['udp.srcport'].push(String(transport.sourcePort));
      fields['udp.dstport'].push(String(transport.destinationPort));
      break;
    case 'icmp': {
      const { type, code, id, quote } = transport;
      fields[family === 4 ? 'icmp.type' : 'icmpv6.type'].push(String(type));
      fields[family === 4 ? 'icmp.code' : 'icmpv6.code'].push(String(code));
      const isEcho = family === 4 ? [0, 8].includes(type) : [128, 129].includes(type);
      if (family === 6 && isEcho) {
        fields['icmpv6.echo.identifier'].push(`0x${id.toString(16).padStart(4, '0')}`);
      }
      if (family === 4 && [0, 8, 13, 14, 15, 16, 17, 18].includes(type)) {
        fields['icmp.ident'].push(String(id));
      }
      if (quote !== undefined) ipFields(fields, quote);
      break;
    }
  }
}

const colons = (mac: string): string => mac.match(/../g)!.join(':');
