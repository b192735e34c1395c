import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** A real capture that hostile ones are made of. */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** No seed is longer: a capture's first frames are as good as its last. */
const BYTES_MAX = 65_536;

const ROOT = pathToFileURL(`${process.cwd()}/`);
const OWN = new URL('fixtures/captures/', ROOT);
const FOUND = new URL('fixtures/hostile/', ROOT);
const CORPUS = new URL('../shared/corpus/captures/', ROOT);

/** The repository's captures, what was found before, and those of other projects where there are any; in order of names. */
export function readSeeds(): Seed[] {
  return [OWN, FOUND, CORPUS].flatMap(seedsIn);
}

function seedsIn(folder: URL): Seed[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .filter((name) => /\.(pcap|pcapng)(\.gz)?$|\.rewrite_|\.bin$/.test(name))
    .map((name) => {
      const bytes = readFileSync(new URL(name, folder));
      const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      return { name, bytes: Uint8Array.from(plain.subarray(0, BYTES_MAX)) };
    });
}
