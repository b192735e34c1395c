declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  export interface PacketHeader {
    readonly timestampSeconds: number;
    readonly timestampMicroseconds: number;
    readonly capturedLength: number;
    readonly originalLength: number;
  }
  export interface ParsedPacket {
    readonly header: PacketHeader;
    readonly data: Buffer;
  }
  interface Parser extends EventEmitter {
    /** What was not understood yet; null before the first bytes. */
    buffer: Buffer | null;
    on(event: 'packetHeader', listener: (header: PacketHeader) => void): this;
    on(event: 'packet', listener: (packet: ParsedPacket) => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }
  /** What it needs of a stream: these, and the events data, error and end. */
  interface Feed extends EventEmitter {
    pause(): unknown;
    resume(): unknown;
  }
  /** Reads a classic microsecond capture from a file or a stream. */
  export function parse(source: string | Readable | Feed): Parser;
}
