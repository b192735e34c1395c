import { createHash } from 'node:crypto';
import type { Answers } from '../../model/answers.js';
import type { UnlistedFlows } from '../../model/flow.js';
import type { Outcome } from '../../model/outcome.js';
import type { TimeSeries } from '../../model/time-series.js';
import type { FlowNames } from './flow-columns.js';
import type { PickedFlows } from './flow-pick.js';
import { contentsMarkup, headMarkup, headline } from './head.js';
import { type Markup, html, trusted } from './markup.js';
import { matrixOf } from './matrix.js';
import type { Pairs } from './pairs.js';
import { causesSection } from './section-causes.js';
import { flowsSection } from './section-flows.js';
import { matrixSection } from './section-matrix.js';
import {
  assumptionsSection,
  capturesSection,
  phasesSection,
  warningsSection,
} from './section-notes.js';
import { rulesSection } from './section-rules.js';
import { timeSection } from './section-time.js';
import { totalsSection } from './section-totals.js';
import { sectionMarkup } from './section.js';
import { MARK_SPRITE } from './verdict-mark.js';

/** All that a page about a replay tells. */
export interface ReplayPage {
  readonly outcome: Outcome;
  /** Absent without packets. */
  readonly series: TimeSeries | undefined;
  /** Why packets were dropped. */
  readonly answers: Answers;
  readonly pairs: Pairs;
  readonly flows: PickedFlows;
  readonly unlisted: UnlistedFlows;
  readonly names: FlowNames;
}

/** What runs in the page and how it looks, as built from src/page/. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * The outcome as one HTML file that needs nothing else: no network, no other file. Its policy (CSP) lets run only the script
 * that is in it. The same replay gives the same page.
 */
export function replayPage(page: ReplayPage, { script, style }: PageAssets): string {
  const { outcome, series, answers, pairs, flows, unlisted, names } = page;
  const sections = [
    totalsSection(outcome),
    ...(series === undefined
      ? []
      : [
          timeSection(
            series,
            outcome.phases.flatMap(({ fromNs }) => fromNs ?? []),
          ),
        ]),
    ...(outcome.totals.packets === 0
      ? []
      : [
          causesSection(answers),
          matrixSection(matrixOf(pairs)),
          flowsSection(flows, unlisted, names),
        ]),
    phasesSection(outcome),
    rulesSection(outcome.byRule),
    capturesSection(outcome),
    warningsSection(outcome),
    assumptionsSection(outcome),
  ].filter((section) => section !== undefined);
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policyOf(script, style)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${headline(outcome)} - sgsim</title>
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        ${MARK_SPRITE}
        <div class="page">
          ${headMarkup(outcome)} ${contentsMarkup(sections)}
          <main id="main" tabindex="-1">${sections.map(sectionMarkup)}</main>
        </div>
        ${trusted(`<script>${script}</script>`)}
      </body>
    </html> `;
  return document.markup;
}

/** Nothing is fetched, and nothing runs but what has these hashes. */
function policyOf(script: string, style: string): Markup {
  const hash = (text: string): string =>
    `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
  return trusted(
    `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`,
  );
}
