import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileImage } from '../../src/compile/rule-image.js';
import { createEngine, shareImages } from '../../src/engine/engine.js';
import { compileKernel } from '../../src/engine/kernel-module.js';
import { writeDecodeSettings } from '../../src/engine/settings.js';
import { encodePcap } from '../../src/generate/pcap.js';
import {
  CONTENT_IP,
  DECAP_AUTO,
  DECAP_GENEVE,
  DECAP_GRE,
  DECAP_IPIP,
  DECAP_VXLAN,
  FLAG_PEELED,
  NOT_FILTERED_NOT_APPLICABLE,
  NOT_JUDGED_CUT,
  NOT_JUDGED_MALFORMED,
  ROW_CAPTURE,
  ROW_FLAGS,
} from '../../src/kernel/layout.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { type Columns, readColumns } from '../engine/columns.js';
import { type DecodeRoom, createDecodeRoom, decodeFileAs } from '../engine/rows.js';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';
import { PORTS_END, UDP_PACKET } from './golden-links.js';

const ETHERNET = '020000000002 020000000001';
const INNER = `${ETHERNET} 0800 ${UDP_PACKET}`;

/** The header of IPv4 over `hex`, from 192.0.2.1 to 192.0.2.2 unless told, with its total length and no checksum. */
function ip4(protocol: number, hex: string, ends = 'c0000201 c0000202', fragment = '0000'): string {
  const length = (20 + sizeOf(hex)).toString(16).padStart(4, '0');
  return `4500 ${length} 0001 ${fragment} 40 ${byte(protocol)} 0000 ${ends} ${hex}`;
}

function udp(port: number, hex: string): string {
  const length = (8 + sizeOf(hex)).toString(16).padStart(4, '0');
  return `c000 ${port.toString(16).padStart(4, '0')} ${length} 0000 ${hex}`;
}

const byte = (value: number): string => value.toString(16).padStart(2, '0');
const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const sizeOf = (hex: string): number => bytesOf(hex).length;
const ethernet = (packet: string): Buffer => bytesOf(`020000000003 020000000004 0800 ${packet}`);
const vxlan = (vni: number, hex: string): string =>
  udp(4789, `08000000 ${vni.toString(16).padStart(6, '0')} 00 ${hex}`);
const geneve = (options: string, type: string, hex: string): string =>
  udp(6081, `${byte(sizeOf(options) / 4)} 00 ${type} 00002a 00 ${options} ${hex}`);

interface Seen extends Columns {
  readonly content: number;
  readonly peeled: boolean;
  readonly capture: number;
}

function decode(room: DecodeRoom, frames: readonly (Buffer | readonly [Buffer, number])[]): Seen[] {
  const records = frames.map((frame) => {
    const [bytes, length] = Buffer.isBuffer(frame) ? ([frame, frame.length] as const) : frame;
    return { timeNs: 1n, bytes, length };
  });
  return decodeFileAs(room, encodePcap(records), (row, frame) => ({
    ...readColumns(row, frame),
    peeled: (row.getUint8(ROW_FLAGS) & FLAG_PEELED) !== 0,
    capture: row.getUint16(ROW_CAPTURE, true),
  }));
}

function roomThatPeels(decap: number, vnis: { vni: number; capture: number }[] = []): DecodeRoom {
  const room = createDecodeRoom(1 << 18);
  room.kernel.setupDecode(writeDecodeSettings(room.memory, { decap, vnis }));
  return room;
}

const INSIDE = {
  content: CONTENT_IP,
  src: '10.0.0.1',
  dst: '10.0.0.2',
  sport: '1000',
  dport: '2000',
  peeled: true,
};

const TUNNELS: readonly (readonly [name: string, decap: number, protocol: number, hex: string])[] =
  [
    ['vxlan', DECAP_VXLAN, 17, vxlan(42, INNER)],
    ['vxlan-gpe', DECAP_VXLAN, 17, udp(4790, `0c000001 00002a 00 ${UDP_PACKET}`)],
    ['geneve', DECAP_GENEVE, 17, geneve('', '6558', INNER)],
    [
      'geneve with options, as a gateway load balancer writes it',
      DECAP_GENEVE,
      17,
      geneve(
        '01080102 0000000000000001 01080202 0000000000000002 01080301 00000003',
        '0800',
        UDP_PACKET,
      ),
    ],
    ['gre', DECAP_GRE, 47, `0000 0800 ${UDP_PACKET}`],
    [
      'gre with checksum, key and sequence',
      DECAP_GRE,
      47,
      `b000 0800 00000000 00000001 00000002 ${UDP_PACKET}`,
    ],
    [
      'gre with a route',
      DECAP_GRE,
      47,
      `4000 0800 00000000 0800 0004 c0000201 00000000 ${UDP_PACKET}`,
    ],
    ['gre over ethernet', DECAP_GRE, 47, `0000 6558 ${INNER}`],
    ['erspan I', DECAP_GRE, 47, `0000 88be ${INNER}`],
    ['erspan II', DECAP_GRE, 47, `1000 88be 00000001 10010001 00000000 ${INNER}`],
    ['erspan III', DECAP_GRE, 47, `1000 22eb 00000001 20010001 00000000 00000000 ${INNER}`],
    [
      'erspan III with more',
      DECAP_GRE,
      47,
      `1000 22eb 00000001 20010001 00000000 00000001 0000000000000000 ${INNER}`,
    ],
    ['pptp', DECAP_GRE, 47, `3081 880b 0024 0001 00000001 00000001 ff03 0021 ${UDP_PACKET}`],
    ['ipip', DECAP_IPIP, 4, UDP_PACKET],
  ];

