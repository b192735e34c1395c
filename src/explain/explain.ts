import type { Docket } from '../model/docket.js';
import type { Evidence } from '../model/evidence.js';
import type {
  CauseShare,
  ConsideredRules,
  ExplainedPacket,
  Explanation,
} from '../model/explanation.js';
import { assumptionsFor } from './assumptions-for.js';
import { considerRules } from './considered-rules.js';
import { weighFixes } from './effect.js';
import { proposeFixes } from './fixes.js';
import { type JudgedAgain, judgeAgain } from './judge-again.js';
import { knownPacket } from './known-packet.js';
import { openerOf } from './opener.js';
import { identifyPeer } from './peer-identity.js';
import { remoteAddress } from './reference-exempt.js';
import { findCause } from './find-cause.js';
import type { ExplainedWorld } from './world.js';

/** What is known about a packet besides the evidence. */
export interface ExplainedAs {
  /** Where it was captured; absent for a packet that never was. */
  readonly captured?: ExplainedPacket['captured'];
  readonly share?: CauseShare;
  /** Without it, fixes do not tell what they would change. */
  readonly docket?: Docket;
}

/** The cause of a verdict and what it was found by: all but the fixes, which cost the most. */
export interface Finding extends Pick<Explanation, 'cause' | 'reason' | 'peer' | 'rules'> {
  readonly again: JudgedAgain;
}

/** Finds out why a packet got its verdict. */
export function findOut(world: ExplainedWorld, evidence: Evidence): Finding {
  const again = judgeAgain(world, evidence);
  const { content } = evidence.packet;
  const { at } = again;
  const rules = consideredFor(world, evidence, again);
  const peer =
    at === undefined || content.kind !== 'ip'
      ? undefined
      : identifyPeer(
          world.timeline.phases[evidence.phase]!.description,
          remoteAddress(content.ip, at.direction),
        );
  return {
    again,
    ...findCause(world, evidence),
    ...(peer === undefined ? {} : { peer }),
    ...(rules === undefined ? {} : { rules }),
  };
}

/** The whole answer. */
export function explain(
  world: ExplainedWorld,
  evidence: Evidence,
  { captured, share, docket }: ExplainedAs,
  finding = findOut(world, evidence),
): Explanation {
  const { again, cause, reason, rules, peer } = finding;
  const { verdict, code } = evidence.verdict;
  const { at, steps, connection, disagreement } = again;
  const proposed = proposeFixes(world, evidence, cause, rules);
  const fixes = docket === undefined ? proposed : weighFixes(world, proposed, docket, evidence);
  return {
    ...{ verdict, code, cause, reason },
    packet: { packet: evidence.packet, ...(captured === undefined ? {} : { captured }) },
    ...(at === undefined ? {} : { at }),
    steps,
    ...(connection === undefined ? {} : { connection }),
    ...(rules === undefined ? {} : { rules }),
    ...(peer === undefined ? {} : { peer }),
    fixes,
    ...(share === undefined ? {} : { share }),
    assumptions: assumptionsFor(world, evidence, cause),
    ...(disagreement === undefined ? {} : { disagreement }),
  };
}

/** The rules that had a say; of what follows a denied opening, those that denied it. */
function consideredFor(
  world: ExplainedWorld,
  evidence: Evidence,
  { at, steps }: JudgedAgain,
): ConsideredRules | undefined {
  const { packet, phase, verdict, memories, clockNs } = evidence;
  if (at === undefined || packet.content.kind !== 'ip') return undefined;
  if (verdict.code === 'not-opened') {
    const opener = openerOf(evidence, at);
    return considerRules(world, phase, at.eni, opener.direction, opener.packet);
  }
  const asked = steps.some(
    ({ question, eni, result }) => eni === at.eni && ASKS_RULES.has(question) && result !== 'skip',
  );
  if (!asked && !sharesDrop(evidence, steps)) return undefined;
  const position = verdict.at.findLastIndex(({ eni }) => eni === at.eni);
  const ip = knownPacket(packet.content.ip, memories[position], clockNs);
  return considerRules(world, phase, at.eni, at.direction, ip);
}

/** CT-18: a later fragment was not asked about, but the first one, whose drop it shares, was. */
function sharesDrop({ verdict }: Evidence, steps: JudgedAgain['steps']): boolean {
  return verdict.code === 'no-rule' && steps.at(-1)?.question === 'fragment';
}

const ASKS_RULES: ReadonlySet<string> = new Set(['tracking', 'mid-stream', 'rules']);
