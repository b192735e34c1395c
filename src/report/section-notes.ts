import type { Diagnostic } from '../model/diagnostic.js';
import { renderDiagnostic } from '../model/diagnostic.js';
import type { Assumption } from '../model/outcome.js';
import { paragraph } from './columns.js';
import type { Cut } from './cut.js';
import type { Line, Page } from './line.js';
import { line } from './line.js';
import { counted } from './quantity.js';

/** Modelling choices that the verdicts rest on. */
export function assumptionsSection(
  assumptions: readonly Assumption[],
  { width }: Page,
): readonly Line[] {
  if (assumptions.length === 0) return [];
  return [
    line('assumptions'),
    ...assumptions.flatMap(({ rule, text }) => paragraph(`${rule}: ${text}`, width, 2)),
  ];
}

/** What was wrong with the inputs, though not wrong enough to stop. */
export function warningsSection(
  { shown, omitted }: Cut<Diagnostic>,
  { width }: Page,
): readonly Line[] {
  const all = shown.length + omitted.length;
  if (all === 0) return [];
  return [
    line(counted(all, 'warning')),
    ...shown.flatMap((warning) => paragraph(renderDiagnostic(warning), width, 2)),
    ...(omitted.length === 0
      ? []
      : [line(`  ${counted(omitted.length, 'more warning')}`, 'secondary')]),
  ];
}
