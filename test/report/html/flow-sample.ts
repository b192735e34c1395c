import fc from 'fast-check';
import type { Address } from '../../../src/model/address.js';
import type { Flow } from '../../../src/model/flow.js';
import type { Tally } from '../../../src/model/tally.js';
import { VERDICT_CODES, type InterfaceVerdict } from '../../../src/model/verdict.js';

const address: fc.Arbitrary<Address> = fc.oneof(
  fc.record({
    family: fc.constant(4 as const),
    value: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
  }),
  fc.record({
    family: fc.constant(6 as const),
    value: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  }),
);
const code = fc.constantFrom(...VERDICT_CODES);
const answer: fc.Arbitrary<InterfaceVerdict> = fc
  .record({
    eni: fc.constantFrom('eni-a', 'eni-b', 'eni-c'),
    direction: fc.constantFrom('ingress' as const, 'egress' as const),
    of: code,
    rule: fc.option(fc.constantFrom('sgr-1', 'sgr-2')),
  })
  .map(({ eni, direction, of, rule }) => ({
    ...{ eni, direction, verdict: of.verdict, code: of.name },
    ...(rule === null ? {} : { rule }),
  }));
const transport = fc.oneof(
  fc.record({
    protocol: fc.constantFrom(6, 17),
    sourcePort: fc.nat(0xffff),
    destinationPort: fc.nat(0xffff),
  }),
  fc.record({
    protocol: fc.constantFrom(1, 58),
    icmp: fc.record({ type: fc.nat(255), code: fc.nat(255), id: fc.nat(0xffff) }),
  }),
  fc.record({ protocol: fc.nat(255) }),
);

/** A flow of any kind; its packets are few. */
export const anyFlow: fc.Arbitrary<Flow> = fc
  .record({
    transport,
    source: address,
    destination: address,
    counted: fc.boolean(),
    firstFrame: fc.integer({ min: 1, max: 1_000_000 }),
    at: fc.array(answer, { maxLength: 2 }),
    of: code,
    firstTimeNs: fc.bigInt({ min: 0n, max: 10n ** 15n }),
    lasted: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    packets: fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9)),
    replies: fc.nat(100),
    tcpFlags: fc.nat(255),
  })
  .map(({ transport: ports, of, firstTimeNs, lasted, packets, replies, ...same }): Flow => {
    const tally = (count: number): Tally => ({ packets: count, bytes: count * 100 });
    const sum = packets.reduce((a, b) => a + b, 0);
    const back = sum === 0 ? 0 : replies % (sum + 1);
    return {
      ...same,
      ...ports,
      ...{ verdict: of.verdict, code: of.name },
      ...{ firstTimeNs, lastTimeNs: firstTimeNs + lasted },
      ...{ original: tally(sum - back), reply: tally(back) },
      byVerdict: {
        allow: tally(packets[0]),
        drop: tally(packets[1]),
        'not-filtered': tally(packets[2]),
        'not-judged': tally(packets[3]),
      },
    };
  });
