import type { DocumentFile } from '../documents/files.js';
import type { Outcome } from '../model/outcome.js';
import type { TrackingOptions } from '../model/tracking.js';
import type { Timeline } from '../policy/timeline.js';
import type { Observer } from '../replay/observer.js';
import type { Recorder } from '../replay/recorder.js';
import type { Output } from './output.js';

/** What a replay is known to have been when it is over. */
export interface Replayed {
  readonly outcome: Outcome;
  readonly timeline: Timeline;
  readonly tracking: TrackingOptions;
  /** Of the VPC and of events, as read. */
  readonly documents: readonly DocumentFile[];
  /** As the user named them. */
  readonly captures: readonly string[];
  readonly firstTimeNs: bigint;
}

/** Something that a replay writes to a file of its own, besides its report. */
export interface ReplayOutput {
  readonly observers?: readonly Observer[];
  /** At most one output has one. */
  readonly recorder?: Recorder;
  /** Writes what is known only now; then the file gets its name. */
  end?(replayed: Replayed): Promise<void>;
}

/** Such an output, by the name that the user gave its file. `timelineOf` may be asked once packets come. */
export interface OutputRequest {
  readonly name: string;
  open(output: Output, timelineOf: () => Timeline): Promise<ReplayOutput>;
}
