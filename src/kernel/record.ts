import { beginAccount, countPacket } from './account';
import { givePlaces, takePlaces } from './allowance';
import { Connection } from './connection';
import { makeConnection, sweepConnections } from './connection-table';
import { isMulticast, isSubnetBroadcast } from './exempt';
import {
  DROP_ALLOWANCE_EXCEEDED,
  NONE,
  NOT_JUDGED_STATE_FULL,
  COUNTED,
  COUNTED_TWICE,
  PLAIN,
  VIA_LOAD_BALANCER,
} from './layout';
import { entriesOf, isViaLoadBalancer } from './paths';
import { image, maxTracked } from './policy';
import { Visit } from './visit';

/** The record under the visit's key, begun anew in a state; null when memory is full. Begins a flow. */
export function beginRecord(visit: Visit, state: u8): Connection {
  const now = visit.row.clockNs;
  let record = visit.connection;
  if (changetype<usize>(record) != 0) givePlaces(record);
  if (changetype<usize>(record) == 0) {
    sweepConnections(now);
    record = makeConnection(visit);
    if (changetype<usize>(record) == 0) return record;
  }
  record.lastSeen = now;
  record.rule = NONE;
  record.replyRule = NONE;
  record.state = state;
  record.direction = <u8>visit.direction;
  record.flags = 0;
  record.turns = 0;
  beginAccount(record, visit.row);
  visit.begins = true;
  return record;
}

/** A live connection, opened in `direction` by a rule; 0, or the code of what its packet gets when there is no room. */
export function beginConnection(visit: Visit, direction: u32, state: u8, rule: u32, flags: u8): u8 {
  const limited = maxTracked != 0;
  const places: u32 = limited ? entriesOf(visit) : 0;
  if (limited) {
    const before = visit.connection;
    if (changetype<usize>(before) != 0) givePlaces(before);
    if (!takePlaces(places, visit.number, visit.row.clockNs)) return DROP_ALLOWANCE_EXCEEDED;
  }
  const entry = beginRecord(visit, state);
  if (changetype<usize>(entry) == 0) return NOT_JUDGED_STATE_FULL;
  entry.direction = <u8>direction;
  entry.rule = rule;
  if (isPlain(visit)) flags |= PLAIN;
  if (isViaLoadBalancer(visit)) flags |= VIA_LOAD_BALANCER;
  if (limited) flags |= places == 2 ? COUNTED | COUNTED_TWICE : COUNTED;
  entry.flags = flags;
  countPacket(entry, visit.row, visit.direction);
  return 0;
}

/**
 * Whether everything that is asked before the security groups has the same answer for every packet of the flow. It hangs
 * on the interface, the two addresses and the ports alone, but for packets to a multicast or broadcast address: this
 * packet is not one, and its answers are none if it does not come from there.
 */
export function isPlain(visit: Visit): bool {
  const row = visit.row;
  return (
    !isMulticast(visit.v6, row.sourceHi, row.sourceLo) &&
    !isSubnetBroadcast(image, visit.eni, visit.v6, row.sourceLo)
  );
}
