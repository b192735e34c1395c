import { printable } from '../model/diagnostic.js';

/**
 * Breaks text into lines of at most `width` terminal columns: at spaces, and inside a word only when the word
 * alone is wider than that. The text is made `printable` first, and cut with an ellipsis at 1,000 characters,
 * so that no name from a document can steer the terminal or flood it. Never empty.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of presentable(text).split(' ')) {
    if (word === '') continue;
    const size = displayWidth(word);
    if (used > 0 && used + 1 + size <= width) {
      line += ` ${word}`;
      used += 1 + size;
      continue;
    }
    if (used > 0) lines.push(line);
    const pieces = size <= width ? [word] : breakWord(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1)!;
    used = displayWidth(line);
  }
  return [...lines, line];
}

/** The text on one line of at most `width` columns; where it is cut it ends in an ellipsis. */
export function cutText(text: string, width: number): string {
  const shown = presentable(text);
  if (displayWidth(shown) <= width) return shown;
  return `${breakWord(shown, width - 1)[0]!.trimEnd()}…`;
}

/**
 * Columns that a terminal gives to printable text: none to combining marks, two to East Asian wide characters
 * and emoji (Unicode Standard Annex 11). Errs to the wide side where terminals differ.
 */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

const LONGEST = 1000;

/** The text as it may be shown: see `wrapText`. */
export function presentable(text: string): string {
  if (text.length <= LONGEST) return printable(text);
  const head = text.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, ''); // no half of a pair
  return printable(`${head}…`);
}

function breakWord(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of word) {
    const size = characterWidth(character);
    if (used > 0 && used + size > width) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += character;
    used += size;
  }
  return [...pieces, piece];
}

const ASCII = /^[ -~]*$/;
/** Variation selector 16 asks for the emoji form of the character before it, which may be one column wider. */
const EMOJI_FORM = '\ufe0f';
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const WIDE =
  /^[\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

function characterWidth(character: string): number {
  if (character === EMOJI_FORM) return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
