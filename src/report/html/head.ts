import type { CaptureSummary, Outcome } from '../../model/outcome.js';
import { captureTitle, spanText } from '../section-captures.js';
import { count, counted } from '../quantity.js';
import { type Markup, html } from './markup.js';
import type { PageSection } from './section.js';
import { verdictMark } from './verdict-mark.js';

/** What the page is about: the main number, what was read, and what is missing of it. */
export function headMarkup(outcome: Outcome): Markup {
  const { captures } = outcome;
  return html`<header>
    <div class="top">
      <p class="kind">sgsim replay</p>
      <button type="button" id="theme" class="quiet needs-script" aria-live="polite">
        theme: system
      </button>
    </div>
    <h1>${headline(outcome)}</h1>
    <p class="about">
      ${captures.slice(0, NAMED_MAX).map((capture) => html`<span class="mono">${captureTitle(capture)}</span> `)}
      ${captures.length > NAMED_MAX && html`<span>and ${counted(captures.length - NAMED_MAX, 'more capture')}</span> `}
      ${spanOf(captures)}
    </p>
    ${banner(outcome)}
  </header>`;
}

/** The list of contents. */
export function contentsMarkup(sections: readonly PageSection[]): Markup {
  return html`<nav aria-label="contents">
    <ul>
      ${sections.map(
        ({ id, title, count: size }) =>
          html`<li>
            <a href="#${id}">${title}${size !== undefined && html` <span>${size}</span>`}</a>
          </li>`,
      )}
    </ul>
  </nav>`;
}

const NAMED_MAX = 3;

/** `157 of 574 packets are dropped`. */
export function headline({ totals, byVerdict }: Outcome): string {
  const { packets } = totals;
  const dropped = byVerdict.drop.packets;
  if (packets === 0) return 'No packets were read';
  if (dropped + byVerdict.allow.packets === 0) {
    return `None of ${counted(packets, 'packet')} meets a security group`;
  }
  if (dropped === 0) return `Nothing is dropped of ${counted(packets, 'packet')}`;
  return `${count(dropped)} of ${counted(packets, 'packet')} ${dropped === 1 ? 'is' : 'are'} dropped`;
}

function spanOf(captures: readonly CaptureSummary[]): Markup {
  const firsts = captures.flatMap(({ firstTimeNs }) => firstTimeNs ?? []);
  const lasts = captures.flatMap(({ lastTimeNs }) => lastTimeNs ?? []);
  if (firsts.length === 0 || lasts.length === 0) return html``;
  const first = firsts.reduce((a, b) => (b < a ? b : a));
  const last = lasts.reduce((a, b) => (b > a ? b : a));
  return html`<span>${spanText(first, last)}</span>`;
}

/** Numbers that cover a part only must not be taken for the whole. */
function banner({ captures, interrupted }: Outcome & { readonly interrupted?: boolean }): Markup {
  const stopped = captures.filter((capture) => capture.stopped !== undefined);
  const [first] = stopped;
  if (first?.stopped === undefined && interrupted !== true) return html``;
  return html`<div class="banner" role="note">
    ${verdictMark('not-judged')}
    <div>
      <strong>Partial report.</strong>
      ${interrupted === true && 'The replay was interrupted: what follows covers the packets until then.'}
      ${
        first?.stopped !== undefined &&
        html`Reading ${captureTitle(first)} stopped at frame ${first.stopped.frame}:
        ${first.stopped.fact}.
        ${stopped.length > 1 && `So it did in ${counted(stopped.length - 1, 'more capture')}.`} What
        follows covers that part only.`
      }
    </div>
  </div>`;
}
