import {
  ASKED,
  Connection,
  DENIED,
  FRAGMENT,
  KIND_FLOW,
  KIND_FRAGMENT_EGRESS,
  KIND_FRAGMENT_INGRESS,
  LAST_LIVE,
  LIVE_ICMP,
  LIVE_OTHER,
  LIVE_UDP,
  NOTED,
  UNTRACKED,
  WAS_ESTABLISHED,
  isExpired,
  isRemembered,
  scopeOf,
} from './connection';
import { findConnection, keyHash, makeConnection, sweepConnections } from './connection-table';
import { Interface } from './interfaces';
import {
  ALLOW_INFERRED,
  ALLOW_RELATED,
  ALLOW_RULE,
  ALLOW_TRACKED,
  ALLOW_UNTRACKED,
  DROP_NO_RULE,
  DROP_NO_STATE,
  DROP_NOT_OPENED,
  EGRESS,
  FLAG_FIRST_FRAGMENT,
  FLAG_IPV6,
  FLAG_LATER_FRAGMENT,
  FLAG_QUOTE,
  FLAG_TRANSPORT,
  INGRESS,
  MIDSTREAM_HISTORY,
  MIDSTREAM_STRICT,
  NONE,
  NOT_JUDGED_STATE_FULL,
} from './layout';
import { ICMP, ICMPV6, TCP, UDP, icmpPair, isBareSyn, isIcmpRequest } from './protocol';
import { Row } from './row';
import { NO_PORT, anyPeerMatches, firstRule, isOpen, sideOf } from './rule-image';
import { CLOSE, ESTABLISHED, SYN_SENT, TIME_WAIT, nextTcpState } from './tcp';

let image: usize = 0;
let midstream: u32 = 0;
let rememberDenied: bool = true;
let historyNs: i64 = 0;

// What the last answer was made of, beside its code.
/** The rule that allowed the packet or opened its connection; NONE without one. */
export let answerRule: u32 = NONE;
/** The packet began a flow at this interface. */
export let answerBegins: bool = false;
/** Destination port of the flow's opener; NO_PORT when the packet has no ports. */
export let answerPort: u32 = NO_PORT;

// Key of the packet at hand, relative to its interface.
let keyLocalHi: u64 = 0;
let keyLocalLo: u64 = 0;
let keyRemoteHi: u64 = 0;
let keyRemoteLo: u64 = 0;
let keyRest: u64 = 0;

export function setupSecurityGroups(at: usize, policy: u32, remember: bool, history: i64): void {
  image = at;
  midstream = policy;
  rememberDenied = remember;
  historyNs = history;
}

export function clearAnswer(row: Row): void {
  answerRule = NONE;
  answerBegins = false;
  answerPort = row.flags & FLAG_TRANSPORT ? <u32>row.destinationPort : NO_PORT;
}

/** Hash of the key that a packet will be looked up by, to fetch its record early; 0 when there is none. */
export function flowHash(row: Row, number: u32, direction: u32): u32 {
  if (row.flags & (FLAG_FIRST_FRAGMENT | FLAG_LATER_FRAGMENT)) return 0;
  if (!setFlowKey(row, number, direction)) return 0;
  return keyHash(keyLocalHi, keyLocalLo, keyRemoteHi, keyRemoteLo, keyRest);
}

/**
 * Judges an IP packet by the security groups of one interface, numbered from 1: SG(E, dir, pkt) of section 0. `hash` is
 * what `flowHash` gave, or 0.
 */
export function judgeSecurityGroups(
  row: Row,
  number: u32,
  eni: Interface,
  direction: u32,
  hash: u32,
): u8 {
  if (!(row.flags & (FLAG_FIRST_FRAGMENT | FLAG_LATER_FRAGMENT)))
    return judge(row, number, eni, direction, hash);
  return judgeFragment(row, number, eni, direction);
}

