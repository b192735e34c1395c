import { formatAddress } from '../model/address.js';
import type { CauseCode } from '../model/cause.js';
import type { Evidence } from '../model/evidence.js';
import type { ConsideredRules, Fix, FixEdit } from '../model/explanation.js';
import type { VpcDescription } from '../model/vpc.js';
import { commandsOf } from './aws-commands.js';
import { adviseFor } from './fix-advice.js';
import { changedRule, losesNothing } from './fix-change.js';
import { completed, firstEdits } from './fix-edits.js';
import { holderOfPublic, nearestMiss } from './fix-rules.js';
import { textOfEdits } from './fix-text.js';
import { type StillDropped, dropUnder } from './fix-trial.js';
import { remoteAddress } from './reference-exempt.js';
import type { ExplainedWorld } from './world.js';

const FIXES_MAX = 3;

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
  const drop = reproduced(evidence, dropUnder(world, evidence, []));
  const added = drop === undefined ? [] : firstEdits(world, evidence, cause, drop, considered);
  const changed = drop && changedRule(description, cause, considered, drop.packet);
  const begun = [...added.map((edit) => [edit]), ...(changed === undefined ? [] : [changed])];
  const remedies = begun.flatMap((edits) => {
    const all = completed(world, evidence, edits);
    return all === undefined ? [] : [all];
  });
  const likely = likelyDirection(cause, considered);
  const fixes = remedies.map((edits, position): Fix => ({
    certainty: position === 0 && isTowards(edits[0], likely) ? 'likely' : 'possible',
    text: `${textOfEdits(edits)}${remarkOn(description, cause, drop!, edits)}`,
    edits,
    commands: commandsOf(edits, description),
  }));
  const { before, after } = adviseFor(world, evidence, cause, drop, considered);
  return [...before, ...fixes, ...after].slice(0, FIXES_MAX);
}

/** The drop, if it is the evidence's: that of a fragment may hang on a later packet (CT-18). */
function reproduced(
  { verdict }: Evidence,
  drop: StillDropped | undefined,
): StillDropped | undefined {
  const isSame = verdict.code === 'not-opened' || verdict.code === drop?.code;
  return isSame ? drop : undefined;
}

/** The direction in which a rule was meant to say what the first fix says; undefined when none was. */
function likelyDirection(
  cause: CauseCode,
  considered: ConsideredRules | undefined,
): ConsideredRules['direction'] | undefined {
  const near = nearestMiss(considered);
  if (cause === 'public-address' || near === undefined) return undefined;
  // That a rule for everybody names another port says nothing about this one.
  return near.peer && ANY_PEER.test(near.rule.text) ? undefined : considered?.direction;
}

const ANY_PEER = /\/0$/;

function isTowards(
  edit: FixEdit | undefined,
  direction: ConsideredRules['direction'] | undefined,
): boolean {
  return edit?.kind === 'authorize' && edit.direction === direction;
}

/** What else the reader of a fix should know. */
function remarkOn(
  description: VpcDescription,
  cause: CauseCode,
  { packet, direction }: StillDropped,
  edits: readonly FixEdit[],
): string {
  if (!losesNothing(edits)) return '; what the rule allows now is dropped then';
  if (cause !== 'public-address') return '';
  const holder = holderOfPublic(description, remoteAddress(packet, direction));
  const [address] = holder?.addresses ?? [];
  if (holder === undefined || address === undefined) return '';
  // SG-18.
  const way = direction === 'ingress' ? 'if it came from' : 'if it went to';
  return `; ${way} ${formatAddress(address)}, the private address of ${holder.id}, rules that name its groups would match`;
}
