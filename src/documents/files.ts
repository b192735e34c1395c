import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../model/diagnostic.js';
import { addFault, listErrors, noFaults, type Faults } from './faults.js';

/** A document as read: its path as the user would type it, and its text. */
export interface DocumentFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads documents: files as named, folders for every .json, .yaml and .yml below them, sorted by name. Throws one
 * InputError with all that is wrong with any path.
 */
export function readDocuments(paths: readonly string[]): readonly DocumentFile[] {
  const faults = noFaults();
  const files = paths.flatMap((path) => readPath(path, faults));
  if (faults.errors.length > 0) throw new InputError(listErrors(faults));
  return files;
}

/** Bytes of one file. */
const LARGEST = 256 * 1024 * 1024;
/** Folders in folders. */
const DEEPEST = 16;
/** Documents below one folder. */
const MOST = 10_000;

const DOCUMENT = /\.(?:json|ya?ml)$/i;

function readPath(path: string, faults: Faults): readonly DocumentFile[] {
  const kind = kindOf(path);
  if (kind === 'nothing') {
    addFault(faults, 'error', 'no-file', path, 'does not exist', 'check the path');
    return [];
  }
  if (kind === 'file') return readFile(path, faults);
  const names: string[] = [];
  listFolder(path, { names, faults, above: [] });
  if (names.length === 0) {
    const fact = 'folder holds no .json, .yaml or .yml file';
    addFault(faults, 'error', 'no-documents', path, fact, 'name the files');
  }
  if (names.length > MOST) {
    const fact = `folder holds more than ${MOST} documents`;
    addFault(faults, 'error', 'no-documents', path, fact, 'name a folder with VPC documents only');
    return [];
  }
  return names.flatMap((name) => readFile(name, faults));
}

function kindOf(path: string): 'file' | 'folder' | 'nothing' {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    // A file that may not be looked at is reported when it is opened, with the reason.
    return reasonOf(error) === 'ENOENT' || reasonOf(error) === 'ENOTDIR' ? 'nothing' : 'file';
  }
}

interface Listing {
  readonly names: string[];
  readonly faults: Faults;
  /** Real paths of the folders above: a link to one of them would never end. */
  readonly above: readonly string[];
}

function listFolder(folder: string, listing: Listing): void {
  const { names, faults, above } = listing;
  if (above.length > DEEPEST || names.length > MOST) return;
  let entries: string[];
  let real: string;
  try {
    real = realpathSync(folder);
    entries = readdirSync(folder);
  } catch (error) {
    unreadable(folder, error, faults);
    return;
  }
  if (above.includes(real)) return;
  entries.sort((a, b) => (a < b ? -1 : 1));
  for (const entry of entries) {
    if (entry.startsWith('.') || names.length > MOST) continue;
    const path = join(folder, entry);
    const kind = entryKind(path);
    if (kind === 'folder') listFolder(path, { ...listing, above: [...above, real] });
    else if (kind === 'file' && DOCUMENT.test(entry)) names.push(path);
  }
}

/** Follows links; leaves out pipes and devices, which would block, and links to nothing. */
function entryKind(path: string): 'file' | 'folder' | 'other' {
  try {
    const stat = statSync(path);
    return stat.isDirectory() ? 'folder' : stat.isFile() ? 'file' : 'other';
  } catch (error) {
    return reasonOf(error) === 'EACCES' ? 'file' : 'other';
  }
}

function readFile(name: string, faults: Faults): readonly DocumentFile[] {
  let bytes: Uint8Array;
  try {
    const read = readBytes(name);
    if (read === undefined) {
      const fact = `larger than ${LARGEST / 1024 / 1024} MB`;
      addFault(faults, 'error', 'file-size', name, fact, 'split it, or fetch one VPC only');
      return [];
    }
    bytes = read;
  } catch (error) {
    unreadable(name, error, faults);
    return [];
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    addFault(faults, 'error', 'encoding', name, 'is UTF-16 text', 'save it as UTF-8');
    return [];
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return [{ name, text }];
  } catch {
    // Falls through to the same answer: not text.
  }
  addFault(faults, 'error', 'encoding', name, 'is not UTF-8 text', 'name JSON or YAML files');
  return [];
}

const CHUNK = 64 * 1024;

/** In chunks, because pipes and growing files do not tell their size; undefined when too large. */
function readBytes(path: string): Uint8Array | undefined {
  const file = openSync(path, 'r');
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const chunk = new Uint8Array(CHUNK);
      const length = readSync(file, chunk);
      if (length === 0) return Buffer.concat(chunks, size);
      size += length;
      if (size > LARGEST) return undefined;
      chunks.push(chunk.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}

function unreadable(path: string, error: unknown, faults: Faults): void {
  const reason = reasonOf(error);
  const fact = REASONS.get(reason) ?? `cannot be read (${reason})`;
  addFault(faults, 'error', 'unreadable', path, fact, 'check the path and its permissions');
}

const REASONS = new Map([
  ['EACCES', 'may not be read'],
  ['EPERM', 'may not be read'],
  ['EISDIR', 'is a folder'],
]);

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