/** The order of the questions is the semantics. */
function judge(row: Row, number: u32, eni: Interface, direction: u32, knownHash: u32): u8 {
  const now = row.clockNs;
  const v6 = (row.flags & FLAG_IPV6) != 0;
  const protocol = row.protocol;
  const tcp = protocol == TCP;
  const fresh = tcp && isBareSyn(row.tcpFlags);
  const hasKey = setFlowKey(row, number, direction);
  let hash = knownHash;
  let c = changetype<Connection>(0);
  let noted = false;

  if (hasKey) {
    if (hash == 0) hash = keyHash(keyLocalHi, keyLocalLo, keyRemoteHi, keyRemoteLo, keyRest);
    const record = findConnection(hash, keyLocalHi, keyLocalLo, keyRemoteHi, keyRemoteLo, keyRest);
    if (record != 0) {
      c = changetype<Connection>(record);
      const expired = isExpired(image, c, now);
      if (c.state <= LAST_LIVE) {
        const over = fresh && (c.state == TIME_WAIT || c.state == CLOSE);
        if (!expired && !over) return admit(c, row, direction);
        if (fresh) c.flags = 0; // a new opening clears the history
      } else if (!expired && c.state == DENIED && rememberDenied) {
        if (followsDenied(c, row, eni, direction, v6, tcp, fresh)) return DROP_NOT_OPENED;
      } else if (!expired && c.state == UNTRACKED) {
        if (!fresh) return passUntracked(c, row, eni, direction, v6);
        noted = true;
      }
    }
  } else if (row.flags & FLAG_QUOTE) {
    if (isRelated(row, number, direction, now)) return ALLOW_RELATED;
  }

  if (tcp || protocol == UDP) {
    if (isUntracked(row, eni, direction, v6, fresh)) {
      return noted
        ? passUntracked(c, row, eni, direction, v6)
        : beginUntracked(c, hash, row, eni, direction, v6);
    }
    if (tcp && !fresh) return judgeMidstream(c, hash, row, eni, direction, v6);
  }

  const port = <u32>row.destinationPort;
  const rule = ruleFor(row, eni, direction, v6, false, port);
  const opens = hasKey && (!isIcmp(v6, protocol) || isIcmpRequest(v6, <u8>(port >> 8)));
  if (rule == NONE) {
    if (opens) rememberDenial(c, hash, row, direction);
    return DROP_NO_RULE;
  }
  answerRule = rule;
  if (!opens) return ALLOW_RULE;
  const state = tcp
    ? SYN_SENT
    : protocol == UDP
      ? LIVE_UDP
      : isIcmp(v6, protocol)
        ? LIVE_ICMP
        : LIVE_OTHER;
  return begin(c, hash, row, direction, state, rule, protocol == UDP ? ASKED : 0)
    ? ALLOW_RULE
    : NOT_JUDGED_STATE_FULL;
}

/** A packet of a live connection: refresh it, advance its state (CT-2, CT-12, CT-13). */
function admit(c: Connection, row: Row, direction: u32): u8 {
  c.lastSeen = row.clockNs;
  answerRule = c.rule;
  const reply = u32(c.direction != direction);
  if (c.state < LIVE_UDP) {
    c.state = nextTcpState(c.state, reply, row.tcpFlags);
    if (c.state == ESTABLISHED) c.flags |= WAS_ESTABLISHED;
  } else if (c.state == LIVE_UDP) {
    if (!reply) c.flags |= ASKED;
    else if (c.flags & ASKED) {
      c.flags &= ~ASKED;
      if (c.turns < 2) c.turns++;
    }
  }
  return ALLOW_TRACKED;
}

/** CT-25: whether a packet only exists because a denied opening was answered. */
function followsDenied(
  c: Connection,
  row: Row,
  eni: Interface,
  direction: u32,
  v6: bool,
  tcp: bool,
  fresh: bool,
): bool {
  if (fresh) return false;
  const own = c.direction == direction;
  if (own && !tcp) return false;
  if (own && ruleFor(row, eni, direction, v6, false, row.destinationPort) != NONE) return false;
  if (!own && (tcp || row.protocol == UDP)) answerPort = row.sourcePort;
  return true;
}

