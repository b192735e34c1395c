import { readFile } from 'node:fs/promises';
import { createSources } from '../documents/sources.js';
import { builtFile } from '../engine/built-file.js';
import { answerCases } from '../explain/case-answers.js';
import { caseWorldOf } from '../explain/case-world.js';
import { endpoints } from '../explain/endpoints.js';
import type { Address } from '../model/address.js';
import type { Endpoint } from '../model/endpoint.js';
import type { Flow } from '../model/flow.js';
import type { Timeline } from '../policy/timeline.js';
import { createCaseRecorder } from '../replay/case-recorder.js';
import { createFlowTable } from '../replay/flow-table.js';
import { createTimeSeries } from '../replay/time-series.js';
import type { FlowNames } from '../report/html/flow-columns.js';
import { createFlowPick } from '../report/html/flow-pick.js';
import { replayPage } from '../report/html/page.js';
import { createPairs } from '../report/html/pairs.js';
import { formatRule } from '../model/rule-text.js';
import type { Output } from './output.js';
import type { Replayed, ReplayOutput } from './replay-output.js';

/** Flows in the page's table; a browser holds more, but a file of them would be no mail's size. */
const FLOWS_MAX = 100_000;
/** Flows that are told apart at a time: beyond, the longest silent ones are looked at and let go. */
const FLOWS_AT_A_TIME = 500_000;
/** Causes that are answered. */
const ANSWERS_MAX = 50;

/** What `replay --html` writes: it looks on while packets are judged, and makes the page when all are. */
export function htmlOutput(output: Output, timelineOf: () => Timeline): ReplayOutput {
  const series = createTimeSeries();
  const recorder = createCaseRecorder({}, () => caseWorldOf(timelineOf()));
  const pick = createFlowPick(FLOWS_MAX);
  let ends: ((flow: Flow) => readonly [Endpoint, Endpoint]) | undefined;
  const pairs = createPairs((flow) => (ends ??= endsOf(timelineOf()))(flow));
  const add = (flows: Iterable<Flow>): void => {
    for (const flow of flows) {
      pairs.add(flow);
      pick.add(flow);
    }
  };
  const table = createFlowTable({ flowsMax: FLOWS_AT_A_TIME, onRetired: add });
  return {
    observers: [series, table],
    recorder,
    end: async ({ outcome, timeline, tracking, documents, captures, firstTimeNs }: Replayed) => {
      add(table.flows());
      const world = { timeline, tracking, sourceOf: createSources(documents) };
      const from = { captures, firstTimeNs };
      const page = {
        outcome,
        series: series.series(),
        answers: answerCases(world, recorder.findings(), from, ANSWERS_MAX),
        pairs: pairs.pairs(),
        flows: pick.picked(),
        unlisted: table.unlisted(),
        names: namesIn(timeline),
      };
      const [script, style] = await Promise.all(
        ['page.js', 'page.css'].map((name) => readFile(builtFile(name), 'utf8')),
      );
      await output.write(replayPage(page, { script: script!, style: style! }));
    },
  };
}

/** The ends of a flow: interfaces that judged its first packet, else what its addresses were then. */
function endsOf({ phases }: Timeline): (flow: Flow) => readonly [Endpoint, Endpoint] {
  const known = phases.map(({ description }) => endpoints(description));
  const names = namesIn({ phases, rules: [] }).interfaceName;
  return ({ at, source, destination, firstTimeNs }) => {
    const phase = phases.findLastIndex(({ fromNs }, i) => i === 0 || fromNs <= firstTimeNs);
    const end = (direction: 'egress' | 'ingress', address: Address): Endpoint => {
      const eni = at.find((one) => one.direction === direction)?.eni;
      if (eni === undefined) return known[phase]!(address);
      const name = names.get(eni);
      return { kind: 'interface', eni, ...(name !== undefined && { name }) };
    };
    return [end('egress', source), end('ingress', destination)];
  };
}

function namesIn({ phases, rules }: Timeline): FlowNames {
  const enis = phases.flatMap(({ description }) => description.interfaces);
  return {
    interfaceName: new Map(
      enis.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name] as const])),
    ),
    rule: new Map(
      rules.map((rule) => [rule.id, { groupId: rule.groupId, text: formatRule(rule) }] as const),
    ),
  };
}
