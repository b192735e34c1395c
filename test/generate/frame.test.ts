import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src/generate/frame.js';
import { parseAddress } from '../../src/model/address.js';
import type { IpPacket, Packet } from '../../src/model/packet.js';

// Every checksum below is added up by hand, the sum in the comment beside it.

const address = (text: string) => parseAddress(text)!;
const ipv4 = { source: address('192.0.2.1'), destination: address('198.51.100.7') };
const ipv6 = { source: address('2001:db8::1'), destination: address('2001:db8::2') };

function packet(ip: IpPacket, length = 0): Packet {
  return { timeNs: 0n, length, content: { kind: 'ip', ip } };
}

const bytes = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));

const ETHERNET = '020000000002 020000000001';

describe('encodeFrame', () => {
  it('writes a TCP SYN over IPv4', () => {
    const frame = encodeFrame(
      packet({
        ...ipv4,
        protocol: 6,
        transport: { kind: 'tcp', sourcePort: 50000, destinationPort: 443, flags: 0x02 },
      }),
    );
    // IP: 4500+0028+4006+c000+0201+c633+6407 = 27169, folded 716b, complement 8e94.
    // TCP: c000+0201+c633+6407 +0006+0014 +c350+01bb+0001+5002+ffff = 40162, folded 0166, complement fe99.
    expect(frame).toEqual(
      bytes(`${ETHERNET} 0800
        4500 0028 0000 0000 4006 8e94 c0000201 c6336407
        c350 01bb 00000001 00000000 5002 ffff fe99 0000`),
    );
  });

  it('writes an ICMPv6 echo request with its identifier', () => {
    const frame = encodeFrame(
      packet({
        ...ipv6,
        protocol: 58,
        transport: { kind: 'icmp', type: 128, code: 0, id: 7 },
      }),
    );
    // 2001+0db8+0001 +2001+0db8+0002 +0008+003a +8000+0007 = dbbe, complement 2441.
    expect(frame).toEqual(
      bytes(`${ETHERNET} 86dd
        60000000 0008 3a40
        20010db8000000000000000000000001 20010db8000000000000000000000002
        8000 2441 0007 0000`),
    );
  });

  it('writes a later IPv4 fragment behind a VLAN tag, filled with payload', () => {
    const frame = encodeFrame(
      packet({ ...ipv4, protocol: 17, fragment: { id: 0x1234, offset: 1480, more: true } }, 42),
      { vlan: [5] },
    );
    // 4500+0018+1234+20b9+4011+c000+0201+c633+6407 = 2a451, folded a453, complement 5bac.
    expect(frame).toEqual(
      bytes(`${ETHERNET} 8100 0005 0800
        4500 0018 1234 20b9 4011 5bac c0000201 c6336407
        00000000`),
    );
  });

  it('quotes the packet that an ICMP error is about', () => {
    const frame = encodeFrame(
      packet({
        ...ipv4,
        protocol: 1,
        transport: {
          kind: 'icmp',
          type: 3,
          code: 4,
          id: 0,
          quote: {
            source: ipv4.destination,
            destination: ipv4.source,
            protocol: 17,
            transport: { kind: 'udp', sourcePort: 53, destinationPort: 40000 },
          },
        },
      }),
    );
    // Outer IP: 4500+0038+4001+c000+0201+c633+6407 = 27174, folded 7176, complement 8e89.
    // Inner IP: 4500+001c+4011+c633+6407+c000+0201 = 27168, folded 716a, complement 8e95.
    // UDP: c633+6407+c000+0201 +0011+0008 +0035+9c40+0008 = 288d1, folded 88d3, complement 772c.
    // ICMP: 0304 and the inner packet. A header with its checksum adds up to ffff; the UDP bytes
    // 0035+9c40+0008+772c = 113a9, folded 13aa. 0304+ffff+13aa = 116ad, folded 16ae, complement e951.
    expect(frame).toEqual(
      bytes(`${ETHERNET} 0800
        4500 0038 0000 0000 4001 8e89 c0000201 c6336407
        0304 e951 00000000
        4500 001c 0000 0000 4011 8e95 c6336407 c0000201
        0035 9c40 0008 772c`),
    );
  });

  it('puts IPv6 extension headers and the fragment header in front of the transport', () => {
    const frame = encodeFrame(
      packet({ ...ipv6, protocol: 17, fragment: { id: 9, offset: 8, more: false } }),
      { extensions: [0, 60] },
    );
    expect(frame.subarray(14 + 6, 14 + 7)).toEqual(bytes('00'));
    expect(frame.subarray(14 + 40)).toEqual(
      bytes('3c00010400000000 2c00010400000000 1100000800000009'),
    );
  });

  it('is as long as the packet, and never shorter than the headers', () => {
    const syn = (length: number) =>
      encodeFrame(
        packet(
          {
            ...ipv4,
            protocol: 6,
            transport: { kind: 'tcp', sourcePort: 1, destinationPort: 2, flags: 2 },
          },
          length,
        ),
      );
    expect(syn(10)).toHaveLength(54);
    expect(syn(55)).toHaveLength(55);
    expect(Buffer.from(syn(1514)).readUInt16BE(16)).toBe(1500);
  });

  it('keeps room behind a transport that the packet lacks outside of the datagram', () => {
    const frame = encodeFrame(packet({ ...ipv4, protocol: 6 }, 60));
    expect(frame).toHaveLength(60);
    expect(Buffer.from(frame).readUInt16BE(16)).toBe(20);
  });

  it('writes ARP for a packet that is not IP', () => {
    const frame = encodeFrame({
      timeNs: 0n,
      length: 42,
      sourceMac: '0a0000000001',
      destinationMac: 'ffffffffffff',
      content: { kind: 'non-ip' },
    });
    expect(frame).toEqual(
      bytes(`ffffffffffff 0a0000000001 0806
        0001 0800 06 04 0001 0a0000000001 c0000201 000000000000 c0000202`),
    );
  });

  it.each([
    ['an unread frame', { timeNs: 0n, length: 60, content: { kind: 'unread', code: 'cut' } }],
    ['mixed families', packet({ source: ipv4.source, destination: ipv6.source, protocol: 6 })],
    ['an odd offset', packet({ ...ipv4, protocol: 6, fragment: { id: 1, offset: 9, more: true } })],
    ['65,536 bytes', packet({ ...ipv4, protocol: 253 }, 14 + 65_536)],
  ] satisfies [string, Packet][])('throws RangeError for %s', (_, unencodable) => {
    expect(() => encodeFrame(unencodable)).toThrow(RangeError);
  });
});
