import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, InputError, inputError } from '../model/diagnostic.js';
import { type CaptureFile, captureFile, statOf } from './capture-file.js';
import { flowLogFile } from './flow-log-file.js';
import { flowLogsBelow } from './flow-log-folder.js';
import { HEAD_SIZE, captureFormat } from './format.js';
import { globNames, isGlob } from './glob.js';
import { parseCaptureName } from './source.js';

export interface ExpandedCaptures {
  /** In the order they were named; those of a folder or a pattern by name. */
  readonly captures: readonly CaptureFile[];
  /** Warnings about files that are no captures. */
  readonly skipped: readonly Diagnostic[];
}

/**
 * Finds the captures that names stand for: a file, `-` for standard input, a folder for the captures right in it and the flow
 * logs anywhere below it, and a pattern with `*`, `?` or `[...]` for those that match. `NAME@eni-...` tells where all of them were taken. Hidden files
 * are left out of folders. Throws InputError when a name stands for no capture.
 */
export async function expandCaptures(names: readonly string[]): Promise<ExpandedCaptures> {
  const captures: CaptureFile[] = [];
  const skipped: Diagnostic[] = [];
  for (const name of names) {
    const found = await expandName(name);
    captures.push(...found.captures);
    skipped.push(...found.skipped);
  }
  return { captures, skipped };
}

async function expandName(name: string): Promise<ExpandedCaptures> {
  const { file, takenAt } = parseCaptureName(name);
  const kind = file === '-' ? 'file' : kindOf(file);
  if (kind === 'folder') {
    const files = [...filesIn(file), ...(await flowLogsBelow(file))];
    return capturesAmong(name, files, takenAt, 'the folder holds');
  }
  if (kind === 'nothing' && isGlob(file)) {
    const files = globNames(file).filter((match) => statOf(match)?.isFile() === true);
    return capturesAmong(name, files, takenAt, 'the pattern matches');
  }
  return { captures: [captureFile(name)], skipped: [] };
}

function kindOf(name: string): 'file' | 'folder' | 'nothing' {
  const stat = statOf(name);
  if (stat === undefined) return 'nothing';
  return stat.isDirectory() ? 'folder' : 'file';
}

/** Links to nothing, folders, sockets and the like are left out. */
function filesIn(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(folder, name))
    .filter((path) => statOf(path)?.isFile() === true)
    .sort();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const fix = 'name a folder that can be read';
    throw inputError('capture-file', folder, `the folder cannot be read (${code})`, fix);
  }
}

async function capturesAmong(
  name: string,
  files: readonly string[],
  takenAt: string | undefined,
  what: string,
): Promise<ExpandedCaptures> {
  const captures: CaptureFile[] = [];
  const skipped: Diagnostic[] = [];
  for (const file of files) {
    const capture = captureFile(file, takenAt);
    const fault = await faultOf(capture);
    if (fault === undefined) captures.push(capture);
    else skipped.push({ ...fault, severity: 'warning', fact: `left out: ${fault.fact}` });
  }
  if (captures.length > 0) return { captures, skipped };
  const [first, ...others] = skipped;
  const fact =
    first === undefined
      ? `${what} no files`
      : `${what} no captures: ${first.place}, ${first.fact.replace('left out: ', '')}` +
        (others.length > 0 ? `, and ${others.length} more` : '');
  throw inputError('capture-file', name, fact, 'name a capture file, or a folder with captures');
}

/** Why a file is no capture. A file that cannot be read is no answer: that throws InputError. */
async function faultOf(capture: CaptureFile): Promise<Diagnostic | undefined> {
  try {
    if ((await flowLogFile(capture)) !== undefined) return undefined;
    captureFormat(capture.name, await capture.firstBytes(HEAD_SIZE));
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [fault] = error.diagnostics;
    if (fault === undefined || fault.code === 'capture-file') throw error;
    return fault;
  }
}