/** CT-16: an ICMP error about a live connection, addressed to the sender of what it quotes. */
function isRelated(row: Row, number: u32, direction: u32, now: i64): bool {
  const v6 = (row.flags & FLAG_IPV6) != 0;
  if (row.quoteSourceHi != row.destinationHi || row.quoteSourceLo != row.destinationLo)
    return false;
  // The quoted packet went the other way: out of the interface when the error comes in.
  const quotedDirection = direction ^ 1;
  setKey(
    number,
    quotedDirection,
    v6,
    row.quoteProtocol,
    row.quoteSourceHi,
    row.quoteSourceLo,
    row.quoteDestinationHi,
    row.quoteDestinationLo,
    row.quoteSourcePort,
    row.quoteDestinationPort,
  );
  const hash = keyHash(keyLocalHi, keyLocalLo, keyRemoteHi, keyRemoteLo, keyRest);
  const record = findConnection(hash, keyLocalHi, keyLocalLo, keyRemoteHi, keyRemoteLo, keyRest);
  if (record == 0) return false;
  const c = changetype<Connection>(record);
  if (c.state > LAST_LIVE || isExpired(image, c, now)) return false;
  answerRule = c.rule;
  return true;
}

/** CT-4 and CT-6: the packet as initiator or, unless it opens, the swapped packet as initiator. */
function isUntracked(row: Row, eni: Interface, direction: u32, v6: bool, fresh: bool): bool {
  if (startsUntracked(eni, direction, v6, row.protocol, row.destinationPort)) return true;
  return !fresh && startsUntracked(eni, direction ^ 1, v6, row.protocol, row.sourcePort);
}

function startsUntracked(eni: Interface, direction: u32, v6: bool, protocol: u8, port: u32): bool {
  return (
    isOpen(sideOf(image, eni.set, direction ^ 1, v6), protocol) &&
    anyPeerMatches(image, sideOf(image, eni.set, direction, v6), v6, protocol, port)
  );
}

/** The first packet of a flow that is not tracked: it is noted, so that the next ones are quick and the flow counts once. */
function beginUntracked(
  c: Connection,
  hash: u32,
  row: Row,
  eni: Interface,
  direction: u32,
  v6: bool,
): u8 {
  answerRule = ruleFor(row, eni, direction, v6, false, row.destinationPort);
  if (answerRule == NONE) return DROP_NO_RULE;
  const note = replaceOrMake(c, hash, row, direction, UNTRACKED);
  if (changetype<usize>(note) == 0) return NOT_JUDGED_STATE_FULL;
  note.rule = direction == EGRESS ? answerRule : NONE;
  note.replyRule = direction == INGRESS ? answerRule : NONE;
  return ALLOW_UNTRACKED;
}

/** CT-6: every packet needs a rule in its own direction; the note spares the search. */
function passUntracked(note: Connection, row: Row, eni: Interface, direction: u32, v6: bool): u8 {
  note.lastSeen = row.clockNs;
  let rule = direction == EGRESS ? note.rule : note.replyRule;
  if (rule == NONE) {
    rule = ruleFor(row, eni, direction, v6, false, row.destinationPort);
    if (rule == NONE) return DROP_NO_RULE;
    if (direction == EGRESS) note.rule = rule;
    else note.replyRule = rule;
  }
  answerRule = rule;
  return ALLOW_UNTRACKED;
}

