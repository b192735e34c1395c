import { Connection } from './connection';
import { FlowKey } from './flow-key';
import { Interface, interfaceOf } from './interfaces';
import { EGRESS, FLAG_IPV6, FLAG_TRANSPORT, NONE } from './layout';
import { image } from './policy';
import { Row } from './row';
import { NO_PORT, firstRule, sideOf } from './rule-image';

/**
 * A packet at an interface: what every question is asked about, and the answer's parts. It begins with the flow's key
 * relative to the interface, when it has one.
 */
@unmanaged
export class Visit extends FlowKey {
  row: Row;
  eni: Interface;
  /** Of the interface, from 1. */
  number: u32;
  direction: u32;
  v6: bool;
  /** The local address is one of the interface's. */
  holds: bool;
  hasKey: bool;
  /** Answer: the packet began a flow here. */
  begins: bool;
  /** Answer: how it concerns other fragments, FRAGMENT_WAITS or FRAGMENT_COVERS; mostly 0. */
  datagram: u8;
  /** Answer: the rule that allowed the packet or opened its connection; NONE without one. */
  rule: u32;
  /** Answer: destination port of the flow's opener; NO_PORT when the packet has no ports. */
  port: u32;
  /** The record under the key, in whatever state; null when there is none. */
  connection: Connection;
}
export const VISIT_SIZE: usize = 96;
if (offsetof<Visit>() > VISIT_SIZE) ERROR('visit: size');

/** Fills in all but the key. */
export function arrive(visit: Visit, row: Row, number: u32, direction: u32, holds: bool): void {
  visit.row = row;
  visit.eni = interfaceOf(number);
  visit.number = number;
  visit.direction = direction;
  visit.v6 = (row.flags & FLAG_IPV6) != 0;
  visit.holds = holds;
  visit.begins = false;
  visit.datagram = 0;
  visit.rule = NONE;
  visit.port = row.flags & FLAG_TRANSPORT ? <u32>row.destinationPort : NO_PORT;
  visit.connection = changetype<Connection>(0);
}

/** First rule for the packet in its direction, by a destination port. */
export function ruleFor(visit: Visit, port: u32): u32 {
  return ruleTowards(visit, visit.direction, port);
}

/** First rule for the packet with its ends swapped, in the opposite direction. */
export function ruleForSwapped(visit: Visit): u32 {
  return ruleTowards(visit, visit.direction ^ 1, visit.row.sourcePort);
}

/** The remote end is the same whichever way a packet goes. */
function ruleTowards(visit: Visit, direction: u32, port: u32): u32 {
  const side = sideOf(image, visit.eni.set, direction, visit.v6);
  const hi = remoteHi(visit);
  return firstRule(image, side, visit.v6, hi, remoteLo(visit), visit.row.protocol, port);
}

export function remoteHi(visit: Visit): u64 {
  return visit.direction == EGRESS ? visit.row.destinationHi : visit.row.sourceHi;
}

export function remoteLo(visit: Visit): u64 {
  return visit.direction == EGRESS ? visit.row.destinationLo : visit.row.sourceLo;
}
