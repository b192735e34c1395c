import { encodeFrame } from '../../src/generate/frame.js';
import { inputError } from '../../src/model/diagnostic.js';
import { parsePacket } from '../scenarios/packet-text.js';

/** Bytes in front of the frame that was mirrored over IPv4: Ethernet, IPv4, UDP and VXLAN. */
export const VXLAN_BYTES = 14 + 20 + 8 + 8;

/** A frame in VXLAN (RFC 7348 section 5) between the ends of a UDP packet: `A:1 > B:4789 udp`. */
export function vxlanFrame(outer: string, vni: number, inner: Uint8Array): Uint8Array {
  const packet = parsePacket(outer, 0n, (fact) => inputError('packet', outer, fact));
  const frame = encodeFrame({ ...packet, length: VXLAN_BYTES + inner.length });
  const header = Buffer.alloc(8);
  header[0] = 0x08;
  header.writeUIntBE(vni, 4, 3);
  frame.set(header, VXLAN_BYTES - 8);
  frame.set(inner, VXLAN_BYTES);
  // Without a UDP checksum, as section 5 has it.
  frame.fill(0, VXLAN_BYTES - 10, VXLAN_BYTES - 8);
  return frame;
}
