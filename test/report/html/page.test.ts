import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explanationArbitrary } from '../explanation-arbitrary.js';
import { HOSTILE_WORD, outcomeArbitrary } from '../outcome-arbitrary.js';
import { EMPTY } from '../outcome-empty.js';
import { PARTIAL } from '../outcome-partial.js';
import { TYPICAL } from '../outcome-typical.js';
import { anyFlow } from './flow-sample.js';
import { ASSETS, pageOf } from './page-sample.js';

const MARKUP = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '" onmouseover="alert(1)',
  "' autofocus onfocus='alert(1)",
  '<!--',
  ']]><svg onload=alert(1)>',
  '&lt;b&gt;&quot;',
  '\u202eevil\u0000\u2028',
  '</style><a href=javascript:alert(1)>',
];
const word = fc.oneof(fc.constantFrom(...MARKUP), HOSTILE_WORD);
const bounds = { word, most: 100_000 };
const parts = fc.record({
  outcome: outcomeArbitrary(bounds),
  explanations: fc.array(explanationArbitrary(bounds), { maxLength: 3 }),
  flows: fc.array(anyFlow, { maxLength: 5 }),
  word,
});

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*(\/?)>/g;
const VOID = new Set(['meta', 'input', 'br']);

/** Names of all tags and attributes of the page. Throws where they do not nest, or a character stands where none of ours does. */
function namesIn(page: string): Set<string> {
  const names = new Set<string>();
  const open: string[] = [];
  const bare = page
    .replace('<!doctype html>', '')
    .replaceAll(/(<(script|style)\b[^>]*>)[^]*?(<\/\2>)/g, '$1$3');
  const texts = bare.replaceAll(
    TAG,
    (_, end: string, name: string, attributes: string, empty: string) => {
      names.add(name);
      for (const [, key] of attributes.matchAll(/\s([a-zA-Z-]+)(?==|\s|$)/g)) {
        if (!/^[^"]*"[^"]*$/.test(key!)) names.add(`@${key!}`);
      }
      if (end !== '') expect(open.pop()).toBe(name);
      else if (empty === '' && !VOID.has(name)) open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(texts).not.toMatch(/[<>"']/);
  return names;
}

describe('a page of hostile names', () => {
  const known = namesIn(
    pageOf({
      outcome: TYPICAL,
      explanations: fc.sample(explanationArbitrary({ word: fc.constant('x'), most: 9 }), {
        numRuns: 200,
        seed: 1,
      }),
      flows: fc.sample(anyFlow, { numRuns: 50, seed: 1 }),
    }),
  );

  it('has no tag that is not its own, and every tag in its place', () => {
    expect([...known].filter((name) => /^(script|img|@on.*)$/.test(name))).toEqual(['script']);
    fc.assert(
      fc.property(parts, (each) => {
        const tags = [...namesIn(pageOf(each))].filter((name) => !name.startsWith('@'));
        expect(tags.filter((name) => !known.has(name))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('holds no character that steers', () => {
    const unsafe =
      // eslint-disable-next-line no-control-regex -- control characters are what it looks for
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
    fc.assert(
      fc.property(parts, (each) => {
        expect(pageOf(each).replace(ASSETS.script, '').replace(ASSETS.style, '')).not.toMatch(
          unsafe,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('ends no data block early', () => {
    fc.assert(
      fc.property(parts, (each) => {
        const blocks = [
          ...pageOf(each).matchAll(/<script type="application\/json"[^>]*>([^]*?)<\/script>/g),
        ];
        for (const [, json] of blocks) expect(() => JSON.parse(json!) as unknown).not.toThrow();
        expect(blocks).toHaveLength(each.outcome.totals.packets === 0 ? 0 : 1);
      }),
      { numRuns: 40 },
    );
  });
});

it('lets run only what is in it, and fetch nothing', () => {
  const page = pageOf({ outcome: TYPICAL });
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
  const hashOf = (tag: string): string => {
    const text = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)![1]!;
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  expect(policy.split('; ').sort()).toEqual([
    "base-uri 'none'",
    "default-src 'none'",
    "form-action 'none'",
    `script-src ${hashOf('script')}`,
    `style-src ${hashOf('style')}`,
  ]);
  // Whatever could end the element before its end.
  expect(ASSETS.script).not.toMatch(/<\/script|<!--/i);
  expect(ASSETS.style).not.toMatch(/<\/style|url\(|@import/i);
});

it('says when it covers a part only', () => {
  expect(pageOf({ outcome: TYPICAL })).not.toContain('Partial report.');
  expect(pageOf({ outcome: PARTIAL })).toContain('Partial report.');
  expect(pageOf({ outcome: { ...TYPICAL, interrupted: true } })).toContain('was interrupted');
});

it('tells of a capture without packets', () => {
  expect(pageOf({ outcome: EMPTY })).toContain('<h1>No packets were read</h1>');
});
