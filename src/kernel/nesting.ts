/** More headers around one another than any network makes; a frame of tags alone must not overflow the stack. */
const NESTED_MAX: u32 = 20;

let nested: u32 = 0;

/** Before each frame. */
export function resetNesting(): void {
  nested = 0;
}

/** Before each header that may hold one of its own kind: false when there were too many. */
export function mayNest(): bool {
  return ++nested <= NESTED_MAX;
}
