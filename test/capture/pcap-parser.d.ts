// The part of pcap-parser that tests use; it brings no types of its own.
declare module 'pcap-parser' {
  import type { Readable } from 'node:stream';

  interface Packet {
    readonly header: {
      readonly timestampSeconds: number;
      readonly timestampMicroseconds: number;
      readonly capturedLength: number;
      readonly originalLength: number;
    };
    readonly data: Buffer;
  }

  interface Parser {
    on(event: 'packet', listener: (packet: Packet) => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }

  /** A path, or a stream of a classic pcap file's bytes. */
  export function parse(input: string | Readable): Parser;
}
