import { formatAddress } from '../model/address.js';
import type { Explanation } from '../model/explanation.js';

/** The explanation of one packet, and whom it is about. */
export interface Answer {
  /** e.g. `eni-a (web-1) > eni-db`. */
  readonly subject: string;
  readonly explanation: Explanation;
}

/** Answers that say the same but for the names of both ends. */
export interface AlikeAnswers {
  /** The first of them. */
  readonly explanation: Explanation;
  readonly subjects: readonly string[];
}

/**
 * Puts together the answers that agree in verdict, code, cause, direction, what the deciding rules say, and reason; the most
 * common first, then by their first. So the answer for a group tells where its members differ.
 */
export function groupAlike(answers: readonly Answer[]): readonly AlikeAnswers[] {
  const alike = new Map<string, { explanation: Explanation; subjects: string[] }>();
  for (const { subject, explanation } of answers) {
    const key = likenessOf(explanation);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { explanation, subjects: [subject] });
    else known.subjects.push(subject);
  }
  return [...alike.values()].sort((one, other) => other.subjects.length - one.subjects.length);
}

function likenessOf(explanation: Explanation): string {
  const { verdict, code, cause, at, reason } = explanation;
  // A name in brackets stands behind an id, if there is one.
  const withoutNames = reason.replaceAll(namesOf(explanation), '*').replaceAll('* (*)', '*');
  return JSON.stringify([
    verdict,
    code,
    cause,
    at?.direction,
    decidingRules(explanation),
    withoutNames,
  ]);
}

/** The same rule may stand in several groups. */
function decidingRules({ rules, steps, connection }: Explanation): readonly string[] {
  const matched = rules?.matched.map(({ rule }) => rule) ?? [];
  const asked = steps.filter(({ result }) => result === 'pass' || result === 'drop');
  const found = [...matched, ...asked.map(({ rule }) => rule), connection?.rule];
  return [...new Set(found.flatMap((rule) => rule?.text ?? []))];
}

/** What both ends are called by, as whole words. */
function namesOf({ packet, at, peer, steps }: Explanation): RegExp {
  const { content } = packet.packet;
  const addresses =
    content.kind === 'ip' ? [content.ip.source, content.ip.destination].map(formatAddress) : [];
  const names = [
    ...addresses,
    ...[at?.eni, at?.name, peer?.address, peer?.eni, peer?.name],
    ...steps.map(({ eni }) => eni),
  ].filter((name) => name !== undefined && name !== '');
  const longestFirst = [...new Set(names)].sort((one, other) => other!.length - one!.length);
  const either = longestFirst.map((name) => name!.replaceAll(/[^\w]/g, '\\$&')).join('|');
  return new RegExp(`(?<![\\w.:-])(?:${either === '' ? '(?!)' : either})(?![\\w-]|\\.\\w)`, 'g');
}
