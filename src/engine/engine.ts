import {
  CODES,
  INTERFACE_TALLIES,
  MIDSTREAM_HISTORY,
  MIDSTREAM_PICKUP,
  MIDSTREAM_STRICT,
  PRIVATE_SIZE,
  TALLY_SIZE,
} from '../kernel/layout.js';
import type { RuleImage } from '../compile/rule-image.js';
import { inputError } from '../model/diagnostic.js';
import type { TrackingOptions } from '../model/tracking.js';
import { type KernelExports, instantiateKernel } from './kernel-module.js';
import { allocate, bytesAt } from './memory.js';

/** What every instance of one replay shares; can be sent to another thread. */
export interface EngineShare {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the rule image. */
  readonly image: number;
  readonly interfaceCount: number;
  readonly ruleCount: number;
  readonly tracking: TrackingOptions;
  /** Of the connection tables' hash: never seen in results. */
  readonly seed: bigint;
}

/** A kernel instance with connection tables and counters of its own. */
export interface Engine {
  readonly share: EngineShare;
  readonly kernel: KernelExports;
  /** Address of the counters: see layout.ts. */
  readonly counters: number;
}

const MIDSTREAM = {
  history: MIDSTREAM_HISTORY,
  strict: MIDSTREAM_STRICT,
  pickup: MIDSTREAM_PICKUP,
} as const;

/** Puts a rule image into memory, once for all instances. */
export function shareImage(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  image: RuleImage,
  tracking: TrackingOptions,
  seed: bigint,
): EngineShare {
  const address = allocate(memory, image.bytes.length);
  bytesAt(memory, address, image.bytes.length).set(image.bytes);
  const { interfaceCount, ruleCount } = image;
  return { module, memory, image: address, interfaceCount, ruleCount, tracking, seed };
}

/** Throws InputError when memory is short. */
export function createEngine(share: EngineShare): Engine {
  const { memory, tracking } = share;
  const kernel = instantiateKernel(share.module, memory);
  const counters = allocate(memory, countersSize(share));
  const ready = kernel.setup(
    share.image,
    counters,
    allocate(memory, PRIVATE_SIZE),
    MIDSTREAM[tracking.midstream],
    tracking.denied === 'remember' ? 1 : 0,
    BigInt(tracking.historySeconds) * 1_000_000_000n,
    share.seed,
  );
  if (ready === 0) throw inputError('memory', '', 'no memory for the connection table');
  return { share, kernel, counters };
}

/** Bytes of one instance's counters: by code, by interface, by rule. */
export function countersSize(share: { interfaceCount: number; ruleCount: number }): number {
  return (
    CODES * TALLY_SIZE + share.interfaceCount * INTERFACE_TALLIES + share.ruleCount * TALLY_SIZE
  );
}
