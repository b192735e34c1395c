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
  const last = LAST[cause]?.(idleOf(drop));
  const first = FIRST[cause];
  const near = first === undefined ? [] : nearRules(description, considered);
  const removed = cause === 'rule-removed' && drop !== undefined ? keepRule(world, drop) : [];
  const before = [...removed, ...near.flatMap((rule) => first!(description, rule))];
  return { before: before.slice(0, 1), after: last === undefined ? [] : [advice(last)] };
}

const FIRST: Readonly<
  Partial<Record<CauseCode, (description: VpcDescription, rule: Rule) => Fix[]>>
> = {
  'prefix-list-not-loaded': loadList,
  'peering-not-active': activatePeering,
};

/** `idle`: the limit that was too short, where there is one. */
const LAST: Readonly<Partial<Record<CauseCode, (idle: string) => string>>> = {
  'idle-too-long': (idle) => `send keep-alives more often than every ${idle}`,
  'reply-too-late': (idle) => `answer within ${idle} of the request`,
  'connection-closed': () =>
    'open a new connection: what comes after the end of one is dropped whatever rules say',
  'allowance-full': () =>
    'use an instance type that tracks more connections, shorten idle timeouts, or end connections sooner',
  multicast: () =>
    'send to the address of each receiver: a VPC carries no multicast and no broadcast',
  'fragment-without-first': () =>
    'send packets that need no fragmenting, or capture the first fragment too',
};

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
  // The file's name ties the entries to their list.
  const file = /^pl-\w+$/.test(id) ? ` > ${id}.json` : '';
  const commands = shellCommand(['get-managed-prefix-list-entries', ['--prefix-list-id', id]]).map(
    (command) => `${command}${file}`,
  );
  return [advice(`add the entries of prefix list ${id} to the VPC documents`, commands)];
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
    const { groupId, direction } = rule;
    const events = phases[at + 1]!.events.join('; ');
    return [
      advice(`keep ${formatRule(rule)} in the ${direction} rules of ${groupId}, unlike ${events}`),
    ];
  }
  return [];
}

function ruleIn({ policy }: Phase, { eni, direction, packet }: StillDropped): Rule | undefined {
  const set = policy.interfaces.find((it) => it.eni.id === eni)?.set;
  return set === undefined ? undefined : matchingRules(policy, set, direction, packet)[0]?.rule;
}
