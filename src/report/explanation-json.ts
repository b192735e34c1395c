import type { Answer, Answers } from '../model/answers.js';
import type {
  CauseShare,
  ConnectionFinding,
  ConsideredRule,
  ConsideredRules,
  DecidingPlace,
  ExplainedPacket,
  Explanation,
  Fix,
  PeerIdentity,
  RuleReference,
  Step,
} from '../model/explanation.js';
import { editObject } from './edit-json.js';
import { explanationText } from './explanation-text.js';
import { escapeJson } from './json-escape.js';
import { packetObject } from './packet-json.js';
import { rememberedObject } from './remembered-json.js';

/**
 * Answers for programs: one JSON object, described by `explanation.schema.json`, indented by two spaces, a newline at the
 * end. Version 1 only grows: a key keeps its meaning and unit. Keys are always present and in the same order; what is absent
 * is null. Times are nanoseconds since 1970 as decimal strings. `rendered` is the explanation as text, 80 columns wide.
 */
export function explanationJson({ shown, notes, total }: Answers): string {
  const document = {
    version: 1,
    tool: 'sgsim',
    total: {
      answers: total.answers,
      packets: total.packets ?? null,
      flows: total.flows ?? null,
      subjects: total.subjects ?? null,
    },
    notes: notes ?? [],
    answers: shown.map(answerObject),
  };
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}

// Every object is written out key by key: the order is part of the format, and nothing unknown gets in.

/** One answer, as `explanation.schema.json` has it. */
export const answerObject = ({ explanation, subjects }: Answer) => ({
  subjects: subjects ?? null,
  ...explanationObject(explanation),
  rendered: explanationText(explanation, { color: false }),
});

const explanationObject = (explanation: Explanation) => ({
  verdict: explanation.verdict,
  code: explanation.code,
  cause: explanation.cause,
  reason: explanation.reason,
  disagreement: explanation.disagreement ?? null,
  packet: packetObject(explanation.packet.packet),
  captured: captured(explanation.packet),
  at: place(explanation.at),
  steps: explanation.steps.map(step),
  connection: connection(explanation.connection),
  rules: rules(explanation.rules),
  peer: peer(explanation.peer),
  fixes: explanation.fixes.map(fix),
  share: share(explanation.share),
  assumptions: explanation.assumptions.map(({ rule, text }) => ({ rule, text })),
});

const captured = ({ captured: found }: ExplainedPacket) =>
  found === undefined
    ? null
    : {
        capture: found.capture,
        frame: found.frame,
        ownFrame: found.ownFrame ?? null,
        timeNs: String(found.timeNs),
        offsetNs: String(found.offsetNs),
      };

const place = (at: DecidingPlace | undefined) =>
  at === undefined
    ? null
    : {
        eni: at.eni,
        name: at.name ?? null,
        direction: at.direction,
        filter: at.filter,
        filters: at.filters,
      };

const step = ({ question, eni, direction, result, text, rule }: Step) => ({
  question,
  eni: eni ?? null,
  direction: direction ?? null,
  result,
  text,
  rule: reference(rule),
});

const reference = (rule: RuleReference | undefined) =>
  rule === undefined
    ? null
    : {
        id: rule.id,
        groupId: rule.groupId,
        groupName: rule.groupName ?? null,
        direction: rule.direction,
        text: rule.text,
        description: rule.description ?? null,
        place: rule.place,
        source:
          rule.source === undefined
            ? null
            : { file: rule.source.file, line: rule.source.line, text: rule.source.text },
      };

const connection = (finding: ConnectionFinding | undefined) =>
  finding === undefined
    ? null
    : {
        result: finding.result,
        text: finding.text,
        remembered: finding.remembered === undefined ? null : rememberedObject(finding.remembered),
        rule: reference(finding.rule),
      };

const rules = (considered: ConsideredRules | undefined) =>
  considered === undefined
    ? null
    : {
        direction: considered.direction,
        groupIds: considered.groupIds,
        matched: considered.matched.map(consideredRule),
        nearest: considered.nearest.map(consideredRule),
        others: considered.others,
      };

const consideredRule = ({ rule, protocol, ports, peer: peerHolds, miss }: ConsideredRule) => ({
  rule: reference(rule),
  protocol,
  ports,
  peer: peerHolds,
  miss,
});

const peer = (identity: PeerIdentity | undefined) =>
  identity === undefined
    ? null
    : {
        address: identity.address,
        kind: identity.kind,
        eni: identity.eni ?? null,
        name: identity.name ?? null,
        groupIds: identity.groupIds ?? null,
        text: identity.text,
      };

const fix = ({ certainty, text, edits, commands, effect }: Fix) => ({
  certainty,
  text,
  edits: edits.map(editObject),
  commands,
  effect:
    effect === undefined
      ? null
      : {
          admits: { packets: effect.admits.packets, bytes: effect.admits.bytes },
          flows: effect.flows,
          otherFlows: effect.otherFlows,
          otherExample: effect.otherExample ?? null,
          cuts: { packets: effect.cuts?.packets ?? 0, bytes: effect.cuts?.bytes ?? 0 },
          complete: effect.complete,
        },
});

const share = (found: CauseShare | undefined) =>
  found === undefined
    ? null
    : {
        packets: found.packets,
        bytes: found.bytes,
        flows: found.flows,
        interfaces: found.interfaces ?? 1,
        ports: found.ports ?? null,
        morePorts: found.hasMorePorts ?? false,
        firstFrame: found.firstFrame,
        firstTimeNs: String(found.firstTimeNs),
        lastTimeNs: String(found.lastTimeNs),
      };
