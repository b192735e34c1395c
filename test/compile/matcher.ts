import { rowKey } from '../../src/compile/key.js';
import {
  type KernelExports,
  compileKernel,
  instantiateKernel,
} from '../../src/engine/kernel-module.js';
import { allocate, bytesAt, createMemory } from '../../src/engine/memory.js';
import { EGRESS, INGRESS } from '../../src/kernel/layout.js';
import type { Address } from '../../src/model/address.js';
import type { Direction } from '../../src/model/security-group.js';

/** A packet as the rules of one side see it. */
export interface Probe {
  readonly direction: Direction;
  readonly remote: Address;
  readonly protocol: number;
  /** Destination port, or ICMP type * 256 + code; `NO_PORT` when it is not known. */
  readonly port: number;
}

/** The kernel's NO_PORT. */
export const NO_PORT = 0x10000;

/** Indices of all rules of a group set that match, ascending, as the kernel finds them in the image. */
export type Match = (set: number, probe: Probe) => number[];

/** Loads an image over the one before, whose matches end. */
export type ImageLoader = (image: Uint8Array) => Match;

export function createImageLoader(imageSize: number, rulesMax: number): ImageLoader {
  const memory = createMemory();
  const kernel = instantiateKernel(compileKernel(), memory);
  const image = allocate(memory, imageSize);
  const out = allocate(memory, rulesMax * 4);
  const found = new Uint32Array(memory.buffer, out, rulesMax);
  return (bytes) => {
    if (bytes.length > imageSize) throw new Error(`image of ${bytes.length} bytes has no room`);
    bytesAt(memory, image, bytes.length).set(bytes);
    return (set, probe) => {
      const count = matchInto(kernel, image, set, probe, out, rulesMax);
      if (count > rulesMax) throw new Error(`${count} matches have no room`);
      return [...found.subarray(0, count)].sort((a, b) => a - b);
    };
  };
}

/** How many rules match; writes `most` of them at `out`. */
export function matchInto(
  kernel: KernelExports,
  image: number,
  set: number,
  { direction, remote, protocol, port }: Probe,
  out: number,
  most: number,
): number {
  const { hi, lo } = rowKey(remote);
  const side = direction === 'egress' ? EGRESS : INGRESS;
  const v6 = remote.family === 6 ? 1 : 0;
  return kernel.match(image, set, side, v6, hi, lo, protocol, port, out, most);
}
