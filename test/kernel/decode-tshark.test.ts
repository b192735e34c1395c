import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Columns, readColumns } from '../engine/columns.js';
import { createDecodeRoom, decodeFileAs } from '../engine/rows.js';
import { differences } from './compare-truth.js';
import type { Truth } from './truth.js';

const CAPTURES = new URL('../../fixtures/captures/', import.meta.url);
const absent = spawnSync('tshark', ['--version']).error !== undefined;
if (absent)
  console.warn('tshark is not installed: rows of the fixtures are not checked against it');

describe.skipIf(absent)('rows of our own captures are what tshark says', () => {
  const room = createDecodeRoom(1 << 20);

  it.each(readdirSync(CAPTURES).filter((name) => name.endsWith('.pcap')))('%s', (name) => {
    const file = new URL(name, CAPTURES);
    const rows = decodeFileAs(room, readFileSync(file), readColumns);
    const truths = dissect(fileURLToPath(file));
    expect(rows).toHaveLength(truths.length);
    expect(rows.length).toBeGreaterThan(0);
    rows.forEach((row, i) => {
      expect({ frame: i + 1, differences: differences(row, inBytes(truths[i]!, row)) }).toEqual({
        frame: i + 1,
        differences: [],
      });
    });
  });
});

const FIELDS = [
  'frame.number',
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'frame.protocols',
  'ip.src',
  'ip.dst',
  'ip.proto',
  'ip.frag_offset',
  'ip.flags.mf',
  'ipv6.src',
  'ipv6.dst',
  'ipv6.fraghdr.nxt',
  'ipv6.fraghdr.offset',
  'ipv6.fraghdr.more',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.flags',
  'udp.srcport',
  'udp.dstport',
  'icmp.type',
  'icmp.code',
  'icmpv6.type',
  'icmpv6.code',
] as const;

/** First occurrences: an ICMP error comes before the packet that it quotes. */
function dissect(file: string): Truth[] {
  const reassembly = ['ip.defragment', 'ipv6.defragment', 'tcp.desegment_tcp_streams'];
  const { stdout } = spawnSync(
    'tshark',
    [
      ...['-r', file, '-n', '-T', 'fields', '-E', 'occurrence=f'],
      ...reassembly.flatMap((preference) => ['-o', `${preference}:FALSE`]),
      ...FIELDS.flatMap((field) => ['-e', field]),
    ],
    { encoding: 'utf8' },
  );
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const values = line.split('\t');
      return truthOf((field) => values[FIELDS.indexOf(field)] ?? '');
    });
}

function truthOf(field: (name: (typeof FIELDS)[number]) => string): Truth {
  const protocols = field('frame.protocols');
  const stack = /^.*?:(ip|ipv6)(?=:|$)/.exec(protocols)?.[0] ?? protocols;
  const proto =
    field('ipv6.fraghdr.nxt') || protocolAfter(protocols.slice(stack.length), field('ip.proto'));
  const v6 = field('ipv6.src') !== '' && field('ip.src') === '';
  const source = v6 ? field('ipv6.src') : field('ip.src');
  const [seconds, fraction = ''] = field('frame.time_epoch').split('.');
  const transport = proto === '6' ? 'tcp' : 'udp';
  const ported = proto === '6' || proto === '17';
  const icmp = v6 ? 'icmpv6' : 'icmp';
  const flag = v6 ? field('ipv6.fraghdr.more') : field('ip.flags.mf');
  const flags = Number(field('tcp.flags') || 0) & 0xff;
  const offset = Number((v6 ? field('ipv6.fraghdr.offset') : field('ip.frag_offset')) || 0);
  return {
    frame: field('frame.number'),
    epoch_ns: `${seconds ?? ''}${fraction.padEnd(9, '0')}`,
    src: source,
    dst: v6 ? field('ipv6.dst') : field('ip.dst'),
    proto,
    sport: ported ? field(`${transport}.srcport`) : '',
    dport: ported ? field(`${transport}.dstport`) : '',
    tcp_flags: proto === '6' ? `0x${flags.toString(16).padStart(2, '0')}` : '',
    icmp_type: field(`${icmp}.type`),
    icmp_code: field(`${icmp}.code`),
    frag_off: source === '' ? '' : String(offset),
    frame_len: field('frame.len'),
    cap_len: field('frame.cap_len'),
    // Newer releases spell booleans out.
    mf: source === '' ? '' : flag === '1' || flag === 'True' ? '1' : '0',
    if_id: '',
    stack,
    note: '',
  };
}

/** Some releases tell the offset in bytes, others in units of eight. */
function inBytes(truth: Truth, { frag_off }: Columns): Truth {
  const units = String(Number(frag_off) / 8);
  return truth.frag_off === units ? { ...truth, frag_off: String(Number(units) * 8) } : truth;
}

/** The transport of IPv6 by its name: extension headers stand between. */
function protocolAfter(above: string, ip4: string): string {
  if (ip4 !== '' && !above.startsWith(':ipv6.')) return ip4;
  const name = above.split(':').find((each) => each !== '' && !each.startsWith('ipv6.'));
  return { tcp: '6', udp: '17', icmpv6: '58' }[name ?? ''] ?? '';
}
