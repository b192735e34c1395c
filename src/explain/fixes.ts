import { formatAddress } from '../model/address.js';
import type { CauseCode } from '../model/cause.js';
import type { Evidence } from '../model/evidence.js';
import type { ConsideredRules, Fix, FixEdit } from '../model/explanation.js';
import type { VpcDescription } from '../model/vpc.js';
import { commandsOf } from './aws-commands.js';
import { applyFixEdit } from './fix-edit.js';
import { adviseFor } from './fix-advice.js';
import { idleLimit } from './fix-idle.js';
import { holderOfPublic, nearestMiss, smallestRules } from './fix-rules.js';
import { textOfEdits } from './fix-text.js';
import { type StillDropped, dropUnder } from './fix-trial.js';
import { remoteAddress } from './reference-exempt.js';
import { isBareSyn } from './reference-connection.js';
import { opposite, swapped } from './reference-rules.js';
import type { ExplainedWorld } from './world.js';

const FIXES_MAX = 3;
/** Places that one fix may have to mend: the opening at both interfaces, and the packet. */
const EDITS_MAX = 4;

/**
 * What would let a dropped packet pass, smallest first, at most three; none for any other packet. By the reference every
 * proposed edit lets the packet pass from the same memory. `considered`: the rules that were held against what `openerOf`
 * finds.
 */
export function proposeFixes(
  world: ExplainedWorld,
  evidence: Evidence,
  cause: CauseCode,
  considered: ConsideredRules | undefined,
): Fix[] {
  const { packet, verdict, phase } = evidence;
  if (verdict.verdict !== 'drop' || packet.content.kind !== 'ip') return [];
  const { description } = world.timeline.phases[phase]!;
  const drop = dropUnder(world, evidence, []);
  const firsts = drop === undefined ? [] : firstEdits(world, evidence, cause, drop, considered);
  const remedies = firsts.flatMap((edit): readonly FixEdit[][] => {
    const edits = completed(world, evidence, edit);
    return edits === undefined ? [] : [edits];
  });
  const likely = isLikely(cause, considered);
  const fixes = remedies.map((edits, position): Fix => ({
    certainty: likely && position === 0 ? 'likely' : 'possible',
    text: `${textOfEdits(edits)}${remarkOn(description, cause, drop!)}`,
    edits,
    commands: commandsOf(edits, description),
  }));
  const { before, after } = adviseFor(world, evidence, cause, drop, considered);
  return [...before, ...fixes, ...after].slice(0, FIXES_MAX);
}

/** What may be changed first, best first. */
function firstEdits(
  world: ExplainedWorld,
  evidence: Evidence,
  cause: CauseCode,
  drop: StillDropped,
  considered: ConsideredRules | undefined,
): FixEdit[] {
  const idle = idleLimit(drop);
  const own = remediesAt(world, evidence, drop, considered);
  // An answer that came too late is let in by a longer memory; a rule for answers would be as wide as none before AWS's.
  return idle !== undefined && (cause === 'reply-too-late' || cause === 'idle-too-long')
    ? [idle, ...own.filter((edit) => edit.kind !== 'idle-limit')]
    : own;
}

function remediesAt(
  world: ExplainedWorld,
  { phase }: Evidence,
  drop: StillDropped,
  considered?: ConsideredRules,
): FixEdit[] {
  const { description } = world.timeline.phases[phase]!;
  switch (drop.code) {
    case 'no-rule':
      return rulesFor(description, drop, considered);
    case 'source-dest-check':
      return [{ kind: 'source-dest-check-off', eni: drop.eni }];
    case 'no-state': {
      const idle = idleLimit(drop);
      return idle === undefined ? [] : [idle];
    }
    default:
      return [];
  }
}

/** The rest of what a fix needs behind its first edit; undefined when AWS refuses one, or the packet is dropped still. */
function completed(
  world: ExplainedWorld,
  evidence: Evidence,
  first: FixEdit,
): FixEdit[] | undefined {
  let description: VpcDescription = world.timeline.phases[evidence.phase]!.description;
  const edits: FixEdit[] = [];
  let next: FixEdit | undefined = first;
  while (next !== undefined && edits.length < EDITS_MAX) {
    const applied = applyFixEdit(description, next, () => 'sgr-fix');
    if (applied.refusal !== undefined) return undefined;
    description = applied.description;
    edits.push(next);
    const drop = dropUnder(world, evidence, edits);
    if (drop === undefined) return edits;
    [next] = remediesAt(world, evidence, drop);
  }
  return undefined;
}

/** Of TCP whose opening was not captured a rule may also allow what the packet seems to answer (CT-14). */
function rulesFor(
  description: VpcDescription,
  drop: StillDropped,
  considered: ConsideredRules | undefined,
): FixEdit[] {
  const { packet, eni, direction } = drop;
  const own = smallestRules(description, drop, considered);
  const { transport } = packet;
  if (transport?.kind !== 'tcp' || isBareSyn(packet)) return own;
  if (transport.sourcePort >= transport.destinationPort) return own;
  const asked = { eni, direction: opposite(direction), packet: swapped(packet) };
  return [...own.slice(0, 1), ...smallestRules(description, asked), ...own.slice(1)];
}

/** Whether a rule was meant to say what the fix says. */
function isLikely(cause: CauseCode, considered: ConsideredRules | undefined): boolean {
  return cause !== 'public-address' && nearestMiss(considered) !== undefined;
}

/** SG-18: what would match without a fix. */
function remarkOn(
  description: VpcDescription,
  cause: CauseCode,
  { packet, direction }: StillDropped,
): string {
  if (cause !== 'public-address') return '';
  const holder = holderOfPublic(description, remoteAddress(packet, direction));
  const [address] = holder?.addresses ?? [];
  if (holder === undefined || address === undefined) return '';
  const way = direction === 'ingress' ? 'if it came from' : 'if it went to';
  return `; ${way} ${formatAddress(address)}, the private address of ${holder.id}, rules that name its groups would match`;
}
