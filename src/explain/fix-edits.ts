import type { CauseCode } from '../model/cause.js';
import type { Evidence } from '../model/evidence.js';
import type { ConsideredRules, FixEdit } from '../model/explanation.js';
import type { VpcDescription } from '../model/vpc.js';
import { applyFixEdit } from './fix-edit.js';
import { idleLimit } from './fix-idle.js';
import { smallestRules } from './fix-rules.js';
import { type StillDropped, dropUnder } from './fix-trial.js';
import { isBareSyn } from './reference-connection.js';
import { opposite, swapped } from './reference-rules.js';
import type { ExplainedWorld } from './world.js';

/** What a fix may begin with, best first: one edit each, where the packet or its opening was dropped. */
export function firstEdits(
  world: ExplainedWorld,
  evidence: Evidence,
  cause: CauseCode,
  drop: StillDropped,
  considered: ConsideredRules | undefined,
): FixEdit[] {
  // A rule that lets in what comes too late would let in whatever comes.
  if (cause === 'reply-too-late' || cause === 'idle-too-long') return idleLimits(drop);
  return editsAt(world, evidence, drop, considered);
}

/** Places that one fix may have to mend: the opening at both interfaces, and the packet. */
const EDITS_MAX = 4;

/** Edits and what a fix needs behind them; undefined when AWS refuses one, or the packet is dropped still. */
export function completed(
  world: ExplainedWorld,
  evidence: Evidence,
  begun: readonly FixEdit[],
): FixEdit[] | undefined {
  let description: VpcDescription = world.timeline.phases[evidence.phase]!.description;
  const edits: FixEdit[] = [];
  let next = begun;
  while (next.length > 0 && edits.length < EDITS_MAX) {
    for (const edit of next) {
      const applied = applyFixEdit(description, edit, () => 'sgr-fix');
      if (applied.refusal !== undefined) return undefined;
      description = applied.description;
      edits.push(edit);
    }
    const drop = dropUnder(world, evidence, edits);
    if (drop === undefined) return edits;
    next = editsAt(world, evidence, drop).slice(0, 1);
  }
  return undefined;
}

function editsAt(
  world: ExplainedWorld,
  { phase }: Evidence,
  drop: StillDropped,
  considered?: ConsideredRules,
): FixEdit[] {
  if (drop.code === 'no-rule') {
    return rulesFor(world.timeline.phases[phase]!.description, drop, considered);
  }
  if (drop.code === 'no-state') return idleLimits(drop);
  return drop.code === 'source-dest-check'
    ? [{ kind: 'source-dest-check-off', eni: drop.eni }]
    : [];
}

function idleLimits(drop: StillDropped): FixEdit[] {
  const limit = idleLimit(drop);
  return limit === undefined ? [] : [limit];
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
  // Servers have the lower port.
  if (transport.sourcePort >= transport.destinationPort) return own;
  const asked = { eni, direction: opposite(direction), packet: swapped(packet) };
  return [...smallestRules(description, asked), ...own.slice(0, 1)];
}