/** CT-14: TCP that no live connection knows and that opens none. */
function judgeMidstream(
  c: Connection,
  hash: u32,
  row: Row,
  eni: Interface,
  direction: u32,
  v6: bool,
): u8 {
  if (midstream == MIDSTREAM_STRICT) return DROP_NO_STATE;
  if (changetype<usize>(c) != 0 && midstream == MIDSTREAM_HISTORY && c.state <= LAST_LIVE) {
    if (isRemembered(image, c, row.clockNs, historyNs)) {
      if (c.direction != direction) answerPort = row.sourcePort;
      return DROP_NO_STATE;
    }
  }
  let opener = direction;
  let rule = ruleFor(row, eni, direction, v6, false, row.destinationPort);
  if (rule == NONE) {
    opener = direction ^ 1;
    rule = ruleFor(row, eni, opener, v6, true, row.sourcePort);
  }
  if (rule == NONE) {
    const noted =
      changetype<usize>(c) != 0 && c.state == NOTED && !isExpired(image, c, row.clockNs);
    if (noted) c.lastSeen = row.clockNs;
    else replaceOrMake(c, hash, row, direction, NOTED);
    return DROP_NO_RULE;
  }
  answerRule = rule;
  const state = nextTcpState(ESTABLISHED, u32(opener != direction), row.tcpFlags);
  return begin(c, hash, row, opener, state, rule, WAS_ESTABLISHED)
    ? ALLOW_INFERRED
    : NOT_JUDGED_STATE_FULL;
}

function rememberDenial(c: Connection, hash: u32, row: Row, direction: u32): void {
  if (
    changetype<usize>(c) != 0 &&
    c.state == DENIED &&
    c.direction == direction &&
    !isExpired(image, c, row.clockNs)
  ) {
    c.lastSeen = row.clockNs;
  } else {
    replaceOrMake(c, hash, row, direction, DENIED);
  }
}

function begin(
  c: Connection,
  hash: u32,
  row: Row,
  direction: u32,
  state: u8,
  rule: u32,
  flags: u8,
): bool {
  const entry = replaceOrMake(c, hash, row, direction, state);
  if (changetype<usize>(entry) == 0) return false;
  entry.rule = rule;
  entry.flags = flags;
  return true;
}

/** The record of the key at hand, begun anew; null when memory is full. */
function replaceOrMake(c: Connection, hash: u32, row: Row, direction: u32, state: u8): Connection {
  let record = changetype<usize>(c);
  if (record == 0) {
    sweepConnections(image, row.clockNs, midstream, historyNs);
    record = makeConnection(hash, keyLocalHi, keyLocalLo, keyRemoteHi, keyRemoteLo, keyRest);
    if (record == 0) return changetype<Connection>(0);
  }
  const fresh = changetype<Connection>(record);
  fresh.lastSeen = row.clockNs;
  fresh.rule = NONE;
  fresh.replyRule = NONE;
  fresh.state = state;
  fresh.direction = <u8>direction;
  fresh.flags = 0;
  fresh.turns = 0;
  answerBegins = true;
  return fresh;
}

/** First rule for the packet, or for the packet with its ends swapped, in a direction. */
function ruleFor(
  row: Row,
  eni: Interface,
  direction: u32,
  v6: bool,
  swapped: bool,
  port: u32,
): u32 {
  const remoteIsDestination = (direction == EGRESS) != swapped;
  const hi = remoteIsDestination ? row.destinationHi : row.sourceHi;
  const lo = remoteIsDestination ? row.destinationLo : row.sourceLo;
  return firstRule(image, sideOf(image, eni.set, direction, v6), v6, hi, lo, row.protocol, port);
}

