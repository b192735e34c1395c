import type { FlowState, Remembered } from '../model/remembered.js';
import { TCP, UDP } from '../model/protocol.js';
import type { Direction } from '../model/security-group.js';
import { type Progress, idleSecondsOf, keyOfFlow } from './reference-connection.js';
import { entriesTowards, limitsTowards } from './reference-paths.js';
import { type GuardedInterface, datagramKey, forget, nanoseconds } from './reference-state.js';
import type { TcpState } from './reference-tcp.js';

/**
 * Puts what an interface remembered of a flow, or of a datagram, into the reference's memory of that interface, in the
 * place of what that knew of it. Idle limits are those of the reference's own policy.
 */
export function recall(at: GuardedInterface, remembered: Remembered): void {
  const { kind, flow, lastSeenNs: lastSeen, original } = remembered;
  const { memory, options } = at;
  if (kind === 'first-fragment') {
    recallFirstFragment(at, remembered);
    return;
  }
  const key = keyOfFlow(flow);
  forget(at, key);
  // A flow that was noted is noted for counting only: no answer depends on it.
  if (kind === 'noted') return;
  if (kind === 'untracked') {
    memory.untracked.set(key, lastSeen);
    return;
  }
  if (kind === 'connection') {
    recallConnection(at, key, remembered);
  } else if (options.denied === 'remember') {
    const limits = limitsTowards(at.policy, flow.remote, at.idleSeconds);
    memory.denied.set(key, { original, lastSeen, progress: progressOf(remembered), limits });
  }
}

function recallConnection(at: GuardedInterface, key: string, remembered: Remembered): void {
  const { flow, lastSeenNs: lastSeen, original, rule } = remembered;
  const limits = limitsTowards(at.policy, flow.remote, at.idleSeconds);
  const progress = progressOf(remembered);
  const entries = entriesTowards(at.policy, flow.remote);
  const place = { entries, expiresNs: lastSeen + nanoseconds(idleSecondsOf(progress, limits)) };
  if (at.allowance.most !== undefined) at.allowance.places.add(place);
  at.memory.connections.set(key, { original, rule: rule!, lastSeen, progress, limits, place });
}

/** CT-18. */
function recallFirstFragment(at: GuardedInterface, remembered: Remembered): void {
  const { flow, lastSeenNs: judgedAt, original: direction, code, rule } = remembered;
  at.memory.firstFragments.set(datagramKey(ends(remembered), direction, flow.datagram!), {
    judgedAt,
    family: flow.local.family,
    finding: { code: code!, ...(rule === undefined ? {} : { rule }) },
  });
}

function ends({ flow, original }: { flow: Remembered['flow']; original: Direction }) {
  const { local, remote, protocol } = flow;
  return original === 'egress'
    ? { source: local, destination: remote, protocol }
    : { source: remote, destination: local, protocol };
}

/** Of a denied opener too: it has come as far as one that was let in. */
function progressOf(remembered: Remembered): Progress {
  const { flow, state, wasEstablished, turns, lastWasOriginal } = remembered;
  if (flow.protocol === TCP) {
    return { kind: 'tcp', state: TCP_STATES[state ?? 'SYN_SENT']!, wasEstablished };
  }
  if (flow.protocol === UDP) return { kind: 'udp', turns, lastWasOriginal };
  return { kind: flow.query === undefined ? 'other' : 'icmp' };
}

const TCP_STATES: Readonly<Partial<Record<FlowState, TcpState>>> = {
  SYN_SENT: 'SS',
  SYN_RECV: 'SR',
  ESTABLISHED: 'ES',
  FIN_WAIT: 'FW',
  CLOSE_WAIT: 'CW',
  LAST_ACK: 'LA',
  TIME_WAIT: 'TW',
  CLOSE: 'CL',
  SYN_SENT2: 'S2',
};
