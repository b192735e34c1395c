import { causeText } from '../../model/cause.js';
import type { ConsideredRule, Explanation, Fix, Step } from '../../model/explanation.js';
import { rememberedText } from '../explanation-connection.js';
import { effectText, shareText } from '../explanation-fixes.js';
import { originText, placeText } from '../explanation-head.js';
import { groupsText, MATCHED_MAX, nearestOf, portsLabel } from '../explanation-rules.js';
import { QUESTIONS } from '../explanation-steps.js';
import { explanationText } from '../explanation-text.js';
import { ipText, packetText } from '../packet-text.js';
import { count, counted } from '../quantity.js';
import { ruleWhere } from '../rule-lines.js';
import { type Markup, html, whole } from './markup.js';
import { verdictMark } from './verdict-mark.js';

/** One answer to why: its cause and size on a line, all of it behind a click. */
export function answerMarkup(explanation: Explanation): Markup {
  const { verdict, cause, reason, share, disagreement } = explanation;
  const size = share ?? { packets: 1, flows: 0 };
  return html`<details class="answer">
    <summary>
      ${verdictMark(verdict)}
      <span class="what">
        <strong>${causeText(cause)}</strong>
        <span class="why">${reason}</span>
        <span class="where">${exampleText(explanation)}</span>
      </span>
      <span class="size"
        ><b>${count(size.packets)}</b>
        ${size.packets === 1 ? 'packet' : 'packets'}${share && html`, ${counted(size.flows, 'flow')}`}</span
      >
    </summary>
    <div class="whole">
      ${disagreement !== undefined && faultMarkup(disagreement)} ${factsMarkup(explanation)}
      ${stepsMarkup(explanation.steps)} ${rulesMarkup(explanation)}
      ${fixesMarkup(explanation.fixes)} ${assumptionsMarkup(explanation)}
      <details class="plain">
        <summary>As <code>sgsim why</code> prints it</summary>
        <pre tabindex="0">${whole(explanationText(explanation, { color: false }))}</pre>
      </details>
    </div>
  </details>`;
}

/** Where it happened, and to which packet: what tells answers of one cause apart. */
function exampleText({ at, packet, share }: Explanation): string {
  const { content } = packet.packet;
  const which = content.kind === 'ip' ? ipText(content.ip) : packetText(packet.packet);
  const example = share === undefined || share.packets === 1 ? which : `e.g. ${which}`;
  return at === undefined ? example : `${at.name ?? at.eni} ${at.direction}, ${example}`;
}

function faultMarkup(disagreement: string): Markup {
  return html`<p class="fault" role="alert">
    <strong>A fault of sgsim:</strong> its two implementations do not agree about this packet:
    ${disagreement}. Do not rely on what follows; report it, with the frame and the documents of the
    VPC.
  </p>`;
}

function factsMarkup(explanation: Explanation): Markup {
  const { packet, at, reason, peer, share, connection } = explanation;
  const held = connection?.remembered;
  const facts: readonly (readonly [string, string | Markup | undefined])[] = [
    [
      'cause',
      html`<code>${explanation.cause}</code> ${causeText(explanation.cause)}
        (<code>${explanation.code}</code>)`,
    ],
    ['packet', html`<span class="mono">${packetText(packet.packet)}</span>`],
    ['captured', originText(packet)],
    ['at', at && placeText(at)],
    ['why', reason],
    ['connection', held?.kind === 'connection' ? rememberedText(held) : undefined],
    ['opened by', connection?.rule && `${connection.rule.text}: ${ruleWhere(connection.rule)}`],
    ['peer', peer && `${peer.address}: ${peer.text}`],
    ['same cause', share && shareText(share)],
  ];
  return html`<dl class="facts">
    ${facts.map(
      ([name, text]) =>
        text !== undefined &&
        html`<dt>${name}</dt>
          <dd>${text}</dd>`,
    )}
  </dl>`;
}