/** CT-18: the verdict of a datagram's first fragment covers the later ones. */
function judgeFragment(row: Row, number: u32, eni: Interface, direction: u32): u8 {
  const now = row.clockNs;
  const v6 = (row.flags & FLAG_IPV6) != 0;
  if (row.flags & FLAG_FIRST_FRAGMENT) {
    const code = judge(row, number, eni, direction, 0);
    const begins = answerBegins;
    const hash = setFragmentKey(row, number, direction, v6);
    const found = findConnection(hash, keyLocalHi, keyLocalLo, keyRemoteHi, keyRemoteLo, keyRest);
    const note = replaceOrMake(changetype<Connection>(found), hash, row, direction, FRAGMENT);
    answerBegins = begins;
    if (changetype<usize>(note) == 0) return NOT_JUDGED_STATE_FULL;
    note.rule = answerRule;
    note.turns = code;
    note.replyRule = answerPort;
    return code;
  }
  const hash = setFragmentKey(row, number, direction, v6);
  const found = findConnection(hash, keyLocalHi, keyLocalLo, keyRemoteHi, keyRemoteLo, keyRest);
  if (found != 0) {
    const note = changetype<Connection>(found);
    if (!isExpired(image, note, now)) {
      answerRule = note.rule;
      answerPort = note.replyRule;
      return note.turns;
    }
  }
  const protocol = row.protocol;
  if (protocol != TCP && protocol != UDP && !isIcmp(v6, protocol))
    return judge(row, number, eni, direction, 0);
  answerRule = ruleFor(row, eni, direction, v6, false, NO_PORT);
  return answerRule == NONE ? DROP_NO_RULE : ALLOW_RULE;
}

function setFragmentKey(row: Row, number: u32, direction: u32, v6: bool): u32 {
  const egress = direction == EGRESS;
  keyLocalHi = egress ? row.sourceHi : row.destinationHi;
  keyLocalLo = egress ? row.sourceLo : row.destinationLo;
  keyRemoteHi = egress ? row.destinationHi : row.sourceHi;
  keyRemoteLo = egress ? row.destinationLo : row.sourceLo;
  const kind = egress ? KIND_FRAGMENT_EGRESS : KIND_FRAGMENT_INGRESS;
  keyRest = ((<u64>scopeOf(number, kind, v6, row.protocol)) << 32) | row.fragmentId;
  return keyHash(keyLocalHi, keyLocalLo, keyRemoteHi, keyRemoteLo, keyRest);
}

/** CT-3. False for packets that no connection can be about: ICMP other than queries and their replies. */
function setFlowKey(row: Row, number: u32, direction: u32): bool {
  const v6 = (row.flags & FLAG_IPV6) != 0;
  if (isIcmp(v6, row.protocol) && icmpPair(v6, <u8>(row.destinationPort >> 8)) == 0) return false;
  setKey(
    number,
    direction,
    v6,
    row.protocol,
    row.sourceHi,
    row.sourceLo,
    row.destinationHi,
    row.destinationLo,
    row.sourcePort,
    row.destinationPort,
  );
  return true;
}

function setKey(
  number: u32,
  direction: u32,
  v6: bool,
  protocol: u8,
  sourceHi: u64,
  sourceLo: u64,
  destinationHi: u64,
  destinationLo: u64,
  sourcePort: u16,
  destinationPort: u16,
): void {
  const egress = direction == EGRESS;
  keyLocalHi = egress ? sourceHi : destinationHi;
  keyLocalLo = egress ? sourceLo : destinationLo;
  keyRemoteHi = egress ? destinationHi : sourceHi;
  keyRemoteLo = egress ? destinationLo : sourceLo;
  let ports: u32 = 0;
  if (protocol == TCP || protocol == UDP) {
    ports = egress
      ? ((<u32>sourcePort) << 16) | destinationPort
      : ((<u32>destinationPort) << 16) | sourcePort;
  } else if (isIcmp(v6, protocol)) {
    // A ping outwards and a ping inwards with one id are two flows: the requester is part of the key.
    const type = <u8>(destinationPort >> 8);
    const requesterIsLocal = isIcmpRequest(v6, type) == egress;
    ports = ((<u32>sourcePort) << 16) | (icmpPair(v6, type) << 1) | u32(requesterIsLocal);
  }
  keyRest = ((<u64>scopeOf(number, KIND_FLOW, v6, protocol)) << 32) | ports;
}

function isIcmp(v6: bool, protocol: u8): bool {
  return protocol == (v6 ? ICMPV6 : ICMP);
}
