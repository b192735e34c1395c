import { setFlowKey } from './flow-key';
import { holderOf, ownerOfMac } from './interfaces';
import { CONTENT_IP, FLAG_FIRST_FRAGMENT, FLAG_IPV6, FLAG_LATER_FRAGMENT } from './layout';
import { Row } from './row';
import { Visit } from './visit';

/** A row's interfaces, numbered from 1, and its visit to the first of them: the sender's, if that is known. */
@unmanaged
export class Route extends Visit {
  sender: u32;
  receiver: u32;
  senderHolds: bool;
  receiverHolds: bool;
  /** The other end has no interface that anybody described. */
  isAlone: bool;
  /** Position of the row in its batch. */
  index: u32;
  /** Address of the record that may be the key's, 0 without one: see `candidateFor`. */
  candidate: usize;
}
export const ROUTE_SHIFT: usize = 7;
if (offsetof<Route>() > 1 << ROUTE_SHIFT) ERROR('route: size');

/** The MAC address tells which interface a frame is at, even when it carries somebody else's address. */
export function findRoute(route: Route, row: Row): void {
  if (row.content != CONTENT_IP) return noRoute(route);
  const v6 = (row.flags & FLAG_IPV6) != 0;
  const holderOfSource = holderOf(v6, row.sourceHi, row.sourceLo);
  const holderOfDestination = holderOf(v6, row.destinationHi, row.destinationLo);
  const sender = ownerOfMac(row, row.sourceMac) || holderOfSource;
  const receiver = ownerOfMac(row, row.destinationMac) || holderOfDestination;
  route.sender = sender;
  route.receiver = receiver;
  if (sender == receiver) {
    route.hasKey = false;
    return;
  }
  route.isAlone = bool(u32(sender == 0) | u32(receiver == 0));
  route.senderHolds = sender == holderOfSource;
  route.receiverHolds = receiver == holderOfDestination;
  const received = u32(sender == 0);
  route.number = sender | (receiver & (0 - received));
  route.direction = received;
  setKey(route, row);
}

function noRoute(route: Route): void {
  route.hasKey = false;
  route.sender = 0;
  route.receiver = 0;
}

/** Fragments have a key of another kind: see fragments.ts. */
export function setKey(visit: Visit, row: Row): void {
  visit.hasKey =
    !(row.flags & (FLAG_FIRST_FRAGMENT | FLAG_LATER_FRAGMENT)) &&
    setFlowKey(visit, row, visit.number, visit.direction);
}
