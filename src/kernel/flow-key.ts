import { EGRESS, FLAG_IPV6, SCOPE_INTERFACE_SHIFT, SCOPE_IPV6, SCOPE_KIND_SHIFT } from './layout';
import { TCP, UDP, icmpPair, isIcmp, isIcmpRequest } from './protocol';
import { Row } from './row';

/**
 * What the packets of a flow have in common, seen from an interface (CT-3):
 *
 *   0       16       32      36      40
 *   | local | remote | ports | scope | hash
 */
@unmanaged
export class FlowKey {
  localHi: u64;
  localLo: u64;
  remoteHi: u64;
  remoteLo: u64;
  /** Local port above remote port; ICMP: id above pair and requester; fragments: their id. */
  ports: u32;
  /** Interface, kind of key, protocol: see `scopeOf`. */
  scope: u32;
  hash: u32;
}
if (offsetof<FlowKey>('ports') != 32) ERROR('flow key: ports');
if (offsetof<FlowKey>('hash') != 40) ERROR('flow key: hash');

// Kinds of key, beside the family bit.
const KIND_FLOW: u32 = 0;
const KIND_FRAGMENT: u32 = 2;

// The hash is a sum of products, one for each 32 bits of the key (multilinear hashing: Lemire and Kaser, "Strongly
// universal string hashing is fast", 2014): its products do not wait for one another, and under secret factors any two keys
// meet as rarely as chance has it, whoever chose them. What follows the sum only spreads keys that go up in steps.
let factor0: u64 = 0;
let factor1: u64 = 0;
let factor2: u64 = 0;
let factor3: u64 = 0;
let factor4: u64 = 0;
let factor5: u64 = 0;
let factor6: u64 = 0;
let factor7: u64 = 0;
let factor8: u64 = 0;
let factor9: u64 = 0;
let factor10: u64 = 0;
let spread: u64 = 0;
const LOW: u64 = 0xffffffff;

/** The factors come from the seed: nobody who does not know it can make keys that collide. */
export function setupKeys(seed: u64): void {
  factor0 = secret(seed, 1);
  factor1 = secret(seed, 2);
  factor2 = secret(seed, 3);
  factor3 = secret(seed, 4);
  factor4 = secret(seed, 5);
  factor5 = secret(seed, 6);
  factor6 = secret(seed, 7);
  factor7 = secret(seed, 8);
  factor8 = secret(seed, 9);
  factor9 = secret(seed, 10);
  factor10 = secret(seed, 11);
  spread = secret(seed, 12) | 1;
}

/** The splitmix64 sequence of the seed. */
function secret(seed: u64, place: u64): u64 {
  let x = seed + place * 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/** Key of the flow that a packet belongs to. False for ICMP other than queries and their replies: no flow has it. */
export function setFlowKey(key: FlowKey, row: Row, number: u32, direction: u32): bool {
  const v6 = (row.flags & FLAG_IPV6) != 0;
  const protocol = row.protocol;
  let ports: u32 = 0;
  // Which of the two it is no branch could guess.
  if (u32(protocol == TCP) | u32(protocol == UDP)) {
    ports = portsOf(row.sourcePort, row.destinationPort, direction);
  } else if (isIcmp(v6, protocol)) {
    ports = icmpPorts(v6, row.sourcePort, row.destinationPort, direction);
    if (ports == 0) return false;
  }
  setEnds(key, row, direction);
  finish(key, ports, scopeOf(number, KIND_FLOW, v6, protocol));
  return true;
}

/**
 * The local end first: swaps the two when the packet comes in. By arithmetic, because its direction is a coin toss that
 * a branch would lose half the time.
 */
function setEnds(key: FlowKey, row: Row, direction: u32): void {
  const outwards = <u64>direction - 1;
  const hi = (row.sourceHi ^ row.destinationHi) & outwards;
  const lo = (row.sourceLo ^ row.destinationLo) & outwards;
  key.localHi = row.destinationHi ^ hi;
  key.localLo = row.destinationLo ^ lo;
  key.remoteHi = row.sourceHi ^ hi;
  key.remoteLo = row.sourceLo ^ lo;
}

/** Key of the flow that an ICMP error quotes, as a packet that went in `direction`. */
export function setQuoteKey(key: FlowKey, row: Row, number: u32, direction: u32): void {
  const v6 = (row.flags & FLAG_IPV6) != 0;
  const protocol = row.quoteProtocol;
  const egress = direction == EGRESS;
  key.localHi = egress ? row.quoteSourceHi : row.quoteDestinationHi;
  key.localLo = egress ? row.quoteSourceLo : row.quoteDestinationLo;
  key.remoteHi = egress ? row.quoteDestinationHi : row.quoteSourceHi;
  key.remoteLo = egress ? row.quoteDestinationLo : row.quoteSourceLo;
  let ports: u32 = 0;
  if (protocol == TCP || protocol == UDP) {
    ports = portsOf(row.quoteSourcePort, row.quoteDestinationPort, direction);
  } else if (isIcmp(v6, protocol)) {
    ports = icmpPorts(v6, row.quoteSourcePort, row.quoteDestinationPort, direction);
  }
  finish(key, ports, scopeOf(number, KIND_FLOW, v6, protocol));
}

/** Key of the datagram that a fragment belongs to, in its direction (CT-18). */
export function setFragmentKey(key: FlowKey, row: Row, number: u32, direction: u32): void {
  setEnds(key, row, direction);
  const v6 = (row.flags & FLAG_IPV6) != 0;
  finish(key, row.fragmentId, scopeOf(number, KIND_FRAGMENT << direction, v6, row.protocol));
}

function portsOf(source: u16, destination: u16, direction: u32): u32 {
  // Swaps the halves of a packet that comes in.
  return rotl<u32>(((<u32>source) << 16) | destination, direction << 4);
}

/** A ping outwards and a ping inwards with one id are two flows: the requester is part of the key. 0: no query. */
function icmpPorts(v6: bool, id: u16, typeAndCode: u16, direction: u32): u32 {
  const type = <u8>(typeAndCode >> 8);
  const pair = icmpPair(v6, type);
  if (pair == 0) return 0;
  const requesterIsLocal = isIcmpRequest(v6, type) == (direction == EGRESS);
  return ((<u32>id) << 16) | (pair << 1) | u32(requesterIsLocal);
}

function scopeOf(number: u32, kind: u32, v6: bool, protocol: u8): u32 {
  return (number << SCOPE_INTERFACE_SHIFT) | ((kind | u32(v6)) << SCOPE_KIND_SHIFT) | protocol;
}

/** The interface, from 1, that a scope names. */
export function scopeInterface(scope: u32): u32 {
  return scope >> SCOPE_INTERFACE_SHIFT;
}

/** Ports, scope and hash. One store for both words: a wide load just after two narrow ones would wait for them. */
function finish(key: FlowKey, ports: u32, scope: u32): void {
  store<u64>(changetype<usize>(key), ((<u64>scope) << 32) | ports, offsetof<FlowKey>('ports'));
  const local = key.localLo;
  const remote = key.remoteLo;
  let x =
    (local & LOW) * factor1 +
    (remote & LOW) * factor2 +
    (<u64>ports * factor3 + factor0) +
    <u64>scope * factor4;
  if (scope & SCOPE_IPV6) {
    x += (local >> 32) * factor5 + (remote >> 32) * factor6;
    x += (key.localHi & LOW) * factor7 + (key.localHi >> 32) * factor8;
    x += (key.remoteHi & LOW) * factor9 + (key.remoteHi >> 32) * factor10;
  }
  key.hash = <u32>(((x ^ (x >> 32)) * spread) >> 32);
}
