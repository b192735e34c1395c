import type { FixEdit } from '../model/explanation.js';
import { TCP, UDP } from '../model/protocol.js';
import type { ResolvedPolicy, ResolvedRule } from '../policy/resolve.js';
import type { Timeline } from '../policy/timeline.js';
import type { Sheet } from './docket-flows.js';
import { matchingRules, opposite, swapped } from './reference-rules.js';

/**
 * The packets whose verdicts edits may change: of flows of which one packet, or its answer, matches a new rule or meets a new
 * setting; errors about those; and fragments beside them. The others are judged as before.
 */
export function touchedSheets(
  sheets: readonly Sheet[],
  edits: readonly FixEdit[],
  before: Timeline,
  fixed: Timeline,
): Sheet[] {
  const touches = touchedBy(edits, before, fixed);
  const met = new Set(sheets.filter(touches));
  const pairs = new Set([...met].map(({ pair }) => pair));
  const flows = new Set<string>();
  for (const sheet of sheets) {
    const { flow, quoted, pair, ip } = sheet;
    const isBeside = ip.fragment !== undefined && pairs.has(pair);
    if (flow !== undefined && (met.has(sheet) || isBeside)) flows.add(flow);
    if (quoted !== undefined && met.has(sheet)) flows.add(quoted);
  }
  return sheets.filter(
    (sheet) =>
      met.has(sheet) ||
      (sheet.ip.fragment !== undefined && pairs.has(sheet.pair)) ||
      (sheet.flow !== undefined && flows.has(sheet.flow)) ||
      (sheet.quoted !== undefined && flows.has(sheet.quoted)),
  );
}

function touchedBy(
  edits: readonly FixEdit[],
  before: Timeline,
  fixed: Timeline,
): (sheet: Sheet) => boolean {
  // New rules are numbered behind all others.
  const isNew = ({ index }: ResolvedRule): boolean => index >= before.rules.length;
  const added = fixed.phases.map(({ policy }) => onlyRules(policy, isNew));
  return ({ evidence, ip }) => {
    const policy = added[evidence.phase]!;
    const matches = (['ingress', 'egress'] as const).some(
      (direction) =>
        matchingRules(policy, 0, direction, ip).length > 0 ||
        matchingRules(policy, 0, opposite(direction), swapped(ip)).length > 0,
    );
    return matches || edits.some((edit) => isSetFor(edit, evidence.verdict.at, ip.protocol));
  };
}

/** A policy of one set that holds the rules alone. */
function onlyRules(
  policy: ResolvedPolicy,
  wanted: (resolved: ResolvedRule) => boolean,
): ResolvedPolicy {
  const rules = policy.rules.filter(wanted);
  const set = {
    groupIds: [],
    ingress: rules.filter(({ rule }) => rule.direction === 'ingress'),
    egress: rules.filter(({ rule }) => rule.direction === 'egress'),
  };
  return { ...policy, rules, sets: [set] };
}

function isSetFor(
  edit: FixEdit,
  at: Sheet['evidence']['verdict']['at'],
  protocol: number,
): boolean {
  switch (edit.kind) {
    case 'source-dest-check-off':
      return at.some(({ eni, code }) => eni === edit.eni && code === 'source-dest-check');
    case 'idle-limit':
      return (
        protocol === (edit.limit === 'tcpEstablished' ? TCP : UDP) &&
        at.some(({ eni }) => eni === edit.eni)
      );
    default:
      return false;
  }
}
