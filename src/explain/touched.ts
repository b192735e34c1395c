import type { Docket } from '../model/docket.js';
import type { Evidence } from '../model/evidence.js';
import type { FixEdit } from '../model/explanation.js';
import { TCP, UDP } from '../model/protocol.js';
import type { ResolvedPolicy, ResolvedRule } from '../policy/resolve.js';
import type { Timeline } from '../policy/timeline.js';
import { type Alike, alikeIn } from './docket-alike.js';
import { type Sheet, sheetOf } from './docket-flows.js';
import { matchingRules, swapped } from './reference-rules.js';

/**
 * The packets whose verdicts edits may change: of flows of which one packet, or its answer, matches a rule that is added or
 * removed, or meets a new setting; errors about those; and fragments beside them. The others are judged as before.
 */
export function touchedSheets(
  docket: Docket,
  edits: readonly FixEdit[],
  before: Timeline,
  fixed: Timeline,
): Sheet[] {
  const alike = alikeIn(docket);
  const touched = alike.filter(touchedBy(edits, before, fixed));
  const met = new Set(touched.flatMap(({ packets }) => packets));
  const sheets = inOrder(alike.filter(isAmong(touched))).flatMap((packet) => sheetOf(packet) ?? []);
  const isMet = ({ evidence }: Sheet): boolean => met.has(evidence);
  const pairs = new Set(sheets.filter(isMet).map(({ pair }) => pair));
  const isBeside = ({ ip, pair }: Sheet): boolean => ip.fragment !== undefined && pairs.has(pair);
  const flows = new Set<string>();
  for (const sheet of sheets) {
    const { flow, quoted } = sheet;
    if (flow !== undefined && (isMet(sheet) || isBeside(sheet))) flows.add(flow);
    if (quoted !== undefined && isMet(sheet)) flows.add(quoted);
  }
  return sheets.filter(
    (sheet) =>
      isMet(sheet) ||
      isBeside(sheet) ||
      (sheet.flow !== undefined && flows.has(sheet.flow)) ||
      (sheet.quoted !== undefined && flows.has(sheet.quoted)),
  );
}

function touchedBy(
  edits: readonly FixEdit[],
  before: Timeline,
  fixed: Timeline,
): (alike: Alike) => boolean {
  // A rule has one number, so that what only one of both has was added or removed.
  const differing = fixed.phases.map(({ policy }, i) => [
    onlyRules(policy, rulesBeside(before.phases[i]!.policy)),
    onlyRules(before.phases[i]!.policy, rulesBeside(policy)),
  ]);
  return ({ packets: [{ phase, verdict }], ip }) => {
    const either = [ip, swapped(ip)];
    const matches = differing[phase]!.some((policy) =>
      (['ingress', 'egress'] as const).some((direction) =>
        either.some((packet) => matchingRules(policy, 0, direction, packet).length > 0),
      ),
    );
    return matches || edits.some((edit) => isSetFor(edit, verdict.at, ip.protocol));
  };
}

/** Whether packets are between addresses of these: a quick look that lets too many pass, before flows are named. */
function isAmong(touched: readonly Alike[]): (alike: Alike) => boolean {
  const addresses = new Set(touched.flatMap(({ ends }) => ends));
  return ({ ends: [one, other] }) => addresses.has(one) && addresses.has(other);
}

function inOrder(alike: readonly Alike[]): Evidence[] {
  return alike
    .flatMap(({ packets, places }) => packets.map((packet, i) => ({ packet, place: places[i]! })))
    .sort((one, other) => one.place - other.place)
    .map(({ packet }) => packet);
}

function rulesBeside({ rules }: ResolvedPolicy): (resolved: ResolvedRule) => boolean {
  const known = new Set(rules.map(({ index }) => index));
  return ({ index }) => !known.has(index);
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

function isSetFor(edit: FixEdit, at: Evidence['verdict']['at'], protocol: number): boolean {
  if (edit.kind === 'source-dest-check-off') {
    return at.some(({ eni, code }) => eni === edit.eni && code === 'source-dest-check');
  }
  return (
    edit.kind === 'idle-limit' &&
    protocol === (edit.limit === 'tcpEstablished' ? TCP : UDP) &&
    at.some(({ eni }) => eni === edit.eni)
  );
}
