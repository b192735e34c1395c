import { compileKernel, instantiateKernel } from '../../src/engine/kernel-module.js';
import { allocate, bytesAt, createMemory } from '../../src/engine/memory.js';
import type { FilterProgram } from '../../src/filter/compile.js';

const PROGRAM_MAX = 2 << 20;
const FRAME_MAX = 1 << 20;
const MARGIN = 1 << 16;

/** A kernel that runs filter programs on frames. */
export interface FilterRoom {
  /** Which of the frames pass. `around` fills the memory before and behind them. */
  run(program: FilterProgram, frames: readonly Filtered[], around?: number): boolean[];
}

export interface Filtered {
  readonly bytes: Uint8Array;
  /** On the wire; that of `bytes` unless told. */
  readonly length?: number;
}

export function createFilterRoom(): FilterRoom {
  const memory = createMemory();
  const kernel = instantiateKernel(compileKernel(), memory);
  const program = allocate(memory, PROGRAM_MAX);
  const [before, size] = [allocate(memory, FRAME_MAX + 2 * MARGIN), FRAME_MAX + 2 * MARGIN];
  const frame = before + MARGIN;
  return {
    run: ({ bytes, instructions }, frames, around) => {
      bytesAt(memory, program, bytes.length).set(bytes);
      return frames.map((each) => {
        if (around !== undefined) bytesAt(memory, before, size).fill(around);
        bytesAt(memory, frame, each.bytes.length).set(each.bytes);
        const wire = each.length ?? each.bytes.length;
        return kernel.filter(program, instructions, frame, each.bytes.length, wire) !== 0;
      });
    },
  };
}
