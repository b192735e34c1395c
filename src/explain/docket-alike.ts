import type { Docket } from '../model/docket.js';
import type { Evidence } from '../model/evidence.js';
import type { IpPacket } from '../model/packet.js';
import type { VerdictCode } from '../model/verdict.js';
import { quoteOf } from './reference-related.js';

/** Packets of a docket that no edit can tell apart by themselves: those of a flow one way, as long as one code drops them. */
export interface Alike {
  readonly packets: readonly [Evidence, ...Evidence[]];
  /** Their places in the docket. */
  readonly places: readonly number[];
  readonly ip: IpPacket;
  /** Of what an error quotes, if it is one. */
  readonly ends: readonly [bigint, bigint];
}

const known = new WeakMap<Docket['packets'], readonly Alike[]>();

/** Every fix asks about the same docket, and it has far more packets than flows: they are sorted once. */
export function alikeIn({ packets }: Docket): readonly Alike[] {
  let alike = known.get(packets);
  if (alike === undefined) known.set(packets, (alike = sortAlike(packets)));
  return alike;
}

/** While they are sorted. */
interface Growing extends Alike {
  readonly packets: [Evidence, ...Evidence[]];
  readonly places: number[];
}

function sortAlike(packets: Docket['packets']): readonly Alike[] {
  const sorted = new Map<string, Growing>();
  for (const [place, evidence] of packets.entries()) {
    const { packet, verdict } = evidence;
    if (packet.content.kind !== 'ip' || NOT_JUDGED.includes(verdict.code)) continue;
    const { ip } = packet.content;
    const { source, destination } = quoteOf(ip) ?? ip;
    const name = nameOf(evidence, ip, [source.value, destination.value]);
    const others = sorted.get(name);
    if (others === undefined) {
      const ends = [source.value, destination.value] as const;
      sorted.set(name, { packets: [evidence], places: [place], ip, ends });
    } else {
      others.packets.push(evidence);
      others.places.push(place);
    }
  }
  return [...sorted.values()];
}

/** What no interface was asked about, although it has some. */
const NOT_JUDGED: readonly VerdictCode[] = ['recorded-twice', 'state-full'];

/** All that rules and settings go by, and whose flow it is about. */
function nameOf({ phase, verdict }: Evidence, ip: IpPacket, ends: readonly bigint[]): string {
  const { source, destination, protocol, transport } = ip;
  const ports =
    transport === undefined
      ? ''
      : transport.kind === 'icmp'
        ? `${transport.type}/${transport.code}`
        : `${transport.sourcePort}>${transport.destinationPort}`;
  const asked = verdict.at.map(({ eni, code }) => `${eni} ${code}`);
  return [
    phase,
    source.family,
    source.value,
    destination.value,
    protocol,
    ports,
    ...ends,
    ...asked,
  ].join();
}
