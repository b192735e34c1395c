import type { Diagnostic } from '../model/diagnostic.js';
import type {
  CaptureSummary,
  CodeTally,
  DropGroup,
  InterfaceTally,
  Outcome,
  PhaseTally,
  Reading,
} from '../model/outcome.js';
import type { FlowTally, RuleTally, Tally } from '../model/tally.js';
import { codeText, verdictOf } from '../model/verdict.js';
import type { CutLists } from './cut.js';
import { cutLists, sumFlowTallies, sumTallies } from './cut.js';
import { escapeJson } from './json-escape.js';
import { ruleUseJson } from './rule-use-json.js';
import { trafficText } from './traffic-text.js';

/**
 * The outcome for programs: one JSON object, described by `report.schema.json`, indented by two spaces, a newline
 * at the end. Version 1 only grows: a key keeps its meaning and unit. Keys are always present and in the same
 * order; what is absent is null. Numbers are exact, times are nanoseconds since 1970 as decimal strings. Lists
 * are cut at `top` entries like those of the text; `omitted` holds the sums of what is beyond.
 */
export function renderJson(outcome: Outcome, { top }: { readonly top: number }): string {
  const { totals, byVerdict } = outcome;
  const cuts = cutLists(outcome, top);
  const report = {
    version: 1,
    tool: 'sgsim',
    totals: {
      ...flowTally(totals),
      allowed: flowTally(byVerdict.allow),
      dropped: flowTally(byVerdict.drop),
      notFiltered: flowTally(byVerdict['not-filtered']),
      notJudged: flowTally(byVerdict['not-judged']),
    },
    interrupted: outcome.interrupted === true,
    captures: cuts.captures.shown.map(captureObject),
    reading: reading(outcome.reading),
    byCode: outcome.byCode.map(code),
    byInterface: cuts.interfaces.shown.flat().map(interfaceEntry),
    byRule: cuts.rules.shown.map(rule),
    ruleUse: outcome.ruleUse === undefined ? null : ruleUseJson(outcome.ruleUse, top),
    droppedFlows: cuts.droppedFlows.shown.map(dropGroup),
    phases: outcome.phases.map(phase),
    assumptions: outcome.assumptions.map((assumption) => ({
      rule: assumption.rule,
      text: assumption.text,
    })),
    warnings: cuts.warnings.shown.map(warningObject),
    omitted: omitted(cuts),
  };
  return `${escapeJson(JSON.stringify(report, null, 2))}\n`;
}

// Every object is written out key by key: the order is part of the format, and nothing unknown gets in.

const tally = ({ packets, bytes }: Tally) => ({ packets, bytes });
const flowTally = ({ packets, bytes, flows }: FlowTally) => ({ packets, bytes, flows });
const timeNs = (time: bigint | undefined) => (time === undefined ? null : String(time));

const phase = ({ fromNs, events, byVerdict }: PhaseTally) => ({
  fromNs: timeNs(fromNs),
  events,
  allowed: flowTally(byVerdict.allow),
  dropped: flowTally(byVerdict.drop),
  notFiltered: flowTally(byVerdict['not-filtered']),
  notJudged: flowTally(byVerdict['not-judged']),
});

/** A capture, as `report.schema.json` has it. */
export const captureObject = (summary: CaptureSummary) => ({
  name: summary.name,
  takenAt: summary.takenAt ?? null,
  format: summary.format,
  linkType: summary.linkType,
  ...tally(summary),
  firstTimeNs: timeNs(summary.firstTimeNs),
  lastTimeNs: timeNs(summary.lastTimeNs),
  disordered: summary.disordered,
  overlong: summary.overlong,
  untimed: summary.untimed,
  stopped:
    summary.stopped === undefined
      ? null
      : { frame: summary.stopped.frame, fact: summary.stopped.fact },
});

const reading = ({ leftOut, peeled, linkTypes, wrongChecksums }: Reading) => ({
  leftOut,
  peeled,
  linkTypes: linkTypes.map((entry) => ({
    linkType: entry.linkType,
    read: entry.read,
    ...tally(entry),
  })),
  wrongChecksums:
    wrongChecksums === undefined
      ? null
      : { ip: wrongChecksums.ip, transport: wrongChecksums.transport },
});

const code = (entry: CodeTally) => ({
  code: entry.code,
  verdict: verdictOf(entry.code),
  text: codeText(entry.code),
  ...flowTally(entry),
});

const interfaceEntry = (entry: InterfaceTally) => ({
  eni: entry.eni,
  name: entry.name ?? null,
  direction: entry.direction,
  ...interfaceTallies([entry]),
});

const interfaceTallies = (entries: readonly InterfaceTally[]) => ({
  allowed: sumTallies(entries.map(({ allowed }) => allowed)),
  dropped: sumTallies(entries.map(({ dropped }) => dropped)),
  notFiltered: sumTallies(entries.map(({ notFiltered }) => notFiltered)),
  notJudged: sumTallies(entries.map(({ notJudged }) => notJudged)),
});

const rule = (entry: RuleTally) => ({
  rule: entry.rule,
  groupId: entry.groupId,
  direction: entry.direction,
  text: entry.text,
  ...flowTally(entry),
});

const dropGroup = (group: DropGroup) => ({
  code: group.code,
  eni: group.eni,
  direction: group.direction,
  traffic: trafficText(group),
  protocol: group.protocol,
  ports: group.ports === undefined ? null : { from: group.ports.from, to: group.ports.to },
  ...flowTally(group),
  firstTimeNs: timeNs(group.firstTimeNs),
  lastTimeNs: timeNs(group.lastTimeNs),
  example: {
    frame: group.example.frame,
    source: group.example.source,
    destination: group.example.destination,
    sourcePort: group.example.sourcePort ?? null,
    destinationPort: group.example.destinationPort ?? null,
  },
});

/** A warning, as `report.schema.json` has it. */
export const warningObject = (diagnostic: Diagnostic) => ({
  severity: diagnostic.severity,
  code: diagnostic.code,
  place: diagnostic.place,
  fact: diagnostic.fact,
  fix: diagnostic.fix ?? null,
});

const omitted = ({ captures, interfaces, rules, droppedFlows, warnings }: CutLists) => ({
  captures: {
    count: captures.omitted.length,
    stopped: captures.omitted.filter(({ stopped }) => stopped !== undefined).length,
    ...sumTallies(captures.omitted),
  },
  interfaces: {
    count: interfaces.omitted.length,
    ...interfaceTallies(interfaces.omitted.flat()),
  },
  rules: {
    count: rules.omitted.length,
    withoutHits: rules.omitted.filter(({ packets }) => packets === 0).length,
    ...sumFlowTallies(rules.omitted),
  },
  droppedFlows: { count: droppedFlows.omitted.count, ...flowTally(droppedFlows.omitted) },
  warnings: { count: warnings.omitted.length },
});
