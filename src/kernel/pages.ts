const PAGE: usize = 65536;

/** Address of so many zeroed bytes, at least, that no other thread uses; 0 when memory is full. */
export function takePages(bytes: usize): usize {
  const first = memory.grow(<i32>((bytes + PAGE - 1) / PAGE));
  return first < 0 ? 0 : <usize>first * PAGE;
}
