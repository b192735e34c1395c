import type { Verdict } from '../../model/verdict.js';
import { type Markup, html } from './markup.js';

/** A verdict, or what a flow has of which some packets passed and some did not. */
export type Mark = Verdict | 'mixed';

/** A sign for a verdict that needs no colour to be told apart; words stand beside it. */
export function verdictMark(verdict: Mark): Markup {
  return html`<svg class="mark ${verdict}" aria-hidden="true">
    <use href="#mark-${verdict}" />
  </svg>`;
}

/** The drawings that the marks refer to, once a page. */
export const MARK_SPRITE: Markup = html`<svg width="0" height="0" class="sprite" aria-hidden="true">
  <symbol id="mark-allow" viewBox="0 0 16 16">
    <circle cx="8" cy="8" r="7" fill="currentColor" />
    <path d="m4.8 8.2 2.2 2.3 4.2-4.7" class="cut" />
  </symbol>
  <symbol id="mark-drop" viewBox="0 0 16 16">
    <rect x="1.6" y="1.6" width="12.8" height="12.8" rx="2.6" fill="currentColor" />
    <path d="m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6" class="cut" />
  </symbol>
  <symbol id="mark-mixed" viewBox="0 0 16 16">
    <path d="M8 1a7 7 0 0 0 0 14z" class="allow-half" />
    <path d="M9.4 1.6h3a2 2 0 0 1 2 2v8.8a2 2 0 0 1-2 2h-3z" class="drop-half" />
  </symbol>
  <symbol id="mark-not-filtered" viewBox="0 0 16 16">
    <circle cx="8" cy="8" r="6" class="line" />
    <path d="M5 8h6" class="line" />
  </symbol>
  <symbol id="mark-not-judged" viewBox="0 0 16 16">
    <circle cx="8" cy="8" r="6" class="line dotted" />
    <circle cx="8" cy="8" r="1.3" fill="currentColor" />
  </symbol>
</svg>`;
