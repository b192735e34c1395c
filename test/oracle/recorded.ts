import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Address, formatAddress } from '../../src/model/address.js';
import { framesOf } from '../capture/frames-of.js';
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
  try {
    const { frames, linkType } = framesOf(file);
    const hasty = frames.map((frame, i) => ({ ...frame, timeNs: START + BigInt(i) * 50_000n }));
    return { frames: hasty, linkType };
  } catch {
    return undefined;
  }
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
