/** Attempts are bounded: a smaller input is a convenience. */
const ATTEMPTS_MAX = 1500;

/** The input with as many pieces taken out, and then as many bytes zeroed, as it still fails without. */
export async function minimised(
  input: Uint8Array,
  fails: (bytes: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let bytes = input;
  let attempts = 0;
  const keepIf = async (candidate: Uint8Array): Promise<boolean> => {
    if (++attempts > ATTEMPTS_MAX || !(await fails(candidate))) return false;
    bytes = candidate;
    return true;
  };
  for (let size = bytes.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < bytes.length && attempts <= ATTEMPTS_MAX;) {
      const without = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + size));
      if (!(await keepIf(without))) at += size;
    }
  }
  for (let at = 0; at < bytes.length && attempts <= ATTEMPTS_MAX; at++) {
    if (bytes[at] !== 0) await keepIf(bytes.map((byte, i) => (i === at ? 0 : byte)));
  }
  return bytes;
}
