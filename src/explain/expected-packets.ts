import { type Address, formatAddress } from '../model/address.js';
import type { FlowQuestion } from '../model/flow-question.js';
import type { Packet } from '../model/packet.js';
import type { ResolvedInterface } from '../policy/resolve.js';
import type { Member, Members } from './question-ends.js';
import { familiesOf, packetBetween } from './question-packets.js';
import type { TellingAddress } from './telling-addresses.js';

/** Who stands at the ends of a question. */
export interface Ends {
  readonly source: Members;
  readonly destination: Members;
}

/** Those at an end who are alike to rules, by their addresses. */
interface Station {
  readonly label: string;
  readonly address: Address;
  readonly eni?: string;
}

/** Packets that are judged alike, because their ends are: one of them is looked at. */
export interface PacketKind {
  readonly packet: Packet;
  readonly count: number;
  /** All of them: `web 10.0.1.20 > db 10.0.2.30`. */
  subjects(): Iterable<string>;
}

/** What is known of the interfaces that members are. */
export interface Stationed {
  readonly interfaceOf: (eni: string) => ResolvedInterface;
  readonly addressesOf: (eni: string) => readonly TellingAddress[];
  /** Id of the interface that has an address. */
  readonly holderOf: (address: Address) => string | undefined;
}

/**
 * The packets that an expectation is about: from every member of one end to every member of the other, in each family that
 * both have, and from and to each address that may be judged differently; none from an interface to itself.
 */
export function* expectedPackets(
  question: FlowQuestion,
  { source, destination }: Ends,
  stationed: Stationed,
): Generator<PacketKind> {
  const several = source.several || destination.several;
  const senders = stationsByKind(source, question, stationed);
  const receivers = stationsByKind(destination, question, stationed);
  for (const from of senders) {
    for (const to of receivers) {
      if (from[0]!.address.family !== to[0]!.address.family) continue;
      const kind = kindBetween(question, from, to, several);
      if (kind !== undefined) yield kind;
    }
  }
}

/** How many kinds there may be. */
export function countKinds(
  question: FlowQuestion,
  { source, destination }: Ends,
  stationed: Stationed,
): number {
  const [senders, receivers] = [source, destination].map(
    (members) => stationsByKind(members, question, stationed).length,
  );
  return senders! * receivers!;
}

function kindBetween(
  question: FlowQuestion,
  from: readonly Station[],
  to: readonly Station[],
  several: boolean,
): PacketKind | undefined {
  const own = new Set(several ? to.map(nameOf) : []);
  const count = from.length * to.length - from.filter((station) => own.has(nameOf(station))).length;
  if (count === 0) return undefined;
  function* pairs(): Generator<readonly [Station, Station]> {
    for (const one of from) {
      for (const other of to) {
        if (!several || nameOf(one) !== nameOf(other)) yield [one, other];
      }
    }
  }
  const [first, second] = pairs().next().value as readonly [Station, Station];
  return {
    packet: packetBetween(question, first.address, second.address),
    count,
    *subjects() {
      for (const [one, other] of pairs()) yield `${one.label} > ${other.label}`;
    },
  };
}

const nameOf = ({ eni, label }: Station): string => eni ?? label;

function stationsByKind(
  { members }: Members,
  question: FlowQuestion,
  stationed: Stationed,
): readonly (readonly Station[])[] {
  const families: readonly number[] = familiesOf(question);
  const byKind = new Map<string, Station[]>();
  for (const member of members) {
    for (const { kind, station } of stationsOf(member, stationed)) {
      if (!families.includes(station.address.family)) continue;
      const alike = byKind.get(kind);
      if (alike === undefined) byKind.set(kind, [station]);
      else alike.push(station);
    }
  }
  return [...byKind.values()];
}

interface KnownStation {
  readonly kind: string;
  readonly station: Station;
}

/** An address that was asked about by itself is of a kind of its own, though an interface may have it. */
function stationsOf(
  { eni, label, address }: Member,
  { interfaceOf, addressesOf, holderOf }: Stationed,
): readonly KnownStation[] {
  if (eni === undefined) {
    return Object.values(address).map((own: Address) => {
      const text = formatAddress(own);
      const holder = holderOf(own);
      const station = {
        label: label === text ? text : `${label} ${text}`,
        address: own,
        ...(holder !== undefined && { eni: holder }),
      };
      return { kind: `address ${station.label}`, station };
    });
  }
  const at = interfaceOf(eni);
  const kindOfInterface = kindOf(at);
  return addressesOf(eni).map(({ kind, address: own }) => ({
    kind: `${kind} ${kindOfInterface}`,
    station: { label: `${at.eni.name ?? eni} ${formatAddress(own)}`, address: own, eni },
  }));
}

/** What an interface's answer, and what rules say of it, may hang on besides its address. */
function kindOf({ eni, set, subnetPrefixes, primaryVpcPrefix }: ResolvedInterface): string {
  const { vpcId, ownerId, groupIds, sourceDestCheck } = eni;
  const blocks = [...subnetPrefixes, ...(primaryVpcPrefix === undefined ? [] : [primaryVpcPrefix])];
  return JSON.stringify([
    ...[set, vpcId, ownerId, groupIds, sourceDestCheck],
    blocks.map(({ value, length }) => `${value}/${length}`),
  ]);
}
