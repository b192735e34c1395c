const PAGE: usize = 65536;
/** Pages as the system hands them out. */
const SYSTEM_PAGE: usize = 4096;
/** Of a larger table the rest is left as it is: to write to all of it would hold packets up. */
const WRITTEN_MAX: usize = 64 << 20;

/** Address of so many zeroed bytes, at least, that no other thread uses; 0 when memory is full. */
export function takePages(bytes: usize): usize {
  const first = memory.grow(<i32>((bytes + PAGE - 1) / PAGE));
  return first < 0 ? 0 : <usize>first * PAGE;
}

/**
 * The same for a table that is looked into before it is written to. A page that is read first is a shared one of zeros, and
 * when it is written to later, the system stops every other core for it.
 */
export function takeTable(bytes: usize): usize {
  const table = takePages(bytes);
  if (table == 0) return 0;
  const end = table + min<usize>(bytes, WRITTEN_MAX);
  for (let at = table; at < end; at += SYSTEM_PAGE) store<u64>(at, 0);
  return table;
}
