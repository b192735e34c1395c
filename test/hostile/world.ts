import { compileImage } from '../../src/compile/rule-image.js';
import { type Engine, countersSize, shareImages } from '../../src/engine/engine.js';
import {
  type KernelExports,
  compileKernel,
  instantiateKernel,
} from '../../src/engine/kernel-module.js';
import { allocate, bytesAt } from '../../src/engine/memory.js';
import type { CaptureTable, DecodeSettings } from '../../src/engine/settings.js';
import { ALLOWANCE_SIZE, PRIVATE_SIZE } from '../../src/kernel/layout.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { Timeline } from '../../src/policy/timeline.js';
import type { OpenSlot } from '../../src/replay/slot.js';
import { type Arena, createArena } from './arena.js';
import { type CheckedKernel, compileCheckedKernel, createCheckedKernel } from './checked-kernel.js';
import type { Coverage } from './coverage.js';

/** Pages that one input may take while it is read, decoded and judged: 64 MB. */
export const PAGES_MAX = 1024;

/** Kernels over one memory, used by one input after the other. */
export interface World {
  readonly arena: Arena;
  readonly kernel: KernelExports;
  // Views cost the collector as much as the memory is large: they are made once.
  readonly words: Uint32Array;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Gives back what the input before took. */
  begin(captures: number): void;
  tellSlot(slot: OpenSlot): void;
  prepareToJudge(
    timeline: Timeline,
    tracking: TrackingOptions,
    captures: CaptureTable | undefined,
    decode: DecodeSettings,
    accounts: boolean,
  ): Engine;
}

/** A world whose kernel is checked; `coverage` is told every access. */
export function createCheckedWorld(coverage: Coverage): World {
  const arena = createArena(PAGES_MAX, 1);
  const scratch = arena.size - PAGES_MAX * 65_536;
  const checked = createCheckedKernel(compileCheckedKernel(), arena, scratch, coverage);
  return createWorld(arena, checked.kernel, compileKernel(), checked);
}

/** A world whose kernel is the one that ships. What it grows by when it judges is never given back. */
export function createShippedWorld(module: WebAssembly.Module): World {
  const arena = createArena(PAGES_MAX, 0);
  return createWorld(arena, instantiateKernel(module, arena.whole), module);
}

function createWorld(
  arena: Arena,
  kernel: KernelExports,
  module: WebAssembly.Module,
  checked?: CheckedKernel,
): World {
  const { memory, whole, size: extent } = arena;
  return {
    arena,
    kernel,
    words: new Uint32Array(whole.buffer, 0, extent / 4),
    bytes: new Uint8Array(whole.buffer, 0, extent),
    view: new DataView(whole.buffer, 0, extent),
    begin: (captures) => {
      arena.reset();
      checked?.reset(captures);
    },
    tellSlot: (slot) => checked?.tellRoom(slot.batch, slot),
    prepareToJudge: (timeline, tracking, captures, decode, accounts) => {
      const phases = timeline.phases.map(({ fromNs, policy }) => ({
        fromNs,
        image: compileImage(policy, timeline.rules.length),
      }));
      const seed = 0x5eedn;
      const share = shareImages(module, memory, phases, tracking, seed, captures, decode, accounts);
      const size = countersSize(share) + share.interfaceCount * ALLOWANCE_SIZE;
      const counters = allocate(memory, size);
      phases.forEach(({ image }, i) => checked?.tellSize(share.images[i]!, image.bytes.length));
      checked?.tellSize(counters, size);
      const table = allocate(memory, PRIVATE_SIZE);
      for (const [at, bytes] of [
        [counters, size],
        [table, PRIVATE_SIZE],
      ] as const) {
        bytesAt(memory, at, bytes).fill(0);
      }
      if (kernel.setup(share.settings, counters, table) === 0) {
        throw new Error('no memory to judge');
      }
      return { share, kernel, counters, segments: table };
    },
  };
}
