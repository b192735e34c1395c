// The kernel as it ships, but every access to memory asks the host first: for tests of hostile input.
import { featuresOf } from './compile-kernel.mjs';

const HOOKS = `
 (import "env" "check_copy" (func $check_copy (param i32 i32 i32)))
 (import "env" "check_fill" (func $check_fill (param i32 i32)))
 (import "env" "grow" (func $grow (param i32) (result i32)))`;
const BULK = `
 (func $checked_copy (param $to i32) (param $from i32) (param $size i32)
  (call $check_copy (local.get $to) (local.get $from) (local.get $size))
  (memory.copy (local.get $to) (local.get $from) (local.get $size)))
 (func $checked_fill (param $to i32) (param $value i32) (param $size i32)
  (call $check_fill (local.get $to) (local.get $size))
  (memory.fill (local.get $to) (local.get $value) (local.get $size)))
)`;

/**
 * `bytes` with `load_ptr` and `store_ptr` called before each load and store (number of the place in the code, bytes,
 * offset, address; they return the address), `check_copy` and `check_fill` before bulk ones, and `grow` in place of
 * memory.grow.
 */
export async function checkedKernel(bytes) {
  const { default: binaryen } = await import('binaryen');
  const features = featuresOf(binaryen);
  const shipped = binaryen.readBinary(bytes);
  shipped.setFeatures(features);
  const text = shipped
    .emitText()
    .replaceAll('(memory.copy\n', '(call $checked_copy\n')
    .replaceAll('(memory.fill\n', '(call $checked_fill\n')
    .replaceAll('(memory.grow\n', '(call $grow\n')
    .replace('(module', () => `(module${HOOKS}`)
    .replace(/\)\s*$/, () => BULK);
  const module = binaryen.parseText(text);
  module.setFeatures(features);
  module.runPasses(['instrument-memory']);
  // The values are nobody's business, and 64-bit ones are slow to hand over.
  const { i32, i64, f32, f64, createType } = binaryen;
  for (const [name, type] of Object.entries({ i32, i64, f32, f64 })) {
    for (const kind of ['load', 'store']) {
      const hook = `${kind}_val_${name}`;
      module.removeFunction(hook);
      module.addFunction(hook, createType([i32, type]), type, [], module.local.get(1, type));
    }
  }
  binaryen.setAlwaysInlineMaxSize(10);
  module.runPasses(['inlining']);
  if (!module.validate()) throw new Error('the checked kernel is no valid module');
  return module.emitBinary();
}
