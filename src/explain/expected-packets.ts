import { type Address, formatAddress } from '../model/address.js';
import type { FlowQuestion } from '../model/flow-question.js';
import type { Packet } from '../model/packet.js';
import type { NetworkInterface } from '../model/vpc.js';
import type { Member, Members } from './question-ends.js';
import { type Family, familiesOf, packetBetween } from './question-packets.js';

/** Who stands at the ends of a question. */
export interface Ends {
  readonly source: Members;
  readonly destination: Members;
}

export interface ExpectedPacket {
  readonly packet: Packet;
  /** `web 10.0.1.20 > db 10.0.2.30`. */
  readonly subject: string;
}

/** One of those at an end, by one of its addresses. */
interface Station {
  readonly label: string;
  readonly address: Address;
  readonly eni?: string;
}

/**
 * The packets that an expectation is about: from every member of one end to every member of the other, in each family that
 * both have, and from and to each address that rules may tell apart (`tellingAddresses`); none from an interface to itself.
 * They come in batches, in each of which no two are of one flow.
 */
export function* expectedPackets(
  question: FlowQuestion,
  ends: Ends,
  addressesOf: (eni: string) => readonly Address[],
  interfaceOf: (eni: string) => NetworkInterface | undefined,
): Generator<Generator<ExpectedPacket>> {
  const families = familiesOf(question);
  const several = ends.source.several || ends.destination.several;
  const [sources, destinations] = [ends.source, ends.destination].map(({ members }) =>
    members.flatMap((member) => stationsOf(member, families, addressesOf, interfaceOf)),
  ) as [Station[], Station[]];
  const fewer = sources.length <= destinations.length ? sources : destinations;
  const more = fewer === sources ? destinations : sources;
  for (const one of fewer) {
    yield (function* () {
      for (const other of more) {
        const [from, to] = fewer === sources ? [one, other] : [other, one];
        if (from.address.family !== to.address.family) continue;
        if (several && isSame(from, to)) continue;
        const packet = packetBetween(question, from.address, to.address);
        yield { packet, subject: `${from.label} > ${to.label}` };
      }
    })();
  }
}

/** Packets at most, those of interfaces to themselves among them. */
export function countPackets(
  question: FlowQuestion,
  { source, destination }: Ends,
  addressesOf: (eni: string) => readonly Address[],
): number {
  const count = ({ members }: Members, family: Family): number =>
    members.reduce((sum, member) => sum + ownAddresses(member, family, addressesOf).length, 0);
  return familiesOf(question).reduce(
    (sum, family) => sum + count(source, family) * count(destination, family),
    0,
  );
}

function ownAddresses(
  { eni, address }: Member,
  family: Family,
  addressesOf: (eni: string) => readonly Address[],
): readonly Address[] {
  if (eni !== undefined) return addressesOf(eni).filter((own) => own.family === family);
  const only = address[family];
  return only === undefined ? [] : [only];
}

function stationsOf(
  member: Member,
  families: readonly Family[],
  addressesOf: (eni: string) => readonly Address[],
  interfaceOf: (eni: string) => NetworkInterface | undefined,
): readonly Station[] {
  const { eni, label } = member;
  return families.flatMap((family) =>
    ownAddresses(member, family, addressesOf).map((address): Station => {
      const text = formatAddress(address);
      if (eni === undefined) return { label: label === text ? text : `${label} ${text}`, address };
      return { label: `${interfaceOf(eni)?.name ?? eni} ${text}`, address, eni };
    }),
  );
}

const isSame = (from: Station, to: Station): boolean =>
  from.eni === undefined ? from.label === to.label : from.eni === to.eni;
