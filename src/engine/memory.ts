const PAGE = 65_536;
/** 4 GB, all that 32-bit addresses reach. Only pages in use cost anything. */
const PAGES_MAX = 65_536;

/** The memory that the host and every kernel instance share. */
export function createMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 16, maximum: PAGES_MAX, shared: true });
}

/** Address of `size` zeroed bytes nobody else uses, for good. Kernel instances grow the same memory, safely. */
export function allocate(memory: WebAssembly.Memory, size: number): number {
  return memory.grow(Math.max(1, Math.ceil(size / PAGE))) * PAGE;
}

/** A view of `size` bytes at an address, valid for good: shared memory never moves. */
export function bytesAt(memory: WebAssembly.Memory, address: number, size: number): Uint8Array {
  return new Uint8Array(memory.buffer, address, size);
}

export function viewAt(memory: WebAssembly.Memory, address: number, size: number): DataView {
  return new DataView(memory.buffer, address, size);
}
