/** What `sgsim bench` measured, with every round's values, so that another run can be held against it. */
export interface BenchResult {
  /** Version of sgsim. */
  readonly sgsim: string;
  readonly machine: BenchMachine;
  readonly workload: BenchWorkload;
  readonly method: BenchMethod;
  /** By number of workers, in the order that was asked for. */
  readonly results: readonly WorkersResult[];
}

/** Where it was measured. */
export interface BenchMachine {
  /** Model of the processor, and how many cores the process may use. */
  readonly cpu: string;
  readonly cores: number;
  /** Of the machine, in bytes. */
  readonly memory: number;
  /** System and architecture. */
  readonly system: string;
  /** Version of Node. */
  readonly node: string;
}

/** The traffic, and what must come, and came, of it in every replay. */
export interface BenchWorkload {
  /** What makes the same capture, as options of `sgsim generate`. */
  readonly options: string;
  /** SHA-256 of the capture, hexadecimal. */
  readonly capture: string;
  readonly packets: number;
  /** Lengths on the wire, summed. */
  readonly bytes: number;
  readonly flows: number;
  readonly allowed: { readonly packets: number; readonly flows: number };
  readonly dropped: { readonly packets: number; readonly flows: number };
}

/** How it was measured: each round in a process of its own, which replays the capture so many times. */
export interface BenchMethod {
  readonly rounds: number;
  /** Replays before those that are measured. */
  readonly warmUps: number;
  readonly replays: number;
}

export interface WorkersResult {
  readonly workers: number;
  /** Batches of a round whose time was taken. */
  readonly batches: number;
  /** What part of the processor time of all cores other programs took meanwhile, 0 to 1, by round. */
  readonly others: readonly number[];
  /** Of each figure one value a round; undefined where a round has too few batches to tell it. */
  readonly figures: Readonly<Record<FigureName, readonly number[] | undefined>>;
}

export interface Figure {
  readonly name: FigureName;
  readonly better: 'more' | 'less';
  /** By the clock, by processor time, or a size: what other programs do meanwhile hurts the first. */
  readonly by: 'clock' | 'processor' | 'size';
}

export type FigureName = (typeof FIGURES)[number]['name'];

/** Everything that is measured. Rates are by the second, times in nanoseconds, sizes in bytes. */
export const FIGURES = [
  { name: 'packetsPerSecond', better: 'more', by: 'clock' },
  { name: 'packetsPerCoreSecond', better: 'more', by: 'processor' },
  { name: 'connectionsPerSecond', better: 'more', by: 'clock' },
  { name: 'nsPerPacketP50', better: 'less', by: 'clock' },
  { name: 'nsPerPacketP99', better: 'less', by: 'clock' },
  { name: 'nsPerPacketP999', better: 'less', by: 'clock' },
  { name: 'peakBytes', better: 'less', by: 'size' },
] as const;
