import type { Line, Style } from './line.js';
import { displayWidth, wrapText } from './wrap.js';

/** Spans, and text wrapped beside them: further lines begin in the column where the text does. */
export function beside(
  spans: Line,
  text: string,
  width: number,
  style: Style = 'plain',
): readonly Line[] {
  const column = spans.reduce((sum, span) => sum + displayWidth(span.text), 0);
  const margin: Line = [{ text: ' '.repeat(column), style: 'plain' }];
  return wrapText(text, width - column).map((part, index): Line => [
    ...(index === 0 ? spans : margin),
    { text: part, style },
  ]);
}

/** Text beside the name of what it tells; without a name it goes on in the column of the text before. */
export function labelled(
  label: string,
  text: string,
  width: number,
  style: Style = 'plain',
): readonly Line[] {
  return beside([{ text: label.padEnd(LABEL), style: 'secondary' }], text, width, style);
}

/** Width of `connection` and `same cause`, with a gap. */
const LABEL = 12;
