import { compileKernel, instantiateKernel } from '../../src/engine/kernel-module.js';
import { allocate, bytesAt, createMemory } from '../../src/engine/memory.js';
import type { FilterProgram } from '../../src/filter/compile.js';

const PROGRAM_MAX = 4 << 20;
const FRAME_MAX = 1 << 20;

/** A kernel that runs filter programs on frames. */
export interface FilterRoom {
  /** Which of the frames pass; `wire` is a frame's length on the wire, the captured one unless given. */
  run(program: FilterProgram, frames: readonly Filtered[]): boolean[];
}

export interface Filtered {
  readonly bytes: Uint8Array;
  readonly length?: number;
}

export function createFilterRoom(): FilterRoom {
  const memory = createMemory();
  const kernel = instantiateKernel(compileKernel(), memory);
  const [program, frame] = [allocate(memory, PROGRAM_MAX), allocate(memory, FRAME_MAX)];
  return {
    run: ({ bytes, instructions }, frames) => {
      bytesAt(memory, program, bytes.length).set(bytes);
      return frames.map((each) => {
        bytesAt(memory, frame, each.bytes.length).set(each.bytes);
        const wire = each.length ?? each.bytes.length;
        return kernel.filter(program, instructions, frame, each.bytes.length, wire) !== 0;
      });
    },
  };
}
