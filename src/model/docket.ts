import type { Evidence } from './evidence.js';

/** What is kept of a replay to tell what a change would do: packets of address pairs of which some were dropped. */
export interface Docket {
  /** In the order in which they were judged. */
  readonly packets: readonly Evidence[];
  /** False when there were more than are kept. */
  readonly complete: boolean;
}
