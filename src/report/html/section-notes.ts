import { instant } from '../../model/instant-text.js';
import type { CaptureSummary, Outcome } from '../../model/outcome.js';
import { captureFacts, captureTitle, readingFacts } from '../section-captures.js';
import { count, counted } from '../quantity.js';
import { html } from './markup.js';
import type { PageSection } from './section.js';
import { VERDICT_WORDS } from '../verdict-words.js';

/** Longest list of captures or warnings. */
const LIST_MAX = 500;

/** Packets before the first event and after each; undefined without events. */
export function phasesSection({ phases }: Outcome): PageSection | undefined {
  if (phases.length < 2) return undefined;
  const body = html`<div
    class="scroll"
    tabindex="0"
    role="region"
    aria-label="packets between events"
  >
    <table class="figures phases">
      <thead>
        <tr>
          <th scope="col">from</th>
          ${VERDICT_WORDS.map(({ label }) => html`<th scope="col">${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${phases.map(
          ({ fromNs, events, byVerdict }) =>
            html`<tr>
              <th scope="row">
                ${fromNs === undefined ? 'before' : instant(fromNs)}
                ${events.map((text) => html`<span class="source">${text}</span>`)}
              </th>
              ${VERDICT_WORDS.map(({ verdict }) => html`<td>${count(byVerdict[verdict].packets)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
  return { id: 'phases', title: 'Between events', count: count(phases.length), body };
}

/** What was read, and how far. */
export function capturesSection({ captures, reading }: Outcome): PageSection {
  const rest = captures.length - LIST_MAX;
  const body = html`<ul class="notes captures">
      ${captures.slice(0, LIST_MAX).map(
        (capture) =>
          html`<li>
            <b class="mono">${captureTitle(capture)}</b>
            <span class="source">${capture.format}; ${capture.linkType}</span>
            ${captureFacts(capture).map(
              (fact, i, { length }) =>
                html`<span class="${isStop(capture, i, length) ? 'fault' : 'fact'}">${fact}</span>`,
            )}
          </li>`,
      )}
    </ul>
    ${rest > 0 && html`<p class="aside">Not shown: ${counted(rest, 'more capture')}.</p>`}
    ${readingFacts(reading).map((fact) => html`<p class="aside">${fact}</p>`)}`;
  return { id: 'captures', title: 'Captures', count: count(captures.length), body };
}

/** Why reading stopped is the last that is said. */
const isStop = ({ stopped }: CaptureSummary, i: number, length: number): boolean =>
  stopped !== undefined && i === length - 1;

/** What was wrong with the inputs; undefined when nothing was. */
export function warningsSection({ warnings }: Outcome): PageSection | undefined {
  if (warnings.length === 0) return undefined;
  const rest = warnings.length - LIST_MAX;
  const body = html`<ul class="notes">
      ${warnings
        .slice(0, LIST_MAX)
        .map(
          ({ code, place, fact, fix }) =>
            html`<li>
              <code>${code}</code> ${fact}${fix !== undefined && html`; <em>${fix}</em>`}
              ${place !== '' && html`<span class="source">${place}</span>`}
            </li>`,
        )}
    </ul>
    ${rest > 0 && html`<p class="aside">Not shown: ${counted(rest, 'more warning')}.</p>`}`;
  return { id: 'warnings', title: 'Warnings', count: count(warnings.length), body };
}

/** Modelling choices that the verdicts rest on. */
export function assumptionsSection({ assumptions }: Outcome): PageSection | undefined {
  if (assumptions.length === 0) return undefined;
  const body = html`<ul class="notes two">
    ${assumptions.map(({ rule, text }) => html`<li><b>${rule}</b> ${text}</li>`)}
  </ul>`;
  return { id: 'assumptions', title: 'Assumptions', body };
}
