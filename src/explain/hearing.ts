import type { Evidence } from '../model/evidence.js';
import type { Observer } from './reference-observer.js';
import type { Heard } from './steps.js';
import type { Telling } from './telling.js';
import type { ExplainedWorld } from './world.js';

/** Listens to the reference while it judges the packet of an evidence. */
export interface Hearing {
  readonly observer: Observer;
  heard(): Heard;
}

export function createHearing(world: ExplainedWorld, evidence: Evidence): Hearing {
  const { policy } = world.timeline.phases[evidence.phase]!;
  const { content } = evidence.packet;
  const asked: Telling[] = [];
  let holders: Heard['holders'];
  return {
    observer: {
      holders(sender, receiver) {
        holders = { sender, receiver };
      },
      asked(at, direction, { question, finding }) {
        if (content.kind !== 'ip') return;
        // The sender is asked first.
        const second = direction === 'ingress' && holders?.sender !== undefined;
        const remembered = evidence.memories[second ? 1 : 0];
        asked.push({
          ...{ world, evidence, policy, ip: content.ip, at, direction, question, finding },
          ...{ remembered, isCoveredLater: false },
        });
      },
    },
    heard: () => ({ ...(holders && { holders }), asked }),
  };
}
