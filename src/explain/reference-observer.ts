import type { Question } from '../model/explanation.js';
import type { Direction } from '../model/security-group.js';
import type { ResolvedInterface } from '../policy/resolve.js';
import type { Finding } from './reference-memory.js';

/** Hears what the reference asks about a packet, in its order. */
export interface Observer {
  /** Whose the packet is: asked once, before all. */
  holders(sender: ResolvedInterface | undefined, receiver: ResolvedInterface | undefined): void;
  /** A question was asked at an interface. Without a finding it did not decide, and the next one is asked. */
  asked(at: ResolvedInterface, direction: Direction, asked: Asked): void;
}

export interface Asked {
  readonly question: Question;
  readonly finding: Finding | undefined;
}

/** Tells of a question at the interface that is asked just now. */
export type Tell = (question: Question, finding: Finding | undefined) => void;
