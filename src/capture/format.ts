import { inputError } from '../model/diagnostic.js';
import { type ByteStream, readFully } from './byte-stream.js';
import { foreignFormat } from './foreign-format.js';

export type CaptureFormat = 'pcap' | 'pcapng';

/** Bytes that tell pcap and pcapng. */
const MAGIC_SIZE = 4;

/** Bytes after which a format that is not read has shown itself. */
export const HEAD_SIZE = 4096;

/** Magic numbers of pcap as they stand in a file, in either byte order. */
const PCAP: ReadonlySet<number> = new Set(
  [0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34].flatMap((magic) => [magic, reversed(magic)]),
);

/** First block of every pcapng section (draft-ietf-opsawg-pcapng section 4.1), the same in both byte orders. */
const PCAPNG = 0x0a0d0d0a;

/**
 * Tells the format by a file's first bytes, never by its name. The more of HEAD_SIZE bytes, the more of the other formats
 * are told by name in the error. Throws InputError when it is neither.
 */
export function captureFormat(name: string, head: Uint8Array): CaptureFormat {
  const format = knownFormat(head);
  if (format !== undefined) return format;
  if (head.length === 0) {
    throw inputError(
      'capture-empty',
      name,
      'the file is empty',
      'capture again, or name another file',
    );
  }
  const { fact, fix } = foreignFormat(head) ?? {
    fact: 'not a capture: it begins neither as pcap nor as pcapng does',
    fix: 'record one with `tcpdump -w FILE`',
  };
  throw inputError('capture-format', name, fact, fix);
}

/**
 * Reads just enough of a source to tell its format, so that a live pipe is not waited for. Returns the bytes too: the
 * source goes on after them. Throws InputError when it is no capture.
 */
export async function sniff(
  source: ByteStream,
): Promise<{ readonly format: CaptureFormat; readonly head: Uint8Array }> {
  const bytes = new Uint8Array(HEAD_SIZE);
  const size = await readFully(source, bytes.subarray(0, MAGIC_SIZE));
  const head = bytes.subarray(0, size);
  const format = knownFormat(head);
  if (format !== undefined) return { format, head };
  const more = size < MAGIC_SIZE ? 0 : await readFully(source, bytes.subarray(size));
  return { format: captureFormat(source.name, bytes.subarray(0, size + more)), head };
}

function knownFormat(head: Uint8Array): CaptureFormat | undefined {
  if (head.length < MAGIC_SIZE) return undefined;
  const magic = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  if (PCAP.has(magic)) return 'pcap';
  return magic === PCAPNG ? 'pcapng' : undefined;
}

function reversed(word: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, word);
  return view.getUint32(0, true);
}
