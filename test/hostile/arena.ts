const PAGE = 65_536;

/**
 * What is zeroed of an allocation of one page, and of a larger one: all that somebody counts on. What an input before
 * left behind that is hostile input too.
 */
const ZEROED = 8192;
const ZEROED_OF_LARGE = 64;

/** Memory that is given back all at once: the host's `allocate` takes it for the kernel's memory. */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  /** The kernel's memory itself, of which the arena is the first part. */
  readonly whole: WebAssembly.Memory;
  /** Bytes from address 0 to the arena's end. */
  readonly size: number;
  /** Pages that were taken since `reset`. */
  taken(): number;
  reset(): void;
  /** Pages for the kernel itself, zeroed to the last byte, which is what it counts on. */
  readonly growZeroed: (pages: number) => number;
}

/** `keptPages` are taken for good before the first `reset`. Growing beyond `pages` throws. */
export function createArena(pages: number, keptPages: number): Arena {
  const whole = new WebAssembly.Memory({ initial: 16, maximum: 65_536, shared: true });
  const first = whole.grow(pages) + keptPages;
  const end = first - keptPages + pages;
  const bytes = new Uint8Array(whole.buffer, 0, end * PAGE);
  let next = first;
  const grow = (count: number): number => {
    if (next + count > end) throw new Error(`an input takes more than ${pages} pages of memory`);
    const page = next;
    next += count;
    bytes.fill(0, page * PAGE, page * PAGE + (count === 1 ? ZEROED : ZEROED_OF_LARGE));
    return page;
  };
  const growZeroed = (count: number): number => {
    const page = grow(count);
    bytes.fill(0, page * PAGE, (page + count) * PAGE);
    return page;
  };
  const memory = Object.create(WebAssembly.Memory.prototype, {
    grow: { value: grow },
    buffer: { get: () => whole.buffer },
  }) as WebAssembly.Memory;
  return {
    memory,
    whole,
    size: end * PAGE,
    growZeroed,
    taken: () => next - first,
    reset: () => {
      next = first;
    },
  };
}
