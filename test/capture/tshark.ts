import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const tsharkAbsent = spawnSync('tshark', ['--version']).error !== undefined;
if (tsharkAbsent) console.warn('tshark is not installed: captures are not checked against it');

/** What tshark reads of a capture: the fields of each frame, and its complaint if it broke off. */
export interface TsharkReading {
  readonly frames: readonly (readonly string[])[];
  /** Empty when it read all. */
  readonly complaint: string;
}

export function readWithTshark(capture: Uint8Array, fields: readonly string[]): TsharkReading {
  const folder = mkdtempSync(join(tmpdir(), 'sgsim-'));
  const path = join(folder, 'capture');
  writeFileSync(path, capture);
  const args = ['-n', '-r', path, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
  const { stdout, stderr } = spawnSync('tshark', args, { maxBuffer: 1 << 28 });
  rmSync(folder, { recursive: true });
  return {
    frames: stdout
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t')),
    complaint: stderr
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('tshark:'))
      .join(' '),
  };
}
