import fc from 'fast-check';
import type { DropGroup, Outcome } from '../../src/model/outcome.js';
import type { FlowTally } from '../../src/model/tally.js';
import { VERDICT_CODES, verdictOf } from '../../src/model/verdict.js';
import type { Verdict } from '../../src/model/verdict.js';

export interface Bounds {
  /** Names, ids, texts: everything that a document or a capture says. */
  readonly word: fc.Arbitrary<string>;
  /** Largest number of packets, bytes or flows of one code. */
  readonly most: number;
}

/** Identifiers as AWS writes them. */
export const PLAIN_WORD = fc.constantFrom(
  'eni-0123456789abcdef0',
  'sg-0aaaabbbbccccdddd',
  'sgr-00000000000000001',
  'web:ingress:1',
  '203.0.113.9',
  '2001:db8:1111:2222:3333:4444:5555:6666',
);

/** Escape sequences, line breaks, bidirectional controls, wide and combining characters, overlong words. */
export const HOSTILE_WORD = fc
  .array(
    fc.oneof(
      PLAIN_WORD,
      fc.constantFrom(
        '\u001b[31m',
        '\u001b]0;title\u0007',
        '\u009b2J',
        '\r\n',
        '\t',
        '\u0000',
        '\u202e',
        '\u2028',
        '日本語',
        '🙂',
        'e\u0301',
        ' ',
        '  ',
        '"\\',
        'x'.repeat(90),
        '語'.repeat(60),
      ),
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(''));

/** Outcomes whose numbers close: codes add up to verdicts, verdicts to totals. Other lists are independent. */
export function outcomeArbitrary({ word, most }: Bounds): fc.Arbitrary<Outcome> {
  const number = fc.oneof(
    fc.nat(3),
    fc.maxSafeNat().map((value) => value % (most + 1)),
  );
  const tally = fc.record({ packets: number, bytes: number });
  const flowTally = fc.record({ packets: number, bytes: number, flows: number });
  const direction = fc.constantFrom('ingress' as const, 'egress' as const);
  const time = fc.bigInt({ min: -(10n ** 10n), max: 2n ** 64n });
  const frame = fc.integer({ min: 1, max: 0xffff_ffff });
  const port = fc.nat(0xffff);

  const byCode = fc
    .subarray(VERDICT_CODES.map(({ name }) => name))
    .chain((codes) => fc.tuple(...codes.map((code) => flowTally.map((sum) => ({ code, ...sum })))));
  const capture = fc
    .record(
      {
        name: word,
        format: word,
        linkType: word,
        times: fc.tuple(time, time),
        disordered: number,
        overlong: number,
        untimed: number,
        stopped: fc.record({ frame, fact: word }),
      },
      { requiredKeys: ['name', 'format', 'linkType', 'disordered', 'overlong', 'untimed'] },
    )
    .chain(({ times, ...rest }) =>
      tally.map((sum) => ({
        ...rest,
        ...sum,
        ...(times === undefined ? {} : { firstTimeNs: min(times), lastTimeNs: max(times) }),
      })),
    );
  const interfaceTally = fc.record(
    {
      eni: word,
      name: word,
      direction,
      allowed: tally,
      dropped: tally,
      notFiltered: tally,
      notJudged: tally,
    },
    {
      requiredKeys: ['eni', 'direction', 'allowed', 'dropped', 'notFiltered', 'notJudged'],
    },
  );
  const ruleTally = fc
    .record({ rule: word, groupId: word, direction, text: word })
    .chain((rule) => flowTally.map((sum) => ({ ...rule, ...sum })));
  const ports = fc.oneof(
    fc.constant({ from: 0, to: 0xffff }),
    fc.tuple(port, port).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
  );
  const dropGroup = fc
    .record(
      {
        code: fc.constantFrom('no-rule' as const, 'source-dest-check' as const),
        eni: word,
        direction,
        protocol: fc.oneof(fc.constantFrom(1, 6, 17, 58), fc.nat(255)),
        ports,
        times: fc.tuple(time, time),
        example: fc.record(
          { frame, source: word, destination: word, sourcePort: port, destinationPort: port },
          { requiredKeys: ['frame', 'source', 'destination'] },
        ),
      },
      { requiredKeys: ['code', 'eni', 'direction', 'protocol', 'times', 'example'] },
    )
    .chain(({ times, ...rest }) =>
      flowTally.map((sum): DropGroup => ({
        ...rest,
        ...sum,
        firstTimeNs: min(times),
        lastTimeNs: max(times),
      })),
    );
  const warning = fc.record(
    { severity: fc.constant('warning' as const), code: word, place: word, fact: word, fix: word },
    { requiredKeys: ['severity', 'code', 'place', 'fact'] },
  );
  const reading = fc.record(
    {
      leftOut: number,
      peeled: number,
      linkTypes: fc.array(
        fc
          .record({ linkType: word, read: fc.boolean() })
          .chain((link) => tally.map((sum) => ({ ...link, ...sum }))),
        { maxLength: 3 },
      ),
      wrongChecksums: fc.record({ ip: number, transport: number }),
    },
    { requiredKeys: ['leftOut', 'peeled', 'linkTypes'] },
  );
  const lists = fc.record({
    byCode,
    reading,
    captures: fc.array(capture, { maxLength: 4 }),
    byInterface: fc.array(interfaceTally, { maxLength: 5 }),
    byRule: fc.array(ruleTally, { maxLength: 5 }),
    droppedFlows: fc.array(dropGroup, { maxLength: 5 }),
    otherDroppedFlows: fc.oneof(
      fc.constant({ count: 0, packets: 0, bytes: 0, flows: 0 }),
      flowTally.map((sums) => ({ count: 3, ...sums })),
    ),
    phases: fc.array(
      fc.record(
        {
          fromNs: time,
          events: fc.array(word, { maxLength: 2 }),
          byVerdict: fc.record({
            allow: flowTally,
            drop: flowTally,
            'not-filtered': flowTally,
            'not-judged': flowTally,
          }),
        },
        { requiredKeys: ['events', 'byVerdict'] },
      ),
      { maxLength: 3 },
    ),
    assumptions: fc.array(fc.record({ rule: word, text: word }), { maxLength: 3 }),
    warnings: fc.array(warning, { maxLength: 4 }),
  });

  return lists.map((found) => {
    const of = (verdict: Verdict) =>
      sum(found.byCode.filter(({ code }) => verdictOf(code) === verdict));
    return {
      ...found,
      totals: sum(found.byCode),
      byVerdict: {
        allow: of('allow'),
        drop: of('drop'),
        'not-filtered': of('not-filtered'),
        'not-judged': of('not-judged'),
      },
    };
  });
}

const min = ([a, b]: readonly [bigint, bigint]): bigint => (a < b ? a : b);
const max = ([a, b]: readonly [bigint, bigint]): bigint => (a < b ? b : a);

function sum(tallies: readonly FlowTally[]): FlowTally {
  const total = { packets: 0, bytes: 0, flows: 0 };
  for (const { packets, bytes, flows } of tallies) {
    total.packets += packets;
    total.bytes += bytes;
    total.flows += flows;
  }
  return total;
}
