import { ADMISSION_SIZE } from '../kernel/layout.js';
import type { KernelExports } from '../engine/kernel-module.js';
import { allocate, viewAt } from '../engine/memory.js';
import { createFrameFilter } from './frame-filter.js';

/** Tells frames apart that a filter matches. */
export interface Marks {
  /**
   * Asks about the `count` frames of a table at an address; returns the address of their marks, a byte each, 1 or 0. Throws
   * InputError when the filter cannot tell.
   */
  mark(table: number, count: number, linkTypes: ReadonlySet<number>): number;
}

/** `framesMax`: most frames in a batch. */
export function createMarks(
  memory: WebAssembly.Memory,
  kernel: KernelExports,
  expression: string,
  framesMax: number,
): Marks {
  // Of an admission the kernel needs the programs alone.
  const block = allocate(memory, ADMISSION_SIZE);
  const filter = createFrameFilter(memory, viewAt(memory, block, ADMISSION_SIZE), expression);
  const marks = allocate(memory, framesMax);
  return {
    mark: (table, count, linkTypes) => {
      filter.prepare(linkTypes);
      kernel.mark(block, table, count, marks);
      filter.check();
      return marks;
    },
  };
}
