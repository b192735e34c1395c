import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PCAP_HEADER_SIZE, parsePcapHeader } from '../../src/capture/pcap-header.js';
import { RECORD_HEADER } from '../../src/kernel/layout.js';
import { type Address, formatAddress } from '../../src/model/address.js';
import { createCaptureReading } from '../capture/read-capture.js';
import type { Traffic } from './traffic.js';

const CAPTURES = '../shared/corpus/captures';

/** Names of the recorded captures that are classic pcap files. */
export function recordedCaptures(): string[] {
  return readdirSync(CAPTURES).filter((name) => name.endsWith('.pcap'));
}

const START = 1_000_000_000_000_000_000n;

/** The frames of a capture within two seconds, so that nothing times out; undefined when it cannot be read. */
export function recordedTraffic(name: string): Traffic | undefined {
  const file = readFileSync(join(CAPTURES, name));
  let header;
  try {
    header = parsePcapHeader(name, file.subarray(0, PCAP_HEADER_SIZE));
  } catch {
    return undefined;
  }
  const { swapped, linkType } = header;
  const frames: Traffic['frames'][number][] = [];
  for (let at = PCAP_HEADER_SIZE; at + RECORD_HEADER <= file.length;) {
    const size = swapped ? file.readUInt32BE(at + 8) : file.readUInt32LE(at + 8);
    const length = swapped ? file.readUInt32BE(at + 12) : file.readUInt32LE(at + 12);
    at += RECORD_HEADER;
    if (at + size > file.length) break;
    frames.push({
      timeNs: START + BigInt(frames.length) * 50_000n,
      bytes: file.subarray(at, at + size),
      length,
    });
    at += size;
  }
  return { frames, linkType };
}

/** The hosts that most frames come from or go to. */
export async function busiestHosts(capture: Uint8Array, count: number): Promise<string[]> {
  const { rows } = await createCaptureReading(1 << 20)(capture);
  const frames = new Map<string, number>();
  for (const { ip } of rows) {
    if (ip === undefined) continue;
    for (const end of [ip.source, ip.destination]) {
      if (!isUnicast(end)) continue;
      const text = formatAddress(end);
      frames.set(text, (frames.get(text) ?? 0) + 1);
    }
  }
  return [...frames]
    .sort(([, one], [, other]) => other - one)
    .slice(0, count)
    .map(([text]) => text);
}

const isUnicast = ({ family, value }: Address): boolean =>
  family === 4 ? value >> 28n < 0xen && value >> 24n !== 0n : value >> 120n !== 0xffn && value > 1n;
