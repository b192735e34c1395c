import type { CauseCode } from '../model/cause.js';
import type { ConsideredRules, Fix } from '../model/explanation.js';
import type { Evidence } from '../model/evidence.js';
import { formatRule } from '../model/rule-text.js';
import type { Rule } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import type { Phase } from '../policy/timeline.js';
import { shellCommand } from './aws-commands.js';
import type { StillDropped } from './fix-trial.js';
import { matchingRules } from './reference-rules.js';
import type { ExplainedWorld } from './world.js';

/** Remedies that are no change of the VPC: those to try before one, and those to try after. */
export interface Advice {
  readonly before: readonly Fix[];
  readonly after: readonly Fix[];
}

/** What can honestly be advised for a cause beyond edits. `drop`: where the packet, or its opening, was dropped. */
export function adviseFor(
  world: ExplainedWorld,
  evidence: Evidence,
  cause: CauseCode,
  drop: StillDropped | undefined,
  considered: ConsideredRules | undefined,
): Advice {
  const { description } = world.timeline.phases[evidence.phase]!;
  const near = nearRules(description, considered);
  switch (cause) {
    case 'prefix-list-not-loaded':
      return first(near.flatMap((rule) => loadList(description, rule)));
    case 'peering-not-active':
      return first(near.flatMap((rule) => activatePeering(description, rule)));
    case 'rule-removed':
      return first(drop === undefined ? [] : keepRule(world, drop));
    case 'idle-too-long':
      return last(`send keep-alives more often than every ${idleOf(drop)}`);
    case 'reply-too-late':
      return last(`answer within ${idleOf(drop)} of the request`);
    case 'connection-closed':
      return last(
        'open a new connection: what comes after the end of one is dropped whatever rules say',
      );
    case 'allowance-full':
      return last(
        'use an instance type that tracks more connections, shorten idle timeouts, or end connections sooner',
      );
    case 'multicast':
      return last(
        'send to the address of each receiver: a VPC carries no multicast and no broadcast',
      );
    case 'fragment-without-first':
      return last('send packets that need no fragmenting, or capture the first fragment too');
    default:
      return { before: [], after: [] };
  }
}

const first = (fixes: readonly Fix[]): Advice => ({ before: fixes.slice(0, 1), after: [] });
const last = (text: string): Advice => ({ before: [], after: [advice(text)] });

function advice(text: string, commands: readonly string[] = []): Fix {
  return { certainty: 'possible', text, edits: [], commands };
}

function idleOf(drop: StillDropped | undefined): string {
  return drop?.memory === undefined ? 'the idle timeout' : `${drop.memory.idleSeconds} s`;
}

/** The rules that came nearest, as the documents have them. */
function nearRules({ groups }: VpcDescription, considered: ConsideredRules | undefined): Rule[] {
  return (considered?.nearest ?? []).flatMap(({ rule: { groupId, id } }) => {
    const rules = groups.find((group) => group.id === groupId)?.rules ?? [];
    return rules.filter((rule) => rule.id === id);
  });
}

/** SG-9. */
function loadList({ prefixLists }: VpcDescription, { peer }: Rule): Fix[] {
  if (peer.kind !== 'prefix-list') return [];
  const { prefixListId: id } = peer;
  const isLoaded = prefixLists.some((list) => list.id === id && list.entries !== undefined);
  if (isLoaded) return [];
  const command = shellCommand(['get-managed-prefix-list-entries', ['--prefix-list-id', id]]);
  return [advice(`add the entries of prefix list ${id} to the VPC documents`, command)];
}

/** SG-13. */
function activatePeering({ groups, peerings }: VpcDescription, { groupId, peer }: Rule): Fix[] {
  if (peer.kind !== 'group') return [];
  const vpcOf = (id: string): string | undefined => groups.find((group) => group.id === id)?.vpcId;
  const pair = [vpcOf(groupId), peer.vpcId ?? vpcOf(peer.groupId)];
  const found = peerings.find(
    ({ id, status, requester, accepter }) =>
      status !== 'active' &&
      (id === peer.peeringId || (pair.includes(requester.vpcId) && pair.includes(accepter.vpcId))),
  );
  if (found === undefined) return [];
  return [advice(`make peering ${found.id} active: it is ${found.status}`)];
}

/** A rule that an event removed. */
function keepRule({ timeline: { phases } }: ExplainedWorld, drop: StillDropped): Fix[] {
  for (let at = drop.phase - 1; at >= 0; at--) {
    const rule = ruleIn(phases[at]!, drop);
    if (rule === undefined) continue;
    const event = phases[at + 1]!.events[0];
    const cause = event === undefined ? '' : `, which "${event}" ended`;
    return [advice(`keep ${rule.id} of ${rule.groupId}, ${formatRule(rule)}${cause}`)];
  }
  return [];
}

function ruleIn({ policy }: Phase, { eni, direction, packet }: StillDropped): Rule | undefined {
  const set = policy.interfaces.find((it) => it.eni.id === eni)?.set;
  return set === undefined ? undefined : matchingRules(policy, set, direction, packet)[0]?.rule;
}
