import { Connection, PLAIN } from './connection';
import { makeConnection, sweepConnections } from './connection-table';
import { isMulticast, isSubnetBroadcast } from './exempt';
import { NONE } from './layout';
import { image } from './policy';
import { Visit } from './visit';

/** The record under the visit's key, begun anew in a state; null when memory is full. Begins a flow. */
export function beginRecord(visit: Visit, state: u8): Connection {
  const now = visit.row.clockNs;
  let record = visit.connection;
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
  visit.begins = true;
  return record;
}

/** A live connection, opened in `direction` by a rule; false when memory is full. */
export function beginConnection(
  visit: Visit,
  direction: u32,
  state: u8,
  rule: u32,
  flags: u8,
): bool {
  const entry = beginRecord(visit, state);
  if (changetype<usize>(entry) == 0) return false;
  entry.direction = <u8>direction;
  entry.rule = rule;
  entry.flags = isPlain(visit) ? flags | PLAIN : flags;
  return true;
}

/**
 * Whether everything that is asked before the security groups has the same answer for every packet of the flow. It hangs
 * on the interface, the two addresses and the ports alone, but for packets to a multicast or broadcast address: this
 * packet is not one, and its answers are none if it does not come from there.
 */
function isPlain(visit: Visit): bool {
  const row = visit.row;
  return (
    !isMulticast(visit.v6, row.sourceHi, row.sourceLo) &&
    !isSubnetBroadcast(image, visit.eni, visit.v6, row.sourceLo)
  );
}
