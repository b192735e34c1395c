import type { DocumentSource } from '../model/explanation.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { Timeline } from '../policy/timeline.js';

/** What an explanation is given by: what holds when, the modelling choices, and where rules stand in files. */
export interface ExplainedWorld {
  readonly timeline: Timeline;
  readonly tracking: TrackingOptions;
  /** Line and text of a place, as the nouns carry it; undefined when it is in no file. */
  readonly sourceOf: (place: string) => DocumentSource | undefined;
}
