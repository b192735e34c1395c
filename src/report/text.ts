import type { Outcome } from '../model/outcome.js';
import { cutLists } from './cut.js';
import type { Line, Page } from './line.js';
import { line, paint } from './line.js';
import { capturesSection } from './section-captures.js';
import { dropsSection } from './section-drops.js';
import { interfacesSection } from './section-interfaces.js';
import { assumptionsSection, warningsSection } from './section-notes.js';
import { phasesSection } from './section-phases.js';
import { ruleUseSection } from './section-rule-use.js';
import { rulesSection } from './section-rules.js';
import { causesSection, verdictsSection } from './section-verdicts.js';

export interface TextOptions {
  /** Whether to mark allowed, dropped and secondary text with ANSI colours. */
  readonly color: boolean;
  /** Longest list to show, in entries; what is beyond is summed. */
  readonly top: number;
  /** In terminal columns, 80 unless told; below 60 is taken as 60. */
  readonly width?: number;
}

/**
 * The outcome for people: sections in fixed order, a blank line between them, a newline at the end. No line is
 * wider than `width` (up to 9,999,999,999,999 packets at 80 columns), and nothing from a document or capture can
 * steer the terminal (`printable`). The same outcome gives the same text.
 */
export function renderText(outcome: Outcome, { color, top, width = 80 }: TextOptions): string {
  const page: Page = { width: Math.max(60, width), top };
  const lines = sections(outcome, page)
    .filter((section) => section.length > 0)
    .flatMap((section, index) => (index === 0 ? section : [line(''), ...section]));
  return lines.map((spans) => `${paint(spans, color)}\n`).join('');
}

function sections(outcome: Outcome, page: Page): readonly (readonly Line[])[] {
  const cuts = cutLists(outcome, page.top);
  const found = [
    verdictsSection(outcome, page),
    causesSection(outcome, page),
    interfacesSection(cuts.interfaces, page),
    phasesSection(outcome.phases, page),
    outcome.ruleUse === undefined
      ? rulesSection(cuts.rules, page)
      : ruleUseSection(outcome.ruleUse, page),
    dropsSection(cuts.droppedFlows, page),
  ];
  return [
    capturesSection(cuts.captures, outcome.reading, page, outcome.interrupted),
    ...(outcome.totals.packets === 0 ? [[line(NOTHING)]] : found),
    assumptionsSection(outcome.assumptions, page),
    warningsSection(cuts.warnings, page),
  ];
}

const NOTHING = 'no packets were read: there is nothing to judge';
