import type { Diagnostic } from '../model/diagnostic.js';

/** The faults found so far in all documents of one load. Grows; bounded however bad the input is. */
export interface Faults {
  readonly errors: Diagnostic[];
  readonly warnings: Diagnostic[];
  /** How many were found beyond those listed. */
  errorsLeftOut: number;
  warningsLeftOut: number;
}

/** Faults listed of each severity; the rest is counted. */
const LISTED = 100;

/** Characters of a document's value that a message repeats. */
const SHOWN = 60;

export function noFaults(): Faults {
  return { errors: [], warnings: [], errorsLeftOut: 0, warningsLeftOut: 0 };
}

export function addFault(
  faults: Faults,
  severity: 'error' | 'warning',
  code: string,
  place: string,
  fact: string,
  fix?: string,
): void {
  addDiagnostic(faults, { severity, code, place, fact, ...(fix === undefined ? {} : { fix }) });
}

export function addDiagnostic(faults: Faults, diagnostic: Diagnostic): void {
  const { severity } = diagnostic;
  const list = severity === 'error' ? faults.errors : faults.warnings;
  if (list.length < LISTED) list.push(diagnostic);
  else if (severity === 'error') faults.errorsLeftOut++;
  else faults.warningsLeftOut++;
}

/** Every listed error, and one that counts the others; empty when there is none. */
export function listErrors(faults: Faults): readonly Diagnostic[] {
  return withRest(faults.errors, faults.errorsLeftOut, 'error', 'mend the listed ones first');
}

/** Every listed warning, and one that counts the others. */
export function listWarnings(faults: Faults): readonly Diagnostic[] {
  return withRest(faults.warnings, faults.warningsLeftOut, 'warning');
}

/** A value of a document as a message shows it: strings in quotes, everything cut short. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined || value === null) return value === null ? 'null' : 'nothing';
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** An id or key of a document, cut short. */
export function cut(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN).toWellFormed()}...`;
}

function withRest(
  listed: readonly Diagnostic[],
  leftOut: number,
  severity: 'error' | 'warning',
  fix?: string,
): readonly Diagnostic[] {
  if (leftOut === 0) return listed;
  const fact =
    leftOut === 1
      ? `1 more ${severity} is not listed`
      : `${leftOut} more ${severity}s are not listed`;
  const code = `more-${severity}s`;
  return [...listed, { severity, code, place: '', fact, ...(fix === undefined ? {} : { fix }) }];
}
