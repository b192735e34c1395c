import { askPacket } from '../../src/explain/ask.js';
import { considerRules } from '../../src/explain/considered-rules.js';
import { findCause } from '../../src/explain/find-cause.js';
import { proposeFixes } from '../../src/explain/fixes.js';
import { openerOf } from '../../src/explain/opener.js';
import type { ExplainedWorld } from '../../src/explain/world.js';
import type { CauseCode } from '../../src/model/cause.js';
import type { Evidence } from '../../src/model/evidence.js';
import type { ConsideredRules, Fix } from '../../src/model/explanation.js';
import type { Packet } from '../../src/model/packet.js';

/** The cause of a drop and the rules that were held against it, as an explanation finds them. */
export function causeOf(
  world: ExplainedWorld,
  evidence: Evidence,
): { readonly cause: CauseCode; readonly considered: ConsideredRules } {
  const { verdict, phase } = evidence;
  const { eni, direction } = verdict.at.find((answer) => answer.verdict === 'drop')!;
  const opener = openerOf(evidence, { eni, direction });
  const considered = considerRules(world, phase, eni, opener.direction, opener.packet);
  const { cause } = findCause(world, evidence);
  return { cause, considered };
}

export function proposedFor(world: ExplainedWorld, evidence: Evidence): Fix[] {
  const { cause, considered } = causeOf(world, evidence);
  return proposeFixes(world, evidence, cause, considered);
}

/** For a packet that nobody captured: `likely: add ...`, each. */
export function proposedTexts(world: ExplainedWorld, packet: Packet): string[] {
  return proposedFor(world, askPacket(world, packet)).map(fixText);
}

export const fixText = ({ certainty, text }: Fix): string => `${certainty}: ${text}`;
