import type { Evidence } from '../model/evidence.js';
import type { Question, Step } from '../model/explanation.js';
import { type FrameVerdict, type VerdictCode, codeText, verdictOf } from '../model/verdict.js';
import type { ResolvedInterface } from '../policy/resolve.js';
import { exemptionAnywhere, exemptionAt } from './reference-exempt.js';
import {
  tellConnection,
  tellCoveredLater,
  tellDenied,
  tellFragment,
  tellRelated,
} from './step-connection.js';
import {
  exemptText,
  tellGroups,
  tellHolders,
  tellMulticast,
  tellSourceDestCheck,
} from './step-interface.js';
import { tellRules } from './step-rules.js';
import { tellMidstream, tellTracking } from './step-tracking.js';
import type { Telling, Told } from './telling.js';
import type { ExplainedWorld } from './world.js';

/** What the reference asked about one packet. */
export interface Heard {
  /** Whose the packet is; absent when that was not asked. */
  readonly holders?: {
    readonly sender: ResolvedInterface | undefined;
    readonly receiver: ResolvedInterface | undefined;
  };
  /** In the order in which they were asked. */
  readonly asked: readonly Telling[];
}

/** The steps to a verdict: questions that were asked, without those that did not matter. */
export function stepsTo(
  world: ExplainedWorld,
  evidence: Evidence,
  verdict: FrameVerdict,
  { holders, asked }: Heard,
): Step[] {
  const { content } = evidence.packet;
  const { code } = verdict;
  if (content.kind === 'unread') return [nowhere('interface', code)];
  if (content.kind === 'non-ip' || holders === undefined) {
    const what = content.kind === 'ip' ? 'neighbor discovery' : 'not an IP packet';
    return [{ ...nowhere('interface', code), text: `${what}, which is not filtered` }];
  }
  const { sender, receiver } = holders;
  const whose: Step = {
    question: 'interface',
    result: verdict.at.length === 0 && code !== 'exempt' ? resultOf(code) : 'next',
    text: tellHolders(evidence.packet, content.ip, sender, receiver),
  };
  if (verdict.at.length === 0) {
    const exemption = exemptionAnywhere(content.ip, world.tracking.exempt);
    return code === 'exempt' && exemption !== undefined
      ? [whose, { question: 'exempt', result: 'pass', text: exemptText(exemption) }]
      : [whose];
  }
  const steps = asked.flatMap((telling) => stepsOf(telling));
  const isUnreached = receiver !== undefined && verdict.at.at(-1)!.direction === 'egress';
  return [whose, ...steps, ...(isUnreached ? [unreached(receiver)] : [])];
}

/** A verdict that the reference cannot come to: what it means has to do. */
export function stepBeyond({ at, code }: FrameVerdict): Step {
  const answer = at.find((each) => each.code === 'state-full');
  if (answer === undefined) return nowhere('interface', code);
  const { eni, direction } = answer;
  return { ...nowhere('connection', answer.code), eni, direction };
}

function nowhere(question: Question, code: VerdictCode): Step {
  return { question, result: resultOf(code), text: codeText(code) };
}

function unreached({ eni: { id: eni } }: ResolvedInterface): Step {
  const text = 'the packet never comes here';
  return { question: 'groups', eni, direction: 'ingress', result: 'skip', text };
}

function stepsOf(telling: Telling): Step[] {
  const { question, finding, at, direction } = telling;
  const told = TELLERS[question](telling);
  if (told === undefined) return [];
  const place = { eni: at.eni.id, direction };
  const result = finding === undefined ? 'next' : resultOf(finding.code);
  const step: Step = { question, ...place, result, ...told };
  const skipped = finding === undefined ? undefined : RULES_SKIPPED[question];
  if (skipped === undefined) return [step];
  return [step, { question: 'rules', ...place, result: 'skip', text: skipped }];
}

/** Not judged is not asked to the end. */
function resultOf(code: VerdictCode): Step['result'] {
  const verdict = verdictOf(code);
  if (verdict === 'drop') return 'drop';
  return verdict === 'not-judged' ? 'skip' : 'pass';
}

const RULES_SKIPPED: Readonly<Partial<Record<Question, string>>> = {
  connection: 'not asked: a live connection needs no rule',
  related: 'not asked: errors about a live connection need no rule',
};

const TELLERS: Readonly<Record<Question, (telling: Telling) => Told>> = {
  interface: () => undefined,
  'source-dest-check': tellSourceDestCheck,
  exempt: tellExempt,
  multicast: tellMulticast,
  groups: tellGroups,
  fragment: (telling) =>
    telling.isCoveredLater ? tellCoveredLater(telling) : tellFragment(telling),
  connection: tellConnection,
  related: tellRelated,
  'denied-opening': tellDenied,
  tracking: tellTracking,
  'mid-stream': tellMidstream,
  rules: tellRules,
};

function tellExempt({ at, ip, direction, world, finding }: Telling): Told {
  if (finding === undefined) return undefined;
  return { text: exemptText(exemptionAt(at, ip, direction, world.tracking.exempt)!) };
}
