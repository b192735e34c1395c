import type { Docket } from '../../src/model/docket.js';
import type { Evidence } from '../../src/model/evidence.js';
import type { Packet } from '../../src/model/packet.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import type { Timeline } from '../../src/policy/timeline.js';
import type { Traced } from './judge-with-kernel.js';

/** What a traced replay knew of each packet when it judged it. */
export function evidenceOf(
  { phases }: Timeline,
  { verdicts, packets, memories }: Pick<Traced, 'verdicts' | 'packets' | 'memories'>,
): Evidence[] {
  let clockNs = 0n;
  let phase = 0;
  return packets.map((packet, i) => {
    if (packet.timeNs > clockNs) clockNs = packet.timeNs;
    while (phase + 1 < phases.length && clockNs >= phases[phase + 1]!.fromNs) phase++;
    const verdict: FrameVerdict = verdicts[i]!;
    return { packet, verdict, clockNs, phase, memories: memories[i]!.slice(0, verdict.at.length) };
  });
}

/** Packets of address pairs, from the first of the pair that was dropped; errors go with what they quote. */
export function docketOf(all: readonly Evidence[]): Docket {
  const dropped = new Set<string>();
  const packets = all.filter(({ packet, verdict }) => {
    const pair = pairOf(packet);
    if (verdict.verdict === 'drop') dropped.add(pair);
    return dropped.has(pair);
  });
  return { packets, complete: true };
}

function pairOf({ content }: Packet): string {
  if (content.kind !== 'ip') return '';
  const { transport } = content.ip;
  const shown = (transport?.kind === 'icmp' ? transport.quote : undefined) ?? content.ip;
  return [shown.source, shown.destination]
    .map(({ value }) => value.toString(16))
    .sort()
    .join(' ');
}
