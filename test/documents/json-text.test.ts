import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorsOf } from './loading.js';

const MEND = 'mend the JSON here or just before';
const CUT = 'fetch it again, it is cut short';

test.each([
  ['{\n  "a": 1,\n}', '3:1', 'expected a key in double quotes, found "}"', MEND],
  ['{"a" 1}', '1:6', 'expected ":", found "1"', MEND],
  ['[1 2]', '1:4', 'expected "," or "]", found "2"', MEND],
  ['{"a": 1', '1:8', 'expected "," or "}", found the end', CUT],
  ['[1,]', '1:4', 'expected a value, found "]"', MEND],
  ['{} x', '1:4', 'expected nothing more, found "x"', MEND],
  ['{"a": "b\n"}', '1:9', 'expected the closing quote before the line ends, found "\\n"', MEND],
  ['["\\x"]', '1:3', 'expected a JSON escape, found "\\\\"', MEND],
  ['["abc', '1:6', 'expected the closing quote of a string, found the end', CUT],
  ["{'a': 1}", '1:2', 'expected a key in double quotes or "}", found "\'"', MEND],
  ['[01]', '1:3', 'expected "," or "]", found "1"', MEND],
  ['nul', '1:1', 'expected a value, found "n"', MEND],
])('RFC 8259: %j', (text, position, fact, fix) => {
  expect(errorsOf([{ name: 'a.json', text }])).toEqual([
    `error[json-syntax] a.json:${position}: ${fact}; ${fix}`,
  ]);
});

test('the fault finder agrees with the engine on what is JSON', () => {
  const damaged = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', ',', '}', ']', ':', '0'));
  fc.assert(
    fc.property(damaged, ([text, at, put]) => {
      const position = at % text.length;
      const broken = text.slice(0, position) + put + text.slice(position + 1);
      const lines = errorsOf([{ name: 'a.json', text: broken }]);
      let valid = true;
      try {
        JSON.parse(broken);
      } catch {
        valid = false;
      }
      const blank = broken.trim() === '';
      expect(lines[0]?.startsWith('error[json-syntax]') ?? false).toBe(!valid && !blank);
    }),
  );
});

test('a byte order mark is tolerated', () => {
  expect(errorsOf([{ name: 'a.json', text: '\uFEFF{"Vpcs": []}' }])).toEqual([]);
});
