import {
  ACCOUNT_CREATED,
  ACCOUNT_FRAME,
  ACCOUNT_ORIGINAL,
  ACCOUNT_REPLY,
  ASKED,
  CONNECTION_DIRECTION,
  CONNECTION_FLAGS,
  CONNECTION_LAST_SEEN,
  CONNECTION_LOCAL,
  CONNECTION_PORTS,
  CONNECTION_REMOTE,
  CONNECTION_REPLY_RULE,
  CONNECTION_RULE,
  CONNECTION_SCOPE,
  CONNECTION_STATE,
  CONNECTION_TURNS,
  DENIED_TCP,
  DENIED_UDP,
  EGRESS,
  ESTABLISHED,
  FREE,
  IMAGE_HEADER,
  IMAGE_INTERFACES,
  INTERFACE_IDLE,
  INTERFACE_SIZE,
  LAST_LIVE,
  LIVE_UDP,
  LIVE_UDP_STREAM,
  NONE,
  NOTED,
  STATES,
  SCOPE_INTERFACE_SHIFT,
  SCOPE_IPV6,
  UNTRACKED,
  VIA_LOAD_BALANCER,
  WAS_ESTABLISHED,
} from '../kernel/layout.js';
import type { Tally } from '../model/tally.js';
import { ICMP, ICMPV6, ICMP_QUERIES, TCP, UDP } from '../model/protocol.js';
import { type Account, FLOW_STATES, type FlowEnds, type Remembered } from '../model/remembered.js';
import { LOAD_BALANCER_SECONDS } from '../model/tracking.js';
import type { EngineShare } from './engine.js';
import { viewAt } from './memory.js';
import { readAddress } from './row-address.js';
import { type VerdictNames, codeName } from './verdicts.js';

/** What the numbers in connection records stand for. */
export interface RecordNames extends VerdictNames {
  /** Idle limit of a state at an interface, counted from 0, in seconds. */
  idleSeconds(eni: number, state: number): number;
}

/** Idle limits are those of the rule image: no event changes them. */
export function recordNames({ memory, images }: EngineShare, names: VerdictNames): RecordNames {
  const image = images[0]!;
  const interfaces = image + viewAt(memory, image, IMAGE_HEADER).getUint32(IMAGE_INTERFACES, true);
  const table = viewAt(memory, interfaces, names.interfaces.length * INTERFACE_SIZE);
  const limitsOf = names.interfaces.map((_, eni) => {
    const limits = image + table.getUint32(eni * INTERFACE_SIZE + INTERFACE_IDLE, true);
    return viewAt(memory, limits, STATES * 8);
  });
  return {
    ...names,
    idleSeconds: (eni, state) =>
      Number(limitsOf[eni]!.getBigInt64(state * 8, true) / 1_000_000_000n),
  };
}

/** The connection record at an offset, and its account; undefined for one that is not in use. */
export function readRemembered(
  view: DataView,
  at: number,
  accountAt: number,
  names: RecordNames,
): Remembered | undefined {
  const state = view.getUint8(at + CONNECTION_STATE);
  if (state === FREE) return undefined;
  const kind = kindOf(state);
  const scope = view.getUint32(at + CONNECTION_SCOPE, true);
  const flags = view.getUint8(at + CONNECTION_FLAGS);
  const turns = view.getUint8(at + CONNECTION_TURNS);
  const eni = (scope >>> SCOPE_INTERFACE_SHIFT) - 1;
  const rule = view.getUint32(at + CONNECTION_RULE, true);
  const hasRule = rule !== NONE && (kind === 'connection' || kind === 'first-fragment');
  const isUdp = state === LIVE_UDP || state === LIVE_UDP_STREAM;
  return {
    kind,
    eni: names.interfaces[eni]!,
    flow: readFlow(view, at, scope, kind === 'first-fragment'),
    ...(kind === 'connection' && { state: FLOW_STATES[state - 1]! }),
    original: view.getUint8(at + CONNECTION_DIRECTION) === EGRESS ? 'egress' : 'ingress',
    ...(hasRule && { rule: names.rules[rule]! }),
    ...(kind === 'first-fragment' && { code: codeName(turns), ...readPort(view, at) }),
    lastSeenNs: view.getBigInt64(at + CONNECTION_LAST_SEEN, true),
    idleSeconds: loadBalancerSeconds(state, flags) ?? names.idleSeconds(eni, state),
    wasEstablished: (flags & WAS_ESTABLISHED) !== 0,
    turns: !isUdp ? 0 : state === LIVE_UDP_STREAM ? 2 : turns,
    lastWasOriginal: isUdp && (flags & ASKED) !== 0,
    account: readAccount(view, accountAt),
  };
}

function kindOf(state: number): Remembered['kind'] {
  if (state <= LAST_LIVE) return 'connection';
  if (state === UNTRACKED) return 'untracked';
  if (state === NOTED) return 'noted';
  return state >= DENIED_TCP ? 'denied' : 'first-fragment';
}

/** Beyond 16 bits when the first fragment tells none. */
function readPort(view: DataView, at: number): { readonly port?: number } {
  const port = view.getUint32(at + CONNECTION_REPLY_RULE, true);
  return port > 0xffff ? {} : { port };
}

/** CT-23. */
function loadBalancerSeconds(state: number, flags: number): number | undefined {
  if ((flags & VIA_LOAD_BALANCER) === 0) return undefined;
  if (state === ESTABLISHED) return LOAD_BALANCER_SECONDS.tcpEstablished;
  if (state === LIVE_UDP_STREAM) return LOAD_BALANCER_SECONDS.udpStream;
  return state === LIVE_UDP || state === DENIED_UDP ? LOAD_BALANCER_SECONDS.udp : undefined;
}

/** The key, as the kernel's flow-key.ts makes it. */
function readFlow(view: DataView, at: number, scope: number, isDatagram: boolean): FlowEnds {
  const ipv6 = (scope & SCOPE_IPV6) !== 0;
  const protocol = scope & 0xff;
  const ports = view.getUint32(at + CONNECTION_PORTS, true);
  const ends = {
    local: readAddress(view, at + CONNECTION_LOCAL, ipv6),
    remote: readAddress(view, at + CONNECTION_REMOTE, ipv6),
    protocol,
  };
  if (isDatagram) return { ...ends, datagram: ports };
  if (protocol === TCP || protocol === UDP) {
    return { ...ends, localPort: ports >>> 16, remotePort: ports & 0xffff };
  }
  if (protocol !== (ipv6 ? ICMPV6 : ICMP)) return ends;
  // The kernel numbers pairs of query and reply from 1, as they stand there.
  const { request } = ICMP_QUERIES[((ports & 0xffff) >> 1) - 1]!;
  return { ...ends, query: { request, id: ports >>> 16, byLocal: (ports & 1) !== 0 } };
}

function readAccount(view: DataView, at: number): Account {
  return {
    createdNs: view.getBigInt64(at + ACCOUNT_CREATED, true),
    createdFrame: Number(view.getBigUint64(at + ACCOUNT_FRAME, true)),
    original: readTally(view, at + ACCOUNT_ORIGINAL),
    reply: readTally(view, at + ACCOUNT_REPLY),
  };
}

function readTally(view: DataView, at: number): Tally {
  return {
    packets: Number(view.getBigUint64(at, true)),
    bytes: Number(view.getBigUint64(at + 8, true)),
  };
}
