import { readFileSync } from 'node:fs';
import { builtFile } from './built-file.js';

/** The kernel's exports: see `kernel/kernel.ts`. Addresses and sizes are bytes in the shared memory. */
export interface KernelExports {
  setup(settings: number, counters: number, table: number): number;
  setupDecode(settings: number): void;
  walk(walk: number, batch: number, from: number, to: number, framesMax: number): number;
  admit(admission: number, batch: number): void;
  moveFrame(batch: number, frame: number, to: number): number;
  decode(batch: number, rows: number): void;
  judge(
    rows: number,
    verdicts: number,
    count: number,
    frames: number,
    order: number,
    traces: number,
  ): number;
  /** Writes lists of the rows of each shard, `size` bytes apart: see layout.ts. */
  assignRows(rows: number, count: number, shards: number, orders: number, size: number): void;
  /** Tells of each frame whether it passes the filter of an admission's block: see layout.ts. */
  mark(admission: number, frames: number, count: number, marks: number): void;
  /** Whether a frame passes a filter program: 1 or 0. */
  filter(
    program: number,
    instructions: number,
    frame: number,
    captured: number,
    wire: number,
  ): number;
  match(
    image: number,
    set: number,
    direction: number,
    v6: number,
    hi: bigint,
    lo: bigint,
    protocol: number,
    port: number,
    out: number,
    most: number,
  ): number;
  readsLink(row: number, linkType: number): number;
  peeledFrames(): bigint;
  wrongHeaderChecksums(): bigint;
  wrongTransportChecksums(): bigint;
  connectionCount(): number;
  /** Connection records that were ever in use. */
  connectionsMade(): number;
  dropGroups(): number;
  dropGroupSlots(): number;
  dropGroupShift(): number;
}

/** Compiles the kernel that the build left beside the program. */
export function compileKernel(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(builtFile('kernel.wasm')));
}

/** An instance with tables of its own, over memory that several may share. */
export function instantiateKernel(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): KernelExports {
  const instance = new WebAssembly.Instance(module, {
    env: {
      memory,
      abort: (): never => {
        throw new Error('kernel abort');
      },
    },
  });
  return instance.exports as unknown as KernelExports;
}
