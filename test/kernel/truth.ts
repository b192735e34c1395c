import { existsSync, readFileSync } from 'node:fs';
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

/** Names of the classic captures, of whatever link type. */
export function classicCaptures(): string[] {
  const [header, ...lines] = readFileSync(new URL('captures/MANIFEST.tsv', CORPUS), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const column = (name: string): number => header!.indexOf(name);
  return lines
    .filter((line) => line[column('format')]!.startsWith('pcap '))
    .map((line) => line[column('name')]!);
}

export function readCapture(name: string): Uint8Array {
  const bytes = readFileSync(new URL(`captures/${name}`, CORPUS));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
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
