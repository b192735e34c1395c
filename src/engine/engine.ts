import {
  ALLOWANCE_SIZE,
  CODES,
  INTERFACE_TALLIES,
  PRIVATE_SIZE,
  TALLY_SIZE,
} from '../kernel/layout.js';
import type { RuleImage } from '../compile/rule-image.js';
import { inputError } from '../model/diagnostic.js';
import type { TrackingOptions } from '../model/tracking.js';
import { type KernelExports, instantiateKernel } from './kernel-module.js';
import { allocate, bytesAt } from './memory.js';
import { type CaptureTable, type DecodeSettings, writeSettings } from './settings.js';

/** What every instance of one replay shares; can be sent to another thread. */
export interface EngineShare {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Addresses of the rule images, one for each phase. */
  readonly images: readonly number[];
  /** Address of the settings: see layout.ts. */
  readonly settings: number;
  readonly phaseCount: number;
  readonly interfaceCount: number;
  readonly ruleCount: number;
}

/** A kernel instance with connection tables and counters of its own. */
export interface Engine {
  readonly share: EngineShare;
  readonly kernel: KernelExports;
  /** Address of the counters: see layout.ts. */
  readonly counters: number;
  /** Address of the addresses of its segments of connection records. */
  readonly segments: number;
}

/** A rule image and from when on it holds, in nanoseconds of packet time. */
export interface ImagePhase {
  readonly fromNs: bigint;
  readonly image: RuleImage;
}

/**
 * Puts rule images and settings into memory, once for all instances. Phases are ascending; the first one's time is not
 * asked. `accounts`: see `writeSettings`.
 */
export function shareImages(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  phases: readonly ImagePhase[],
  tracking: TrackingOptions,
  seed: bigint,
  captures?: CaptureTable,
  decode?: DecodeSettings,
  accounts?: boolean,
): EngineShare {
  const images = phases.map(({ image }) => {
    const address = allocate(memory, image.bytes.length);
    bytesAt(memory, address, image.bytes.length).set(image.bytes);
    return address;
  });
  const { interfaceCount, ruleCount } = phases[0]!.image;
  const settings = writeSettings(
    memory,
    phases.map(({ fromNs }, i) => ({ fromNs, image: images[i]! })),
    tracking,
    seed,
    captures,
    decode,
    accounts,
  );
  return { module, memory, images, settings, phaseCount: phases.length, interfaceCount, ruleCount };
}

/** Throws InputError when memory is short. */
export function createEngine(share: EngineShare): Engine {
  const { memory, settings } = share;
  const kernel = instantiateKernel(share.module, memory);
  const counters = allocate(memory, countersSize(share) + share.interfaceCount * ALLOWANCE_SIZE);
  const segments = allocate(memory, PRIVATE_SIZE);
  const ready = kernel.setup(settings, counters, segments);
  if (ready === 0) throw inputError('memory', '', 'no memory for the connection table');
  return { share, kernel, counters, segments };
}

/** Bytes of one instance's counters: by phase and code, by interface, by rule. */
export function countersSize(share: {
  phaseCount: number;
  interfaceCount: number;
  ruleCount: number;
}): number {
  return (
    share.phaseCount * CODES * TALLY_SIZE +
    share.interfaceCount * INTERFACE_TALLIES +
    share.ruleCount * TALLY_SIZE
  );
}
