import type { CauseCode } from '../model/cause.js';
import { listed, nameRule } from './cause-words.js';
import type { HeldRule } from './held-rule.js';
import { referTo } from './rule-reference.js';
import type { Cause } from './situation.js';
import { type Unallowed, nearestText, ruleAndMiss } from './unallowed.js';

/** What the nearest rule says otherwise. */
export function causeByField(unallowed: Unallowed): Cause {
  const { situation, nearest, held } = unallowed;
  const sourcePort = causeOfSourcePort(unallowed);
  if (sourcePort !== undefined) return sourcePort;
  const single = nearest.find((it) => failing(it).length === 1);
  if (single !== undefined) {
    return {
      cause: failing(single)[0]!,
      reason: `no rule allows it; nearest is ${ruleAndMiss(situation, single)}`,
    };
  }
  const near = nearestText(unallowed);
  if (near !== undefined) {
    return { cause: 'nothing-near', reason: `no rule comes near; ${near}` };
  }
  const { phase, at, answer } = situation;
  const groups = listed(phase.policy.sets[at.set!]!.groupIds);
  const rules = `${answer.direction} ${held.length === 1 ? 'rule' : 'rules'} of ${groups}`;
  return {
    cause: 'nothing-near',
    reason:
      held.length === 1
        ? `the only ${rules} has nothing in common with it`
        : `none of the ${held.length} ${rules} has anything in common with it`,
  };
}

/** SG-3. */
function causeOfSourcePort({ situation, nearest }: Unallowed): Cause | undefined {
  const { ip, world, evidence } = situation;
  const { transport } = ip;
  if (transport?.kind !== 'tcp' && transport?.kind !== 'udp') return undefined;
  const { sourcePort, destinationPort } = transport;
  for (const it of nearest) {
    const { traffic } = it.resolved.rule;
    if (traffic.kind !== 'ports' || !it.protocol || !it.peer || it.ports) continue;
    const { from, to } = traffic;
    if (sourcePort < from || sourcePort > to || to - from >= EPHEMERAL_PORTS) continue;
    const name = nameRule(referTo(world, evidence.phase, it.resolved.rule));
    return {
      cause: 'source-port',
      reason: `it comes from port ${sourcePort}, which ${name} names, but rules ask where it goes: to port ${destinationPort}`,
    };
  }
  return undefined;
}

/** Fewest ports that hosts choose their own from (RFC 6335): a rule that names so many means those. */
const EPHEMERAL_PORTS = 16_383;

function failing({ protocol, ports, peer }: HeldRule): CauseCode[] {
  const causes: CauseCode[] = [];
  if (!protocol) causes.push('protocol-not-allowed');
  if (!ports) causes.push('port-not-allowed');
  if (!peer) causes.push('peer-not-allowed');
  return causes;
}
