import { type Diagnostic, renderDiagnostic } from '../model/diagnostic.js';
import type { Difference } from '../model/verdict-change.js';
import type { Cut } from './cut.js';

/** Warnings about both VPCs; what is said of a document that both have is said once. */
export function diffWarnings({ before, after }: Difference, top: number): Cut<Diagnostic> {
  const all = new Map(
    [...before.warnings, ...after.warnings].map((warning) => [renderDiagnostic(warning), warning]),
  );
  const warnings = [...all.values()];
  return { shown: warnings.slice(0, top), omitted: warnings.slice(top) };
}
