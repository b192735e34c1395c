import { LINK_TYPES } from '../kernel/layout.js';
import { linkTypeName } from '../capture/link-type.js';
import type { EngineCounters } from '../engine/counters.js';
import type { KernelExports } from '../engine/kernel-module.js';
import type { Reading } from '../model/outcome.js';
import { type Admission, admittedByLink, framesSeen } from './admission.js';

/** What became of the frames before they were judged. `scratch` is the address of a row that nobody needs. */
export function describeReading(
  kernel: KernelExports,
  scratch: number,
  admission: Admission,
  shards: readonly EngineCounters[],
  checksums: boolean,
): Reading {
  const linkTypes = [...admittedByLink(admission)];
  const admitted = linkTypes.reduce((sum, [, { packets }]) => sum + packets, 0);
  const total = (count: (shard: EngineCounters) => number): number =>
    shards.reduce((sum, shard) => sum + count(shard), 0);
  return {
    leftOut: framesSeen(admission) - admitted,
    peeled: total(({ peeled }) => peeled),
    linkTypes: linkTypes.map(([linkType, tally]) => ({
      linkType: nameOf(linkType),
      read: kernel.readsLink(scratch, linkType) !== 0,
      ...tally,
    })),
    ...(checksums && {
      wrongChecksums: {
        ip: total(({ wrongHeaders }) => wrongHeaders),
        transport: total(({ wrongTransports }) => wrongTransports),
      },
    }),
  };
}

/** Nobody has given out so high a number: what is beyond the table is counted in its last place. */
function nameOf(linkType: number): string {
  return linkType === LINK_TYPES - 1
    ? `link type ${LINK_TYPES - 1} or above`
    : linkTypeName(linkType);
}
