/**
 * Batches of a stretch. Several workers hand over what they have judged in bursts, of as many batches as stand between them
 * and the reader at most, so that the time from one batch to the next says nothing there: most leave at once.
 */
export const stretchOf = (workers: number): number => Math.max(8, workers * 2);

/**
 * Takes, at every batch that leaves, the time of the stretch that ends with it, by its packets, in nanoseconds. It is told
 * the packets of all batches so far; `now` is in milliseconds. The first batch only begins a stretch.
 */
export function createStopwatch(
  stretch: number,
  now: () => number,
  take: (nsPerPacket: number) => void,
): (packets: number) => void {
  const left: { readonly ms: number; readonly packets: number }[] = [];
  return (packets) => {
    const ms = now();
    if (left.push({ ms, packets }) <= stretch) return;
    const then = left.shift()!;
    if (packets > then.packets) take(((ms - then.ms) * 1e6) / (packets - then.packets));
  };
}
