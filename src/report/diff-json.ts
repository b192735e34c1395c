import type { Rule } from '../model/security-group.js';
import { formatRule } from '../model/rule-text.js';
import type { Outcome } from '../model/outcome.js';
import type { FlowTally } from '../model/tally.js';
import type {
  ChangeGroup,
  ChangedService,
  Difference,
  VerdictChange,
  WeighedChange,
} from '../model/verdict-change.js';
import type { VpcChange } from '../model/vpc-change.js';
import { changeSubject, changeText } from './change-text.js';
import { cutLists } from './cut.js';
import { unchangedOf } from './diff-summary.js';
import { diffWarnings } from './diff-warnings.js';
import { answerObject } from './explanation-json.js';
import { captureObject, warningObject } from './json.js';
import { escapeJson } from './json-escape.js';
import { packetText } from './packet-text.js';
import { trafficText } from './traffic-text.js';

/**
 * What a change of a VPC does to captured packets, for programs: one JSON object, described by `diff.schema.json`, indented by
 * two spaces, a newline at the end. Version 1 only grows: a key keeps its meaning and unit. Keys are always present and in the
 * same order; what is absent is null. Groups, captures and warnings are cut at `top`; changes of the VPC are all there.
 */
export function differenceJson(difference: Difference, { top }: { readonly top: number }): string {
  const { before, after, totals, unlisted, omitted } = difference;
  const { captures } = cutLists(before, top);
  const warnings = diffWarnings(difference, top);
  const unchanged = unchangedOf(before, totals);
  const report = {
    version: 1,
    tool: 'sgsim',
    interrupted: before.interrupted === true,
    totals: {
      ...byChange(totals),
      unchanged: { packets: unchanged.packets, bytes: unchanged.bytes },
      hasEveryFlow: difference.hasEveryFlow,
      before: verdicts(before),
      after: verdicts(after),
    },
    changes: difference.changes.map(weighedChange),
    groups: difference.groups.map(group),
    unlisted: byChange(unlisted),
    captures: captures.shown.map(captureObject),
    assumptions: before.assumptions.map(({ rule, text }) => ({ rule, text })),
    warnings: warnings.shown.map(warningObject),
    omitted: {
      groups: { count: omitted.count, ...flowTally(omitted) },
      captures: { count: captures.omitted.length },
      warnings: { count: warnings.omitted.length },
    },
  };
  return `${escapeJson(JSON.stringify(report, null, 2))}\n`;
}

// Every object is written out key by key: the order is part of the format, and nothing unknown gets in.

const flowTally = ({ packets, bytes, flows }: FlowTally) => ({ packets, bytes, flows });

const byChange = (tallies: Readonly<Record<VerdictChange, FlowTally>>) => ({
  newlyDropped: flowTally(tallies['newly-dropped']),
  newlyAllowed: flowTally(tallies['newly-allowed']),
  otherwise: flowTally(tallies.otherwise),
});

const verdicts = ({ totals, byVerdict }: Outcome) => ({
  ...flowTally(totals),
  allowed: flowTally(byVerdict.allow),
  dropped: flowTally(byVerdict.drop),
  notFiltered: flowTally(byVerdict['not-filtered']),
  notJudged: flowTally(byVerdict['not-judged']),
});

const weighedChange = ({ change, effect }: WeighedChange) => ({
  ...changeObject(change),
  effect: byChange(effect),
});

const changeObject = (change: VpcChange) => ({
  kind: change.kind,
  subject: changeSubject(change),
  text: changeText(change),
  groupId: change.kind === 'rules' ? change.groupId : null,
  direction: change.kind === 'rules' ? change.direction : null,
  id: change.kind === 'rules' ? null : change.subject,
  before: change.kind === 'rules' ? change.before.map(rule) : (change.before ?? null),
  after: change.kind === 'rules' ? change.after.map(rule) : (change.after ?? null),
  narrows: change.kind === 'rules' ? change.narrows : null,
  widens: change.kind === 'rules' ? change.widens : null,
});

const rule = (one: Rule) => ({
  id: one.id,
  text: formatRule(one),
  description: one.description ?? null,
  place: one.place,
});

const group = (found: ChangeGroup) => ({
  change: found.change,
  behind: found.behind ?? null,
  way: found.way,
  reason: found.reason,
  ...flowTally(found.share),
  firstFrame: found.share.firstFrame,
  firstTimeNs: String(found.share.firstTimeNs),
  lastTimeNs: String(found.share.lastTimeNs),
  interfaces: found.interfaces.map(({ eni, name }) => ({ eni, name: name ?? null })),
  services: found.services.map(service),
  before: answerObject({ explanation: found.before }),
  after: answerObject({ explanation: found.after }),
});

const service = ({ protocol, port, isRest, first, ...tally }: ChangedService) => ({
  text:
    protocol === undefined
      ? null
      : trafficText({
          protocol,
          ...(port === undefined ? {} : { ports: { from: port, to: port } }),
        }),
  protocol: protocol ?? null,
  port: port ?? null,
  otherPorts: isRest,
  firstFrame: first.frame,
  firstPacket: packetText(first.packet),
  ...flowTally(tally),
});
