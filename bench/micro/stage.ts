/** One stage of a packet's way in the kernel, and the same work as a plain program would do it. */
export interface Stage {
  readonly name: string;
  /** What the plain program does. */
  readonly naiveText: string;
  /** Packets that one call judges or decodes. */
  readonly packets: number;
  readonly kernel: () => void;
  readonly naive: () => void;
}

/** Makes a stage ready, and throws when kernel and plain program do not give the same answers. */
export type StageMaker = () => Stage | Promise<Stage>;