describe.each(TUNNELS)('%s', (_name, decap, protocol, hex) => {
  const frame = ethernet(ip4(protocol, hex));
  const others = (DECAP_VXLAN | DECAP_GENEVE | DECAP_GRE | DECAP_IPIP) ^ decap;

  it('shows the packet inside, of the frame’s length', () => {
    const [row] = decode(roomThatPeels(decap), [frame]);
    expect(row).toMatchObject({ ...INSIDE, frame_len: String(frame.length) });
  });

  it.each([0, others])('stays when only others are peeled: %i', (bits) => {
    const [row] = decode(roomThatPeels(bits), [frame]);
    expect(row).toMatchObject({ content: CONTENT_IP, src: '192.0.2.1', peeled: false });
  });

  it('cut anywhere, says so of the packet inside', () => {
    const outer = 14 + 20 + (protocol === 17 ? 4 : 0);
    const wholeFrom = frame.length - 32 + PORTS_END;
    const room = roomThatPeels(decap);
    const sizes = Array.from({ length: frame.length - outer + 1 }, (_, i) => outer + i);
    const cut = decode(
      room,
      sizes.map((size) => [frame.subarray(0, size), frame.length] as const),
    );
    const short = decode(
      room,
      sizes.map((size) => frame.subarray(0, size)),
    );
    sizes.forEach((size, i) => {
      const whole = size >= wholeFrom;
      expect([size, cut[i]!.content]).toEqual([size, whole ? CONTENT_IP : NOT_JUDGED_CUT]);
      expect([size, short[i]!.content]).toEqual([size, whole ? CONTENT_IP : NOT_JUDGED_MALFORMED]);
      expect([size, cut[i]!.peeled]).toEqual([size, true]);
    });
  });

  it('a fragment stays', () => {
    const [row] = decode(roomThatPeels(decap), [ethernet(ip4(protocol, hex, undefined, '2000'))]);
    expect(row).toMatchObject({ src: '192.0.2.1', mf: '1', peeled: false });
  });
});

const tsharkAbsent = spawnSync('tshark', ['--version']).error !== undefined;
if (tsharkAbsent) console.warn('tshark is not installed: it is not asked what tunnels hold');

it.skipIf(tsharkAbsent)('tshark finds the same packet in each tunnel', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'sgsim-tunnels-')), 'tunnels.pcap');
  const frames = TUNNELS.map(([, , protocol, hex]) => ethernet(ip4(protocol, hex)));
  writeFileSync(file, encodePcap(frames.map((bytes) => ({ timeNs: 1n, bytes }))));
  const fields = ['ip.src', 'ip.dst', 'udp.srcport', 'udp.dstport'];
  const { stdout } = spawnSync(
    'tshark',
    [
      ...['-n', '-r', file, '-T', 'fields', '-E', 'occurrence=l'],
      ...fields.flatMap((field) => ['-e', field]),
    ],
    { encoding: 'utf8' },
  );
  expect(stdout.trimEnd().split('\n')).toEqual(
    TUNNELS.map(() => ['10.0.0.1', '10.0.0.2', '1000', '2000'].join('\t')),
  );
});

