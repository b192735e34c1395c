// What the page's table finds is held against the flows that it was made of.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/model/address.js';
import type { Flow } from '../../src/model/flow.js';
import { protocolName } from '../../src/model/protocol.js';
import { type Kind, KINDS, SORTS, createSearch } from '../../src/page/flow-search.js';
import { flowColumns } from '../../src/report/html/flow-columns.js';
import { anyFlow } from '../report/html/flow-sample.js';

const NAMES = {
  interfaceName: new Map([['eni-a', 'web <server>']]),
  rule: new Map([['sgr-1', { groupId: 'sg-web', text: 'tcp/443 from 0.0.0.0/0' }]]),
};
const flowsOf = fc.array(anyFlow, { minLength: 1, maxLength: 40 });
const ALL = { words: '', kind: 'all', sort: 'time', descending: false } as const;

const isOf: Readonly<Record<Kind, (flow: Flow) => boolean>> = {
  all: () => true,
  dropped: ({ byVerdict }) => byVerdict.drop.packets > 0,
  allowed: ({ byVerdict }) => byVerdict.allow.packets > 0,
  other: ({ byVerdict }) => byVerdict.drop.packets + byVerdict.allow.packets === 0,
};

it.each(KINDS)('finds the flows of a kind: %s', (kind) => {
  fc.assert(
    fc.property(flowsOf, (flows) => {
      const found = [...createSearch(flowColumns(flows, NAMES))({ ...ALL, kind })];
      const wanted = [...flows.keys()].filter((i) => isOf[kind](flows[i]!));
      expect(found.toSorted((a, b) => a - b)).toEqual(wanted);
    }),
  );
});

it('finds flows by every word of theirs, in any case', () => {
  fc.assert(
    fc.property(flowsOf, fc.nat(), (flows, any) => {
      const search = createSearch(flowColumns(flows, NAMES));
      const i = any % flows.length;
      const { source, destination, at, code, protocol } = flows[i]!;
      const words = [source, destination].map(formatAddress).concat(code, protocolName(protocol));
      for (const { eni, rule } of at) words.push(eni, ...(rule === undefined ? [] : [rule]));
      if (at.some(({ eni }) => eni === 'eni-a')) words.push('<SERVER>');
      if (at.some(({ rule }) => rule === 'sgr-1')) words.push('SG-Web');
      expect(search({ ...ALL, words: words.join('  ') })).toContain(i);
      expect(search({ ...ALL, words: `${words.join(' ')} nothing-has-this` })).toHaveLength(0);
    }),
  );
});

describe('sorts by', () => {
  const numbers = {
    packets: ({ original, reply }: Flow) => original.packets + reply.packets,
    dropped: ({ byVerdict }: Flow) => byVerdict.drop.packets,
    bytes: ({ original, reply }: Flow) => original.bytes + reply.bytes,
    time: ({ firstTimeNs }: Flow) => Number(firstTimeNs),
  };
  it.each(['packets', 'dropped', 'bytes', 'time'] as const)('%s, both ways', (sort) => {
    fc.assert(
      fc.property(flowsOf, (flows) => {
        const search = createSearch(flowColumns(flows, NAMES));
        const values = (descending: boolean): number[] =>
          [...search({ ...ALL, sort, descending })].map((i) => numbers[sort](flows[i]!));
        const ascending = flows.map(numbers[sort]).sort((a, b) => a - b);
        expect(values(false)).toEqual(ascending);
        expect(values(true)).toEqual(ascending.toReversed());
      }),
    );
  });

  it('ends: IPv4 first, then by value, then by port', () => {
    fc.assert(
      fc.property(flowsOf, (flows) => {
        const search = createSearch(flowColumns(flows, NAMES));
        const keys = [...search({ ...ALL, sort: 'from' })].map((i) => {
          const { source, sourcePort, icmp } = flows[i]!;
          const port = sourcePort ?? icmp?.id ?? -1;
          return ((BigInt(source.family) << 128n) + source.value) * 70_000n + BigInt(port + 1);
        });
        expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
      }),
    );
  });

  it.each(SORTS)('%s without losing any', (sort) => {
    fc.assert(
      fc.property(flowsOf, (flows) => {
        const found = createSearch(flowColumns(flows, NAMES))({ ...ALL, sort });
        expect([...found].sort((a, b) => a - b)).toEqual([...flows.keys()]);
      }),
    );
  });
});
