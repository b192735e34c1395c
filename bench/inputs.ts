import { rmSync } from 'node:fs';
import type { BenchInput } from './sgsim-run.js';
import { SHAPE_NAMES, writeShape } from './shapes.js';

/**
 * What to measure with: the shapes one after another, one of them, or a capture of one's own with its VPC. A shape is written
 * when its turn comes and removed after it. Throws for a capture without a VPC.
 */
export function* benchInputs(folder: string, capture?: string, vpc?: string): Iterable<BenchInput> {
  if (capture !== undefined && vpc !== undefined) {
    yield { name: capture, capture, vpc };
    return;
  }
  const names = SHAPE_NAMES.filter((name) => capture === undefined || name === capture);
  if (names.length === 0) throw new Error(`${capture!} is no shape (a, b, c) and has no VPC`);
  for (const name of names) {
    const written = writeShape(name, folder);
    yield { name: `shape ${name}`, capture: written.capture, vpc: written.vpc };
    rmSync(written.capture);
  }
}
