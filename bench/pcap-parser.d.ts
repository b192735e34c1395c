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
    on(event: 'packet', listener: (packet: ParsedPacket) => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }
  /** Reads a classic microsecond capture from a file or a stream. */
  export function parse(source: string | Readable): Parser;
}