function stepsMarkup(steps: readonly Step[]): Markup {
  if (steps.length === 0) return html``;
  return html`<h3>What was asked, in order</h3>
    <ol class="steps">
      ${steps.map(({ question, result, text, rule, eni, direction }, i) => {
        const before = steps[i - 1];
        const isNew = eni !== undefined && (eni !== before?.eni || direction !== before.direction);
        const line = rule?.source;
        return html`${isNew && html`<li class="place">${eni} ${direction}</li>`}
          <li class="step ${result}">
            <span class="result">${RESULTS[result]}</span>
            <span class="question">${QUESTIONS[question]}</span>
            <span class="told"
              >${text}${line && html`<span class="source mono">${line.file}:${line.line}&ensp;${line.text.trim()}</span>`}</span
            >
          </li>`;
      })}
    </ol>`;
}

const RESULTS: Readonly<Record<Step['result'], Markup>> = {
  pass: html`${verdictMark('allow')} pass`,
  drop: html`${verdictMark('drop')} drop`,
  next: html`next`,
  skip: html`skip`,
};

function rulesMarkup({ rules, packet }: Explanation): Markup {
  if (rules === undefined) return html``;
  const { matched } = rules;
  const nearest = nearestOf(rules);
  const others = rules.nearest.length - nearest.length + rules.others;
  const ports = portsLabel(packet.packet);
  const beyond = matched.length - MATCHED_MAX;
  const title =
    matched.length > 0
      ? 'Rules that match'
      : nearest.length > 0
        ? 'Rules that come nearest'
        : 'Rules';
  const more =
    matched.length > 0
      ? beyond > 0 && `and ${count(beyond)} more that match`
      : others > 0 &&
        `and ${count(others)} ${nearest.length > 0 ? 'less near' : 'that are not near'}`;
  return html`<h3>${title}</h3>
    <p class="aside">
      ${groupsText(rules)}${matched.length + nearest.length + others === 0 && ': there are none'}
    </p>
    <ul class="rules">
      ${[...matched.slice(0, MATCHED_MAX), ...nearest].map((rule) => ruleMarkup(rule, ports))}
    </ul>
    ${more !== false && html`<p class="aside">${more}</p>`}`;
}

function ruleMarkup(
  { rule, protocol, ports, peer, miss }: ConsideredRule,
  portsName: string,
): Markup {
  const fields: readonly (readonly [string, boolean])[] = [
    ['protocol', protocol],
    ...(portsName === '' ? [] : [[portsName, ports] as const]),
    ['peer', peer],
  ];
  return html`<li>
    <span class="mono">${rule.text}</span>
    <span class="fields"
      >${fields.map(
        ([name, holds]) =>
          html`<span class="${holds ? 'holds' : 'fails'}"
            >${name} ${holds ? 'ok' : 'differs'}</span
          > `,
      )}</span
    >
    ${miss !== '' && html`<span class="miss">${miss}</span>`}
    <span class="source">${ruleWhere(rule)}</span>
  </li>`;
}

function fixesMarkup(fixes: readonly Fix[]): Markup {
  if (fixes.length === 0) return html``;
  return html`<h3>What would let it pass</h3>
    <ol class="fixes">
      ${fixes.map(
        ({ certainty, text, commands, effect }) =>
          html`<li>
            <span>${text} <em>${certainty}</em></span>
            ${commands.map((command) => html`<span class="command"><code>${whole(command)}</code></span>`)}
            ${effect && html`<span class="source">${effectText(effect)}</span>`}
          </li>`,
      )}
    </ol>`;
}

function assumptionsMarkup({ assumptions }: Explanation): Markup {
  if (assumptions.length === 0) return html``;
  return html`<h3>Assumptions</h3>
    <ul class="notes">
      ${assumptions.map(({ rule, text }) => html`<li><b>${rule}</b> ${text}</li>`)}
    </ul>`;
}
