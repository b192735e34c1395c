import { describe, expect, it } from 'vitest';
import { displayWidth, wrapText } from '../../src/report/wrap.js';

describe('wrapText', () => {
  it('breaks at spaces', () => {
    expect(wrapText('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrapText('one two', 7)).toEqual(['one two']);
  });

  it('breaks a word only when it is wider than a line', () => {
    expect(wrapText('a abcdefgh b', 3)).toEqual(['a', 'abc', 'def', 'gh', 'b']);
    expect(wrapText('a abcdefg b', 3)).toEqual(['a', 'abc', 'def', 'g b']);
  });

  it('is never empty', () => {
    expect(wrapText('', 10)).toEqual(['']);
    expect(wrapText('   ', 10)).toEqual(['']);
  });

  it('does not tear wide or combined characters apart', () => {
    expect(wrapText('日本語', 5)).toEqual(['日本', '語']);
    expect(wrapText('e\u0301e\u0301', 1)).toEqual(['e\u0301', 'e\u0301']);
  });

  it('replaces what could steer a terminal', () => {
    expect(wrapText('a\u001b[2J\nb', 80)).toEqual(['a\ufffd[2J\ufffdb']);
  });

  it('cuts at 1,000 characters, between characters', () => {
    const [line] = wrapText(`${'x'.repeat(999)}🙂🙂`, Infinity);
    expect(line).toBe(`${'x'.repeat(999)}…`);
    expect(wrapText('x'.repeat(1000), Infinity)).toEqual(['x'.repeat(1000)]);
  });
});

describe('displayWidth', () => {
  // Unicode Standard Annex 11: East Asian Wide and emoji take two columns, nonspacing marks none
  it.each([
    ['sgr-0123456789abcdef0', 21],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['한국', 4],
    ['🙂', 2],
    ['\ufffd', 1],
    ['…', 1],
    ['\u200b', 0],
  ])('%s', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});
