// AssemblyScript to WebAssembly: no runtime, nothing allocated, one memory that all threads share.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What few packets need stays out of the functions that all go through: those keep their values in registers. */
const SELDOM = ['judge/judgeRow'];

const ARGUMENTS = [
  'kernel.ts',
  '-O3',
  '--debug',
  '--noAssert',
  '--runtime',
  'stub',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '16',
  '--maximumMemory',
  '65536',
  '--enable',
  'threads',
  '--enable',
  'simd',
  '--memoryBase',
  '1024',
  '-o',
  'kernel.wasm',
];

/**
 * Bytes of the module made from the sources in `folder`, with `entry` as kernel.ts if it is given; ends the process with the
 * compiler's words if they do not compile.
 */
export async function compileKernel(folder, entry) {
  const { default: asc } = await import('assemblyscript/asc');
  let bytes;
  const { error, stderr } = await asc.main(ARGUMENTS, {
    readFile: (file) => {
      if (file === 'kernel.ts' && entry !== undefined) return entry;
      return existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : null;
    },
    writeFile: (file, content) => {
      if (file === 'kernel.wasm') bytes = content;
    },
    listFiles: () => [],
  });
  if (error !== null) {
    console.error(stderr.toString());
    process.exit(1);
  }
  return inlineCalls(bytes, entry === undefined ? SELDOM : []);
}

/** What of WebAssembly the kernel uses. */
export function featuresOf({ Features }) {
  const { Atomics, BulkMemory, BulkMemoryOpt, MutableGlobals } = Features;
  const { NontrappingFPToInt, SIMD128, SignExt } = Features;
  return (
    Atomics | BulkMemory | BulkMemoryOpt | MutableGlobals | NontrappingFPToInt | SIMD128 | SignExt
  );
}

/** The compiler inlines for size; a packet's way through the kernel is many small functions, each called for every packet. */
async function inlineCalls(bytes, seldom) {
  const { default: binaryen } = await import('binaryen');
  const module = binaryen.readBinary(bytes);
  module.setFeatures(featuresOf(binaryen));
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(100);
  binaryen.setFlexibleInlineMaxSize(500);
  binaryen.setOneCallerInlineMaxSize(100_000);
  for (const name of seldom) {
    if (module.getFunction(name) === 0) throw new Error(`no function ${name}`);
    binaryen.setPassArgument('no-inline', name);
    module.runPasses(['no-inline']);
  }
  module.optimize();
  // Starting an instance writes them into the memory that others are using: see kernel/tcp.ts.
  if (module.emitText().includes('(data ')) throw new Error('the kernel has data segments');
  return module.emitBinary();
}
