import type { Flow } from '../model/flow.js';

/** What was seen of the flows that a statement is about. */
export interface Sighting {
  /** Flows and packets that it is about. */
  flows: number;
  packets: number;
  /** Those of them that speak against it; of `something-reaches`, for it. */
  telling: { flows: number; packets: number; examples: Flow[] };
  /** The first that it is about. */
  first: Flow | undefined;
}
