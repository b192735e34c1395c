import type { Address } from '../model/address.js';
import type { Timeline } from '../policy/timeline.js';
import { identifyPeer } from './peer-identity.js';

/** When phases begin, and which remote addresses may share a cause: members of the same groups, addresses of one subnet ... */
export function caseWorldOf({ phases }: Timeline): {
  readonly phasesFrom: readonly bigint[];
  setOf(phase: number, eni: number): number;
  peerKindOf(phase: number, address: Address): string;
} {
  return {
    phasesFrom: phases.map(({ fromNs }) => fromNs),
    // Interfaces without groups each stand alone: beside all sets.
    setOf: (phase, eni) => {
      const { interfaces, sets } = phases[phase]!.policy;
      return interfaces[eni]!.set ?? sets.length + eni;
    },
    peerKindOf: (phase, address) => {
      const { kind, groupIds = [] } = identifyPeer(phases[phase]!.description, address);
      return [kind, ...groupIds].join(' ');
    },
  };
}
