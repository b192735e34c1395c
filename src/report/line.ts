/** What a piece of text means to the eye. `allowed` is green, `dropped` red, `secondary` dim. */
export type Style = 'plain' | 'allowed' | 'dropped' | 'secondary';

export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** One line of the report, without its newline. Its width is that of the spans: colour adds nothing. */
export type Line = readonly Span[];

/** What a section needs to know of the page. */
export interface Page {
  /** In columns of the terminal. */
  readonly width: number;
  /** Longest list to show, in entries. */
  readonly top: number;
}

/** A line in one style. */
export function line(text: string, style: Style = 'plain'): Line {
  return [{ text, style }];
}

/** The line as text; ANSI escape sequences only when `color` is set. */
export function paint(spans: Line, color: boolean): string {
  return spans.map((span) => (color ? paintSpan(span) : span.text)).join('');
}

/**
 * ECMA-48 SGR: start and end. Not `util.styleText`, because that one looks at the environment and the same
 * outcome must give the same text.
 */
const SGR: Readonly<Record<Exclude<Style, 'plain'>, readonly [number, number]>> = {
  allowed: [32, 39],
  dropped: [31, 39],
  secondary: [2, 22],
};

function paintSpan({ text, style }: Span): string {
  if (style === 'plain' || text.trim() === '') return text;
  const [start, end] = SGR[style];
  return `\u001b[${start}m${text}\u001b[${end}m`;
}
