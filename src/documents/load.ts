import type { DocumentFile } from './files.js';
import { type LoadedVpc, readVpc } from './read-vpc.js';
import { parseYaml } from './yaml-text.js';

/** Reads documents as `readVpc` does, JSON or YAML. Throws one InputError with every fault of every file. */
export function loadVpc(files: readonly DocumentFile[]): LoadedVpc {
  return readVpc(files, parseYaml);
}
