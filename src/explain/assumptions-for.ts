import { prefixContains } from '../model/address.js';
import type { CauseCode } from '../model/cause.js';
import type { Evidence } from '../model/evidence.js';
import type { Assumption } from '../model/outcome.js';
import { TCP, UDP } from '../model/protocol.js';
import type { Remembered } from '../model/remembered.js';
import { type AssumptionName, DEFAULT_LIMIT, assumption } from '../policy/assumptions.js';
import { isIcmp } from './reference-connection.js';
import { localAddress } from './reference-exempt.js';
import { type Situation, situationOf } from './situation.js';
import type { ExplainedWorld } from './world.js';

/** The modelling choices that the answer about one packet rests on, where AWS is silent. */
export function assumptionsFor(
  world: ExplainedWorld,
  evidence: Evidence,
  cause: CauseCode,
): Assumption[] {
  const { tracking, timeline } = world;
  if (evidence.verdict.code === 'exempt') return [assumption('exempt', tracking)];
  const situation = situationOf(world, evidence);
  if (situation === undefined || evidence.verdict.verdict === 'not-filtered') return [];
  const names: AssumptionName[] = [];
  const add = (concerns: boolean, name: AssumptionName): void => {
    if (concerns) names.push(name);
  };
  const { ip, phase, remote, memory } = situation;
  const isConnection = memory?.kind === 'connection';
  const isMidstream = MIDSTREAM.includes(cause);
  add(isConnection && evidence.verdict.at.length > 1, 'own-connections');
  add(cause === 'untracked-flow', 'any-peer');
  add(isConnection && memory.flow.protocol === UDP, 'udp-stream');
  add(isConnection && isTimedByLinux(memory), 'tcp-timers');
  add(isMidstream, 'midstream');
  add(isMidstream && isConnection && tracking.midstream === 'history', 'history');
  add(memory?.flow.query !== undefined || cause === 'icmp-type-or-code', 'icmp-queries');
  add(isQuoting(situation), 'icmp-errors');
  add(ip.fragment !== undefined, 'fragments');
  add(DENIED.includes(cause), 'denied-openings');
  add(isByGroup(situation), 'group-members');
  add(CHANGED.includes(cause), 'changes-at-once');
  add(isConnection && cause === 'untracked-flow' && timeline.phases.length > 1, 'let-go');
  add(
    phase.policy.paths.some(({ prefix }) => prefixContains(prefix, remote)),
    'paths',
  );
  add(cause === 'allowance-full', 'allowance');
  return [
    ...names.map((name) => assumption(name, tracking)),
    ...defaultLimit(situation),
    ...unknownRouter(situation),
  ];
}

const MIDSTREAM: readonly CauseCode[] = [
  'mid-stream',
  'assumed-connection',
  'idle-too-long',
  'connection-closed',
];
const DENIED: readonly CauseCode[] = ['request-denied', 'opening-denied'];
const CHANGED: readonly CauseCode[] = ['rule-removed', 'rule-added-later'];

function isTimedByLinux({ flow, state }: Remembered): boolean {
  return flow.protocol === TCP && state !== 'ESTABLISHED';
}

function isQuoting({ ip }: Situation): boolean {
  return isIcmp(ip) && ip.transport?.kind === 'icmp' && ip.transport.quote !== undefined;
}

/** Whether a rule that names a group answers for the packet. */
function isByGroup({ world, answer, memory }: Situation): boolean {
  const id = answer.rule ?? memory?.rule;
  return world.timeline.rules.some((rule) => rule.id === id && rule.peer.kind === 'group');
}

/** CT-22, where the established limit counts. */
function defaultLimit({ at, memory }: Situation): Assumption[] {
  const counts = memory?.kind === 'connection' && memory.state === 'ESTABLISHED';
  if (!counts || at.eni.idleSeconds.tcpEstablished !== undefined) return [];
  return [{ rule: 'CT-22', text: `${at.eni.id} sets no tcp idle limit: ${DEFAULT_LIMIT}` }];
}

/** NF-1: what is dropped may have been the router of a subnet that is not loaded. */
function unknownRouter({ at, answer, ip, remote, phase }: Situation): Assumption[] {
  if (answer.verdict !== 'drop' || at.subnetPrefixes.length > 0) return [];
  const local = localAddress(ip, answer.direction);
  const isHeld = phase.policy.interfaces.some(({ eni }) =>
    eni.addresses.some(({ family, value }) => family === remote.family && value === remote.value),
  );
  const isNear =
    local.family === 4 && remote.family === 4 && local.value >> 16n === remote.value >> 16n;
  if (isHeld || !isNear) return [];
  const text = `no subnet of ${at.eni.id} is loaded: its router is not known`;
  return [{ rule: 'NF-1', text }];
}
