import { fileURLToPath } from 'node:url';
import { compileKernel } from '../../.ci/compile-kernel.mjs';
import { compileImage } from '../../src/compile/rule-image.js';
import { allocate, bytesAt, createMemory, viewAt } from '../../src/engine/memory.js';
import { INGRESS, NONE } from '../../src/kernel/layout.js';
import type { ResolvedPolicy } from '../../src/policy/resolve.js';
import type { Probe } from './probes.js';

/** The kernel's look-up in a loop, so that no call from JavaScript is measured with it. The kernel itself has no use for this. */
const ENTRY = `
import { firstRule, sideOf } from './rule-image';

export function classify(image: usize, probes: usize, count: u32, out: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = probes + ((<usize>i) << 4);
    const side = sideOf(image, load<u32>(at), ${INGRESS}, false);
    const lo = 0xffff00000000 | <u64>load<u32>(at, 4);
    const rule = firstRule(image, side, false, 0, lo, load<u8>(at, 12), load<u32>(at, 8));
    store<u32>(out + ((<usize>i) << 2), rule);
  }
}
`;

const PROBE_SIZE = 16;

/** Classifies all its probes in the rule image at once: numbers of the first rules, -1 for none. */
export interface ImageClassifier {
  readonly run: () => void;
  readonly answers: () => Int32Array;
  readonly imageBytes: number;
}

export type ClassifierOf = (policy: ResolvedPolicy, probes: readonly Probe[]) => ImageClassifier;

let compiled: Promise<WebAssembly.Module> | undefined;

export async function createClassifiers(): Promise<ClassifierOf> {
  const module = await (compiled ??= compileClassifier());
  return (policy, probes) => createClassifier(module, policy, probes);
}

async function compileClassifier(): Promise<WebAssembly.Module> {
  // Seen from dist/, where this runs.
  const kernel = fileURLToPath(new URL('../src/kernel', import.meta.url));
  return new WebAssembly.Module(await compileKernel(kernel, ENTRY));
}

function createClassifier(
  module: WebAssembly.Module,
  policy: ResolvedPolicy,
  probes: readonly Probe[],
): ImageClassifier {
  const memory = createMemory();
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const classify = exports['classify'] as (
    image: number,
    probes: number,
    count: number,
    out: number,
  ) => void;
  const { bytes } = compileImage(policy);
  const image = allocate(memory, bytes.length);
  bytesAt(memory, image, bytes.length).set(bytes);
  const at = allocate(memory, probes.length * PROBE_SIZE);
  const view = viewAt(memory, at, probes.length * PROBE_SIZE);
  probes.forEach(({ set, remote, protocol, port }, i) => {
    [set, remote, port, protocol].forEach((word, n) =>
      view.setUint32(i * PROBE_SIZE + n * 4, word, true),
    );
  });
  const out = allocate(memory, probes.length * 4);
  return {
    run: () => classify(image, at, probes.length, out),
    answers: () =>
      Int32Array.from(new Uint32Array(memory.buffer, out, probes.length), (rule) =>
        rule === NONE ? -1 : rule,
      ),
    imageBytes: bytes.length,
  };
}