describe('tunnels', () => {
  it('of both families in one another', () => {
    const ends6 = '20010db8000000000000000000000001 20010db8000000000000000000000002';
    const ip6 = (protocol: number, hex: string): string =>
      `60000000 ${sizeOf(hex).toString(16).padStart(4, '0')} ${byte(protocol)} 40 ${ends6} ${hex}`;
    const room = roomThatPeels(DECAP_IPIP);
    const fourInSix = bytesOf(`020000000003 020000000004 86dd ${ip6(4, UDP_PACKET)}`);
    const sixInFour = ethernet(ip4(41, ip6(17, udp(53, ''))));
    const sixInSix = bytesOf(`020000000003 020000000004 86dd ${ip6(41, ip6(4, UDP_PACKET))}`);
    expect(decode(room, [fourInSix, sixInFour, sixInSix])).toMatchObject([
      INSIDE,
      { src: '2001:db8::1', dport: '53', peeled: true },
      INSIDE,
    ]);
  });

  it('are peeled to a depth of eight', () => {
    const nested = (n: number): string => (n === 0 ? UDP_PACKET : ip4(4, nested(n - 1)));
    const rows = decode(roomThatPeels(DECAP_IPIP), [ethernet(nested(8)), ethernet(nested(9))]);
    expect(rows).toMatchObject([INSIDE, { src: '192.0.2.1', proto: '4', peeled: true }]);
  });

  it('that carry no packet stay, those that carry no IP are not applicable', () => {
    const acknowledgement = ethernet(ip4(47, '2081 880b 0000 0001 00000001'));
    const arp = ethernet(ip4(17, vxlan(1, `${ETHERNET} 0806 0001080006040001`)));
    const notVxlan = ethernet(ip4(17, udp(4789, `00000000 00002a 00 ${INNER}`)));
    const rows = decode(roomThatPeels(DECAP_GRE | DECAP_VXLAN), [acknowledgement, arp, notVxlan]);
    expect(rows).toMatchObject([
      { content: CONTENT_IP, proto: '47', peeled: false },
      { content: NOT_FILTERED_NOT_APPLICABLE, src: '', peeled: true },
      { content: CONTENT_IP, src: '192.0.2.1', peeled: false },
    ]);
  });

  it('tell the capture that their network stands for', () => {
    const vnis = [9, 3, 42, 0xffffff].map((vni, i) => ({ vni, capture: i + 5 }));
    const room = roomThatPeels(DECAP_VXLAN | DECAP_GENEVE, vnis);
    const frames = [3, 9, 41, 42, 0xffffff].map((vni) => ethernet(ip4(17, vxlan(vni, INNER))));
    const all = decode(room, [...frames, ethernet(ip4(17, geneve('', '6558', INNER)))]);
    expect(all.map(({ capture }) => capture)).toEqual([6, 5, 0, 7, 8, 7]);
  });
});

describe('CP-4: what a mirror session makes is peeled by itself', () => {
  const policy = resolvePolicy(
    describeVpc({
      groups: [group('sg', [])],
      interfaces: [eni('eni-a', ['10.0.0.1'], ['sg']), eni('eni-b', ['10.0.9.9'], ['sg'])],
    }),
  );
  const room = createDecodeRoom(1 << 18);
  const { memory } = room;
  const images = [{ fromNs: 0n, image: compileImage(policy) }];
  const decap = { decap: DECAP_AUTO, vnis: [] };
  const share = shareImages(
    compileKernel(),
    memory,
    images,
    DEFAULT_TRACKING,
    1n,
    undefined,
    decap,
  );
  const inVpc: DecodeRoom = { ...room, kernel: createEngine(share).kernel };
  const between = (ends: string, hex: string): Buffer => ethernet(ip4(17, hex, ends));
  const OTHERS = `${ETHERNET} 0800 ${ip4(17, udp(53, ''), '0a010001 0a010002')}`;

  it.each([
    ['from strangers', 'c0000201 c0000202', INNER, true],
    ['from the interface that the packet inside is of', '0a000001 0a000909', INNER, true],
    ['from that interface to elsewhere', '0a000001 c0000202', INNER, true],
    ['from another interface', '0a000909 c0000202', INNER, false],
    ['to an interface from a stranger', 'c0000201 0a000909', INNER, false],
    ['an overlay of strangers between interfaces', '0a000001 0a000909', OTHERS, false],
  ])('%s', (_name, ends, inner, peeled) => {
    const [row] = decode(inVpc, [between(ends, vxlan(7, inner))]);
    expect(row!.peeled).toBe(peeled);
    const outer = ends === 'c0000201 c0000202' ? '192.0.2' : '10.0';
    if (!peeled) expect(row).toMatchObject({ proto: '17', dport: '4789', content: CONTENT_IP });
    expect(row!.src.startsWith(peeled ? '10.' : ends.startsWith('c0') ? '192.' : outer)).toBe(true);
  });

  it('in geneve between a load balancer and its target, which are interfaces', () => {
    const mirrored = ip4(17, vxlan(7, INNER), '0a000001 0a000909');
    const carried = between('0a000909 0a000001', geneve('', '0800', mirrored));
    const plain = between(
      '0a000909 0a000001',
      geneve('', '0800', OTHERS.slice(ETHERNET.length + 6)),
    );
    expect(decode(inVpc, [carried, plain])).toMatchObject([
      INSIDE,
      { dport: '6081', peeled: false },
    ]);
  });

  it('and any, when nobody tells what is in the VPC', () => {
    const alone = roomThatPeels(DECAP_AUTO);
    const tunnels = [vxlan(7, INNER), geneve('', '6558', INNER)];
    const rows = decode(
      alone,
      tunnels.map((hex) => between('0a000909 0a000001', hex)),
    );
    expect(rows).toMatchObject([INSIDE, INSIDE]);
    expect(decode(alone, [ethernet(ip4(4, UDP_PACKET))])[0]).toMatchObject({ peeled: false });
  });
});
