import { createReadStream, createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { createPacketWriter } from '../src/capture/packet-writer.js';
import { writeInterface, writePacket, writeSectionHeader } from '../src/capture/pcapng-writer.js';
import { openCapture } from '../src/capture/source.js';
import { decodeCaptures } from '../src/replay/decode.js';

export const READ_CASES = ['pcap', 'pcapng', 'gzip', 'inflate'] as const;
export type ReadCase = (typeof READ_CASES)[number];

export interface ReadResult {
  readonly packets: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

const WARM_UPS = 4;

/** Writes the same frames as pcapng and as gzip beside a classic little-endian microsecond capture; returns the names. */
export async function convertCapture(
  pcap: string,
  folder: string,
): Promise<Readonly<Record<ReadCase, string>>> {
  const pcapng = join(folder, 'workload.pcapng');
  const gzip = join(folder, 'workload.pcap.gz');
  writeFileSync(pcapng, asPcapng(readFileSync(pcap)));
  await pipeline(createReadStream(pcap), createGzip({ level: 6 }), createWriteStream(gzip));
  return { pcap, pcapng, gzip, inflate: gzip };
}

function asPcapng(file: Buffer): Buffer {
  const chunks: Uint8Array[] = [];
  const writer = createPacketWriter((chunk) => chunks.push(chunk));
  writeSectionHeader(writer, 'bench');
  writeInterface(writer, { name: 'eth0', linkType: 1, snapLength: 0 });
  for (let at = 24; at < file.length;) {
    const micros = BigInt(file.readUInt32LE(at)) * 1_000_000n + BigInt(file.readUInt32LE(at + 4));
    const size = file.readUInt32LE(at + 8);
    const wire = file.readUInt32LE(at + 12);
    const bytes = file.subarray(at + 16, at + 16 + size);
    writePacket(writer, { timeNs: micros * 1000n, wire, bytes, interfaceId: 0 });
    at += 16 + size;
  }
  writer.flush();
  return Buffer.concat(chunks);
}

/** Reads and decodes a capture on one thread, warm, and measures the last time; `inflate` only inflates. */
export async function runRead(name: ReadCase, file: string): Promise<ReadResult> {
  const run = name === 'inflate' ? inflate : decode;
  let packets = 0;
  for (let pass = 0; pass < WARM_UPS; pass++) packets = await run(file);
  const began = performance.now();
  const cpu = process.cpuUsage();
  await run(file);
  const { user, system } = process.cpuUsage(cpu);
  return {
    packets,
    cpuSeconds: (user + system) / 1e6,
    wallSeconds: (performance.now() - began) / 1000,
  };
}

async function decode(file: string): Promise<number> {
  const source = openCapture(file);
  const [summary] = await decodeCaptures([source], { onFrames: () => undefined });
  source.close();
  return summary!.packets;
}

async function inflate(file: string): Promise<number> {
  let bytes = 0;
  const chunks = createReadStream(file, { highWaterMark: 1 << 18 }).pipe(
    createGunzip({ chunkSize: 1 << 18 }),
  );
  for await (const chunk of chunks as AsyncIterable<Buffer>) bytes += chunk.length;
  return bytes;
}
