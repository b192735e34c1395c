/** What is wrong with an input, where, and what to do about it. One line when rendered. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable kebab-case name of the kind of fault, e.g. `port-range`. */
  readonly code: string;
  /** File and the path inside it, or file and frame; empty when the fault has no place. */
  readonly place: string;
  /** What was found: lowercase, no full stop. */
  readonly fact: string;
  /** What to do, as an imperative. */
  readonly fix?: string;
  readonly excerpt?: Excerpt;
}

/** The text that a fault is in, and which characters of it. */
export interface Excerpt {
  readonly text: string;
  readonly column: number;
  readonly length: number;
}

/** An input that cannot be used at all. `cli/` prints its diagnostics and exits with 2. */
export class InputError extends Error {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(renderDiagnostic).join('\n'));
    this.name = 'InputError';
  }
}

/** Shorthand for an InputError with one fault. */
export function inputError(code: string, place: string, fact: string, fix?: string): InputError {
  return new InputError([
    { severity: 'error', code, place, fact, ...(fix === undefined ? {} : { fix }) },
  ]);
}

/** `error[code] place: fact; fix`, then the excerpt, safe to print: see `printable`. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { severity, code, place, fact, fix, excerpt } = diagnostic;
  const where = place === '' ? '' : ` ${place}:`;
  const line = `${severity}[${code}]${where} ${fact}${fix === undefined ? '' : `; ${fix}`}`;
  return [line, ...(excerpt === undefined ? [] : renderExcerpt(excerpt))].map(printable).join('\n');
}

/** The text, and a caret under the characters in question. */
function renderExcerpt({ text, column, length }: Excerpt): string[] {
  const mark = `^${'~'.repeat(Math.max(0, length - 1))}`;
  return [`  ${text}`, `  ${' '.repeat(column)}${mark}`];
}

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Replaces control characters and bidirectional overrides, so that text from a file cannot steer a terminal. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd');
}
