import type { Diagnostic } from '../model/diagnostic.js';
import type { ExpectedTraffic, VerdictDifference } from '../model/expected-traffic.js';
import type { Outcome } from '../model/outcome.js';

/** A packet of made-up traffic that was judged otherwise than it must be. */
export function unexpectedVerdict(
  { frame, flow, expected, found }: VerdictDifference,
  run = '',
): Diagnostic {
  const must = expected === 'drop' ? 'dropped' : 'allowed';
  const place = `${run}${run === '' ? '' : ': '}frame ${frame}`;
  return unexpected(place, `${flow} must be ${must}, but is: ${found}`);
}

/** What the sums over made-up traffic differ in first; undefined when they are as they must be. */
export function unexpectedSums(
  found: ExpectedTraffic,
  expected: ExpectedTraffic,
  run = '',
): Diagnostic | undefined {
  const wanted = sumsOf(expected);
  const at = sumsOf(found).findIndex(([, value], i) => value !== wanted[i]![1]);
  if (at < 0) return undefined;
  const [name, value] = sumsOf(found)[at]!;
  return unexpected(run, `there must be ${wanted[at]![1]} ${name}, but there are ${value}`);
}

/** The same sums of a replay. */
export function sumsIn({ totals, byVerdict: { allow, drop } }: Outcome): ExpectedTraffic {
  const { packets, bytes, flows } = totals;
  return {
    ...{ packets, bytes, flows },
    allowed: { packets: allow.packets, flows: allow.flows },
    dropped: { packets: drop.packets, flows: drop.flows },
  };
}

const sumsOf = (traffic: ExpectedTraffic): readonly (readonly [name: string, value: number])[] => [
  ['packets', traffic.packets],
  ['bytes', traffic.bytes],
  ['flows', traffic.flows],
  ['allowed packets', traffic.allowed.packets],
  ['allowed flows', traffic.allowed.flows],
  ['dropped packets', traffic.dropped.packets],
  ['dropped flows', traffic.dropped.flows],
];

const unexpected = (place: string, fact: string): Diagnostic => ({
  ...{ severity: 'error', code: 'unexpected-verdict', place, fact },
  fix: 'tell the makers of sgsim, with the VPC and the options',
});
