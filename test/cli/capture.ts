import { encodeFrame } from '../../src/generate/frame.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { inputError } from '../../src/model/diagnostic.js';
import { parsePacket } from '../scenarios/packet-text.js';

const BEGIN_NS = 1_700_000_000_000_000_000n; // 2023-11-14T22:13:20Z

/** A capture of packets as stories write them, each after its milliseconds: `[0, 'A:1 > B:2 udp']`. */
export function captureOf(...packets: readonly (readonly [number, string])[]): Uint8Array {
  return encodePcap(packets.map(([ms, text]) => frameOf(ms, text)));
}

export function frameOf(ms: number, text: string): { timeNs: bigint; bytes: Uint8Array } {
  const timeNs = BEGIN_NS + BigInt(ms) * 1_000_000n;
  const packet = parsePacket(text, timeNs, (fact) => inputError('packet', text, fact));
  return { timeNs, bytes: encodeFrame(packet) };
}

/** Bytes that a classic capture's file header and record headers take. */
export const FILE_HEADER_BYTES = 24;
export const RECORD_HEADER_BYTES = 16;
