import { formatAddress } from '../model/address.js';
import { ICMP, ICMPV6, protocolName } from '../model/protocol.js';

/** The flow of a generated Ethernet frame, seen from its sender: `tcp 10.0.1.20:40000 > [2001:db8::1]:443`. */
export function flowName(frame: Uint8Array): string {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const v6 = view.getUint16(12) === 0x86dd;
  const protocol = view.getUint8(v6 ? 20 : 23);
  const transport = v6 ? 54 : 34;
  const ends = [0, 1].map((side) => {
    const address = v6
      ? formatAddress({ family: 6, value: wide(view, 22 + side * 16) })
      : formatAddress({ family: 4, value: BigInt(view.getUint32(26 + side * 4)) });
    if (protocol === ICMP || protocol === ICMPV6) return address;
    const host = v6 ? `[${address}]` : address;
    return `${host}:${view.getUint16(transport + side * 2)}`;
  });
  return `${protocolName(protocol)} ${ends.join(' > ')}`;
}

const wide = (view: DataView, at: number): bigint =>
  (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8);
