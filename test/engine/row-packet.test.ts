import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PCAP_HEADER_SIZE, parsePcapHeader } from '../../src/capture/pcap-header.js';
import { bytesAt, viewAt } from '../../src/engine/memory.js';
import { readPacket } from '../../src/engine/row-packet.js';
import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { ROW_CONTENT, ROW_SIZE } from '../../src/kernel/layout.js';
import type { IpPacket, Packet } from '../../src/model/packet.js';
import { VERDICT_CODES } from '../../src/model/verdict.js';
import { trace } from '../differential/trace.js';
import { first, icmp, later, tcp, udp, withMacs } from '../explain/packets.js';
import { beginCapture, createDecodeRoom, decodeRecords } from './rows.js';

const room = createDecodeRoom(1 << 18);

/** What is read of the rows that packets decode to. */
function readBack(packets: readonly Packet[]): Packet[] {
  const file = encodePcap(
    packets.map((packet) => ({ timeNs: packet.timeNs, bytes: encodeFrame(packet) })),
    { nanoseconds: true },
  );
  beginCapture(room, parsePcapHeader('test.pcap', file));
  const records = file.subarray(PCAP_HEADER_SIZE);
  bytesAt(room.memory, room.records, records.length).set(records);
  decodeRecords(room, room.records, room.records + records.length);
  const rows = viewAt(room.memory, room.rows, packets.length * ROW_SIZE);
  return packets.map((_, i) => readPacket(rows, i * ROW_SIZE));
}

const MACS = ['020000000001', '020000000002'] as const;
const A = '203.0.113.7:40000 > 10.0.1.20:443';
const A6 = '[2001:db8::7]:40000 > [2001:db8::20]:443';

describe('a packet is read from its row as it was written', () => {
  it.each([
    ['tcp', tcp(A, 'SA', 1)],
    ['tcp over IPv6', tcp(A6, 'FA', 1)],
    ['udp', udp(A, 2)],
    ['a ping', icmp('203.0.113.7 > 10.0.1.20', [8, 0], 3, { id: 7 })],
    ['an error about udp', icmp('203.0.113.7 > 10.0.1.20', [3, 4], 3, { quote: udp(A) })],
    [
      'an error about a ping',
      icmp('2001:db8::7 > 2001:db8::20', [1, 4], 3, {
        quote: icmp('2001:db8::20 > 2001:db8::9', [128, 0], 0, { id: 9 }),
      }),
    ],
    ['a first fragment', first(udp(A6, 4), 70_000)],
    ['a later fragment', later(tcp(A, 'S', 5), 9)],
  ])('%s', (_, packet) => {
    const sent = withMacs({ ...packet, length: 120 }, ...MACS);
    expect(readBack([sent])).toEqual([sent]);
  });

  // On failure fast-check prints the seed.
  it('packets of the differential test', () => {
    fc.assert(
      fc.property(trace, (packets) => {
        expect(readBack(packets)).toEqual(packets.map(asRowsHoldIt));
      }),
      { numRuns: 500 },
    );
  });

  it('frames that are no IP, or could not be read, by their code', () => {
    const contents = VERDICT_CODES.filter(
      ({ name, number }) => number >= 50 || name === 'not-applicable',
    ).map(({ number }) => {
      const row = new DataView(new ArrayBuffer(ROW_SIZE));
      row.setUint8(ROW_CONTENT, number);
      return readPacket(row, 0).content;
    });
    expect(contents).toEqual([
      { kind: 'non-ip' },
      ...['cut', 'malformed', 'link-type', 'encapsulation'].map((code) => ({
        kind: 'unread',
        code,
      })),
    ]);
  });
});

/** With the addresses and the length of the frame; of a quoted packet, the ends, if it names a flow. */
function asRowsHoldIt(packet: Packet): Packet {
  const { content } = packet;
  const { length } = encodeFrame(packet);
  const framed = { sourceMac: MACS[0], destinationMac: MACS[1], ...packet, length };
  if (content.kind !== 'ip' || content.ip.transport?.kind !== 'icmp') return framed;
  const { quote, ...transport } = content.ip.transport;
  const held = quote === undefined ? undefined : quotedEnds(quote);
  const ip = {
    ...content.ip,
    transport: held === undefined ? transport : { ...transport, quote: held },
  };
  return { ...framed, content: { kind: 'ip', ip } };
}

function quotedEnds(quote: IpPacket): IpPacket | undefined {
  const { transport } = quote;
  if (transport?.kind === 'tcp') return { ...quote, transport: { ...transport, flags: 0 } };
  const queries = quote.source.family === 4 ? [0, 8, 13, 14] : [128, 129];
  return transport?.kind === 'icmp' && !queries.includes(transport.type) ? undefined : quote;
}
