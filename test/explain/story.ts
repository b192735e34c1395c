import { expect } from 'vitest';
import { createReference } from '../../src/explain/reference.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import type { NetworkInterface, VpcDescription } from '../../src/model/vpc.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { describeVpc, eni, group } from '../policy/describe-vpc.js';

/** A packet and the answer it must get: verdict, code and, where one is named, the rule. */
export type Line = readonly [packet: Packet, answer: string];

/** One interface, `eni-web` with 10.0.1.20 and 2001:db8::20, whose group `sg-web` has the rules. */
export function host(
  rules: readonly string[],
  more: Partial<NetworkInterface> = {},
): VpcDescription {
  return describeVpc({
    groups: [group('sg-web', rules)],
    interfaces: [eni('eni-web', ['10.0.1.20', '2001:db8::20'], ['sg-web'], more)],
  });
}

/** Tells the packets to a fresh reference and compares its answers. */
export function check(
  vpc: VpcDescription,
  lines: readonly Line[],
  options: Partial<TrackingOptions> = {},
): void {
  const reference = createReference(resolvePolicy(vpc), { ...DEFAULT_TRACKING, ...options });
  const answers = lines.map(([packet]) => answerText(reference.judge(packet)));
  expect(answers).toEqual(lines.map(([, answer]) => answer));
}

/** `allow rule sg-web:1`: the frame's verdict and code, and the rule at the last interface that was asked. */
export function answerText({ verdict, code, at }: FrameVerdict): string {
  return [verdict, code, at.at(-1)?.rule].filter((word) => word !== undefined).join(' ');
}

/** `eni-a egress allow rule sg-a:1`: what each interface said, in order. */
export function interfaceTexts({ at }: FrameVerdict): string[] {
  return at.map(({ eni, direction, verdict, code, rule }) =>
    [eni, direction, verdict, code, rule].filter((word) => word !== undefined).join(' '),
  );
}
