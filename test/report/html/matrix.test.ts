import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Endpoint } from '../../../src/model/endpoint.js';
import type { Flow } from '../../../src/model/flow.js';
import { matrixOf, sumCells } from '../../../src/report/html/matrix.js';
import { createPairs } from '../../../src/report/html/pairs.js';
import { anyFlow } from './flow-sample.js';

/** Ids that are also names of groups, or hold what parts keys. */
const IDS = [
  'vpc',
  'internet',
  'others',
  'eni 1',
  'eni\n2',
  '"',
  'a',
  'b',
  'c',
  'd',
  'e',
  'f',
  'g',
  'h',
];
const endpoint: fc.Arbitrary<Endpoint> = fc.oneof(
  fc.constantFrom(...IDS).map((eni): Endpoint => ({ kind: 'interface', eni })),
  fc.constantFrom('vpc', 'private', 'special', 'internet').map((kind): Endpoint => ({ kind })),
);
const ended = fc.record({ flow: anyFlow, from: endpoint, to: endpoint });

it('has every allowed and dropped packet in one cell', () => {
  fc.assert(
    fc.property(fc.array(ended, { maxLength: 80 }), (all) => {
      const ends = new Map<Flow, readonly [Endpoint, Endpoint]>(
        all.map(({ flow, from, to }) => [flow, [from, to]]),
      );
      const pairs = createPairs((flow) => ends.get(flow)!);
      for (const { flow } of all) pairs.add(flow);
      const { cells, sum, from, to } = matrixOf(pairs.pairs());
      const packets = (verdict: 'allow' | 'drop'): number =>
        all.reduce((known, { flow }) => known + flow.byVerdict[verdict].packets, 0);
      expect(sum).toMatchObject({ allowed: packets('allow'), dropped: packets('drop') });
      expect(sumCells(cells.flat())).toEqual(sum);
      expect(cells).toHaveLength(from.length);
      for (const row of cells) expect(row).toHaveLength(to.length);
    }),
  );
});

it('names the busiest interfaces, and puts the others together', () => {
  const flows = fc.sample(anyFlow, { numRuns: 14, seed: 1 }).map((flow, i): Flow => {
    const allow = { packets: i + 1, bytes: 60 };
    const none = { packets: 0, bytes: 0 };
    return { ...flow, byVerdict: { allow, drop: none, 'not-filtered': none, 'not-judged': none } };
  });
  const pairs = createPairs((flow) => [
    { kind: 'interface', eni: `eni-${flows.indexOf(flow)}`, name: 'web' },
    { kind: 'internet' },
  ]);
  for (const flow of flows) pairs.add(flow);
  const { from, to, cells, together } = matrixOf(pairs.pairs());
  expect(from.map(({ label, detail }) => `${label} ${detail}`)).toEqual([
    ...Array.from({ length: 12 }, (_, i) => `web eni-${13 - i}`),
    'other interfaces ',
  ]);
  expect(to.map(({ label }) => label)).toEqual(['internet']);
  expect(cells.at(-1)!.map(({ allowed }) => allowed)).toEqual([1 + 2]);
  expect(together).toBe(2);
});

it('finds a pair again that it has seen, and no other', () => {
  const [one, other] = fc.sample(anyFlow, { numRuns: 2, seed: 2 }) as [Flow, Flow];
  const pairs = createPairs((flow) => [
    { kind: 'interface', eni: 'vpc' },
    flow === one ? { kind: 'interface', eni: 'internet' } : { kind: 'internet' },
  ]);
  for (const flow of [one, other, one]) pairs.add(flow);
  expect(pairs.pairs().list.map(({ packets }) => packets.allow)).toEqual([
    2 * one.byVerdict.allow.packets,
    other.byVerdict.allow.packets,
  ]);
});
