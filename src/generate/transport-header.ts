import { ACK, SYN } from '../model/protocol.js';
import { complement, halves } from './ones-complement.js';

/** Of UDP and of an ICMP echo. */
export const SHORT_HEADER = 8;
/** Maximum segment size, window scale 7, selective acknowledgements: 12 bytes in segments with SYN. */
export const tcpHeader = (flags: number): number => ((flags & SYN) === 0 ? 20 : 32);

const SCALE_OPTION = 0x0103_0307;
const SELECTIVE_OPTION = 0x0402_0101;
/** Scaled by 7 after the handshake: 64 KiB either way. */
const WINDOW = { opening: 64_240, later: 502 } as const;

/**
 * RFC 9293 section 3.1. `ports` are the source's and the destination's, in halves; `sum` is what pseudo header and payload
 * add to the checksum. `segment` is the largest that the sender takes.
 */
export function writeTcp(
  view: DataView,
  at: number,
  ports: number,
  flags: number,
  sequence: number,
  acknowledged: number,
  segment: number,
  sum: number,
): void {
  const opens = (flags & SYN) !== 0;
  const number = (flags & ACK) === 0 ? 0 : acknowledged;
  const fourth = (opens ? 0x8000 : 0x5000) | flags;
  const window = opens ? WINDOW.opening : WINDOW.later;
  let all = sum + halves(ports) + halves(sequence) + halves(number) + fourth + window;
  view.setInt32(at, ports);
  view.setInt32(at + 4, sequence);
  view.setInt32(at + 8, number);
  view.setInt32(at + 12, (fourth << 16) | window);
  if (opens) {
    const option = 0x0204_0000 | segment;
    view.setInt32(at + 20, option);
    view.setInt32(at + 24, SCALE_OPTION);
    view.setInt32(at + 28, SELECTIVE_OPTION);
    all += halves(option) + halves(SCALE_OPTION) + halves(SELECTIVE_OPTION);
  }
  view.setInt32(at + 16, complement(all) << 16);
}

/** RFC 768; `length` is that of header and payload. */
export function writeUdp(
  view: DataView,
  at: number,
  ports: number,
  length: number,
  sum: number,
): void {
  const checksum = complement(sum + halves(ports) + length);
  view.setInt32(at, ports);
  // Zero says that there is no checksum.
  view.setInt32(at + 4, (length << 16) | (checksum === 0 ? 0xffff : checksum));
}

/** RFC 792, RFC 4443 section 4: an echo request or its reply. */
export function writeEcho(
  view: DataView,
  at: number,
  type: number,
  id: number,
  sequence: number,
  sum: number,
): void {
  const checksum = complement(sum + (type << 8) + id + sequence);
  view.setInt32(at, (type << 24) | checksum);
  view.setInt32(at + 4, (id << 16) | sequence);
}
