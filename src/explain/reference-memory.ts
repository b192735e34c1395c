import type { Direction } from '../model/security-group.js';
import type { IdleSeconds } from '../model/tracking.js';
import type { VerdictCode } from '../model/verdict.js';
import type { Place } from './reference-allowance.js';
import type { Progress } from './reference-connection.js';

/** Why an interface lets a packet through or not, and the id of the rule that answers for it. */
export interface Finding {
  readonly code: VerdictCode;
  readonly rule?: string;
  /** Of a fragment: it covers others of its datagram, or waits to be covered (CT-18). */
  readonly datagram?: 'covers' | 'waits';
}

/** What one interface remembers (CT-1). A flow is in at most one of the first three. */
export interface Memory {
  /** Live and ended ones by connection key. */
  readonly connections: Map<string, Connection>;
  /** Denied openers by connection key (CT-25). */
  readonly denied: Map<string, DeniedOpener>;
  /** Flows that are not tracked, by connection key: time of their last packet (CT-11). */
  readonly untracked: Map<string, bigint>;
  /** By direction and datagram (CT-18). */
  readonly firstFragments: Map<string, FirstFragment>;
}

/** The tracked state of a flow at one interface. */
export interface Connection {
  /** The direction of the packet that opened it. */
  readonly original: Direction;
  /** Id of the rule that allowed it. */
  readonly rule: string;
  /** Time of its last permitted packet, in nanoseconds. */
  readonly lastSeen: bigint;
  readonly progress: Progress;
  /** Of its interface, or of its path (CT-23). */
  readonly limits: IdleSeconds;
  readonly place: Place;
}

export interface DeniedOpener {
  readonly original: Direction;
  readonly lastSeen: bigint;
  readonly progress: Progress;
  readonly limits: IdleSeconds;
}

export interface FirstFragment {
  readonly judgedAt: bigint;
  readonly family: 4 | 6;
  readonly finding: Finding;
}

export function emptyMemory(): Memory {
  return {
    connections: new Map(),
    denied: new Map(),
    untracked: new Map(),
    firstFragments: new Map(),
  };
}

export function forget({ connections, denied, untracked, firstFragments }: Memory): void {
  for (const remembered of [connections, denied, untracked, firstFragments]) remembered.clear();
}

export function sizeOf({ connections, denied, untracked, firstFragments }: Memory): number {
  return connections.size + denied.size + untracked.size + firstFragments.size;
}
