import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** Captures of other projects, and what tshark says about every frame of them; not part of the repository. */
const CORPUS = new URL('../../../shared/corpus/', import.meta.url);

export const corpusAbsent = !existsSync(CORPUS);

/** One frame as tshark sees it. Empty strings: the field does not exist, or could not be read. */
export type Truth = Readonly<Record<(typeof COLUMNS)[number], string>>;

const COLUMNS = [
  'frame',
  'epoch_ns',
  'src',
  'dst',
  'proto',
  'sport',
  'dport',
  'tcp_flags',
  'icmp_type',
  'icmp_code',
  'frag_off',
  'frame_len',
  'cap_len',
  'mf',
  'if_id',
  'stack',
  'note',
] as const;

/** A capture of the corpus. */
export interface Listed {
  readonly name: string;
  /** In the manifest's words: `pcap us LE`. */
  readonly format: string;
  /** How tshark ended: 2 when the capture breaks off. */
  readonly exit: string;
}

export function listCaptures(): Listed[] {
  const status = new Map(
    readTable('truth/STATUS.tsv').map(({ name, tshark_exit }) => [name!, tshark_exit!]),
  );
  return readTable('captures/MANIFEST.tsv').map(({ name, format }) => ({
    name: name!,
    format: format!,
    exit: status.get(name!)!,
  }));
}

/** Where a capture is. */
export const captureName = (name: string): string =>
  fileURLToPath(new URL(`captures/${name}`, CORPUS));

export function readCapture(name: string): Uint8Array {
  const bytes = readFileSync(new URL(`captures/${name}`, CORPUS));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

function readTable(name: string): Readonly<Record<string, string>>[] {
  const [header, ...lines] = readFileSync(new URL(name, CORPUS), 'utf8').trimEnd().split('\n');
  const columns = header!.split('\t');
  return lines.map((line) => {
    const values = line.split('\t');
    return Object.fromEntries(columns.map((column, i) => [column, values[i] ?? '']));
  });
}

export function readTruth(name: string): Truth[] {
  const text = gunzipSync(readFileSync(new URL(`truth/${name}.tsv.gz`, CORPUS))).toString('utf8');
  const [header, ...lines] = text.trimEnd().split('\n');
  if (header !== COLUMNS.join('\t')) throw new Error(`unexpected columns: ${header ?? ''}`);
  return lines.map((line) => {
    const values = line.split('\t');
    return Object.fromEntries(COLUMNS.map((name, i) => [name, values[i] ?? ''])) as Truth;
  });
}
