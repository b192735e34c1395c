import { expect } from 'vitest';
import { createReference } from '../../src/explain/reference.js';
import type { Packet } from '../../src/model/packet.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { FrameVerdict } from '../../src/model/verdict.js';
import type { NetworkInterface, VpcDescription } from '../../src/model/vpc.js';
import { resolvePolicy } from '../../src/policy/resolve.js';
import { describeVpc, eni, group, prefixes } from '../policy/describe-vpc.js';

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

/**
 * `eni-a` with 10.0.1.20 and `eni-b` with 10.0.1.30 in subnet 10.0.1.0/24 of VPC 10.0.0.0/16. Rules allow
 * everything, by peers that leave it tracked. `more` is about `eni-a`.
 */
export function subnetWorld(more: Partial<NetworkInterface> = {}): VpcDescription {
  const open = ['0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1'];
  return describeVpc({
    vpcs: [{ id: 'vpc-1', prefixes: prefixes('10.0.0.0/16', '2001:db8::/56'), place: '' }],
    subnets: [
      {
        id: 'subnet-1',
        vpcId: 'vpc-1',
        prefixes: prefixes('10.0.1.0/24', '2001:db8::/64'),
        place: '',
      },
    ],
    groups: [
      group(
        'sg-a',
        open.flatMap((peer) => [`in all ${peer}`, `out all ${peer}`]),
      ),
    ],
    interfaces: [
      eni('eni-a', ['10.0.1.20', '2001:db8::20'], ['sg-a'], {
        subnetId: 'subnet-1',
        mac: '02000000000a',
        ...more,
      }),
      eni('eni-b', ['10.0.1.30'], ['sg-a'], { subnetId: 'subnet-1', mac: '02000000000b' }),
    ],
  });
}

/** The answer of a fresh reference to a lone packet. */
export function judgeOne(vpc: VpcDescription, packet: Packet): FrameVerdict {
  return createReference(resolvePolicy(vpc), DEFAULT_TRACKING).judge(packet);
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
