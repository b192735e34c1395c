// Expectations of random worlds: those who are judged together are those whom a fresh reference judges alike, one by one.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseFlowQuestion } from '../../src/documents/flow-question.js';
import { planTest } from '../../src/explain/expectations.js';
import { findMembers } from '../../src/explain/question-ends.js';
import { packetBetween } from '../../src/explain/question-packets.js';
import { createReference } from '../../src/explain/reference.js';
import type { Address } from '../../src/model/address.js';
import type { ExpectedFlow } from '../../src/model/expectation.js';
import type { FlowEnd } from '../../src/model/flow-question.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { tracking, world } from './world.js';

const ENDS = ['any', 'internet', 'sg-0', 'sg-1', 'sg-2', 'eni-0', '10.0.2.30', '203.0.113.7'];
const FLOWS = ['tcp:80', 'tcp:22', 'udp:443', 'icmp', 'icmpv6', 'proto 50'];

/** Every address of everybody at an end; of delegated prefixes, which rules here take whole, the first. */
function addressesAt(
  end: FlowEnd,
  description: VpcDescription,
): { address: Address; who: string }[] {
  const { members } = findMembers(end, { text: '' }, description);
  return members.flatMap(({ eni, label, address }) => {
    const found = description.interfaces.find(({ id }) => id === eni);
    const firsts = found?.delegated.map(({ family, value }): Address => ({ family, value })) ?? [];
    const own = found && [...found.addresses, ...firsts];
    return (own ?? Object.values<Address>(address)).map((each) => ({
      address: each,
      who: eni ?? label,
    }));
  });
}

it('a flow is expected of all, each judged alone', { timeout: 120_000 }, () => {
  const seen = { holds: 0, fails: 0, nothing: 0 };
  fc.assert(
    fc.property(
      ...[world, tracking, fc.constantFrom(...FLOWS), fc.constantFrom(...ENDS)],
      ...[fc.constantFrom(...ENDS), fc.constantFrom('pass' as const, 'drop' as const)],
      (description, options, flow, from, to, expected) => {
        if (description.interfaces.every(({ id }) => id !== 'eni-0')) return;
        const [what, port] = flow.split(':');
        const text = `${what!} ${from} > ${to}${port === undefined ? '' : `:${port}`}`;
        const question = parseFlowQuestion(text);
        const place = { file: 'e', line: 1, column: 1, text: 'e' };
        const expectation: ExpectedFlow = { kind: 'flow', expected, question, text, place };
        const timeline = resolveTimeline(description);
        const explained = { timeline, tracking: options, sourceOf: () => undefined };
        const { test, faults } = planTest(explained, [expectation]);
        expect(faults).toEqual([]);
        const [result] = test.results([]);
        seen[result!.status]++;

        const wanted = expected === 'drop' ? ['drop'] : ['allow', 'not-filtered'];
        const icmp = { icmp: 4, icmpv6: 6 }[what!];
        let [asked, wrong] = [false, false];
        for (const one of addressesAt(question.source, description)) {
          for (const other of addressesAt(question.destination, description)) {
            const { family } = one.address;
            if (family !== other.address.family || (icmp ?? family) !== family) continue;
            const groups = [from, to].some((end) => /^(sg-|any)/.test(end));
            if (groups && one.who === other.who) continue;
            const packet = packetBetween(question, one.address, other.address);
            const { policy } = timeline.phases[0]!;
            const { verdict, code } = createReference(policy, options).judge(packet);
            if (groups && (code === 'local' || code === 'no-interface')) continue;
            asked = true;
            if (!wanted.includes(verdict)) wrong = true;
          }
        }
        expect(result!.status).toBe(asked ? (wrong ? 'fails' : 'holds') : 'nothing');
        expect(result!.failure === undefined).toBe(result!.status !== 'fails');
      },
    ),
    { numRuns: Number(process.env.WORLDS ?? 400) },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
});
