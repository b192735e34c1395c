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

/** `error[code] place: fact; fix`, safe to print: see `printable`. */
export function renderDiagnostic({ severity, code, place, fact, fix }: Diagnostic): string {
  const where = place === '' ? '' : ` ${place}:`;
  return printable(`${severity}[${code}]${where} ${fact}${fix === undefined ? '' : `; ${fix}`}`);
}

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Replaces control characters and bidirectional overrides, so that text from a file cannot steer a terminal. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd');
}
