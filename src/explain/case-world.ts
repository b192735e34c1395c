import type { Address } from '../model/address.js';
import type { Timeline } from '../policy/timeline.js';
import { peerKinds } from './peer-kinds.js';

/** When phases begin, which interfaces carry the same groups, and which remote addresses may share a cause. */
export function caseWorldOf({ phases }: Timeline): {
  readonly phasesFrom: readonly bigint[];
  setOf(phase: number, eni: number): number;
  peerKindOf(phase: number, address: Address): string;
} {
  const kinds = phases.map(({ description }) => peerKinds(description));
  return {
    phasesFrom: phases.map(({ fromNs }) => fromNs),
    // Interfaces without groups each stand alone: beside all sets.
    setOf: (phase, eni) => {
      const { interfaces, sets } = phases[phase]!.policy;
      return interfaces[eni]!.set ?? sets.length + eni;
    },
    peerKindOf: (phase, address) => kinds[phase]!(address),
  };
}

/** The same of two timelines with the same events, for packets whose verdict differs between them. */
export function changeWorldOf(timelines: Readonly<Record<'before' | 'after', Timeline>>): {
  readonly phasesFrom: readonly bigint[];
  peerKindOf(side: 'before' | 'after', phase: number, address: Address): string;
} {
  const kindsOf = ({ phases }: Timeline) => phases.map(({ description }) => peerKinds(description));
  const kinds = { before: kindsOf(timelines.before), after: kindsOf(timelines.after) };
  return {
    phasesFrom: timelines.before.phases.map(({ fromNs }) => fromNs),
    peerKindOf: (side, phase, address) => kinds[side][phase]!(address),
  };
}
