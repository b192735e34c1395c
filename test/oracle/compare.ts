import { encodePcap } from '../../src/generate/pcap.js';
import type { TrackingOptions } from '../../src/model/tracking.js';
import type { FrameVerdict, InterfaceVerdict } from '../../src/model/verdict.js';
import type { VpcDescription } from '../../src/model/vpc.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { replay } from '../../src/replay/replay.js';
import { createCaptureReading } from '../capture/read-capture.js';
import type { DecodedIp } from '../engine/rows.js';
import { inMemory } from '../replay/in-memory.js';
import { createAccount } from './account.js';
import { specOf } from './interface-spec.js';
import { type NetfilterOptions, askNetfilter } from './netfilter.js';
import type { Traffic } from './traffic.js';

/** What came of a comparison, in packets at interfaces. */
export interface Comparison {
  readonly compared: number;
  readonly agreed: { readonly pass: number; readonly drop: number };
  /** Not compared, by the rule of the specification, or the fact, that is the reason. */
  readonly setAside: ReadonlyMap<string, number>;
  /** What no rule explains, in words. */
  readonly differences: readonly string[];
}

/**
 * Judges a capture as a replay does and lets Linux judge it at each interface: what our egress drops at the sender never
 * reaches the receiver's judge, so both see the same packets until the first difference, which is told.
 */
export async function compare(
  description: VpcDescription,
  { frames, linkType }: Traffic,
  tracking: TrackingOptions,
  options: NetfilterOptions = {},
): Promise<Comparison> {
  const capture = encodePcap(frames, { nanoseconds: true, linkType });
  const timeline = resolveTimeline(description);
  const verdicts = await judge(capture, () => timeline, tracking);
  const { rows } = await createCaptureReading(1 << 20)(capture);
  const agreed = { pass: 0, drop: 0 };
  const setAside = new Map<string, number>();
  const differences: string[] = [];
  for (const resolved of timeline.phases[0]!.policy.interfaces) {
    const here = verdicts.flatMap(({ frame, at }) =>
      at.flatMap((answer) =>
        answer.eni === resolved.eni.id && SAID_BY_GROUPS.test(answer.code)
          ? [{ frame, answer, ip: rows[frame - 1]!.ip! }]
          : [],
      ),
    );
    if (here.length === 0) continue;
    const theirs = askNetfilter(
      specOf(timeline.phases[0]!.policy, resolved),
      encodePcap(here.map(({ frame }) => frames[frame - 1]!), { nanoseconds: true, linkType }), // prettier-ignore
      options,
    );
    const account = createAccount(options.clock === true ? resolved.idleSeconds : undefined);
    here.forEach(({ frame, answer, ip }, i) => {
      const opinion = theirs[i]!;
      const excuse = account(frames[frame - 1]!.timeNs, ip, answer, opinion);
      const same = opinion.verdict === (answer.verdict === 'allow' ? 'pass' : 'drop');
      if (excuse !== undefined) setAside.set(excuse, (setAside.get(excuse) ?? 0) + 1);
      else if (same) agreed[opinion.verdict === 'pass' ? 'pass' : 'drop']++;
      else differences.push(describe(frame, ip, answer, `${opinion.verdict}/${opinion.why}`));
    });
  }
  const compared = agreed.pass + agreed.drop + differences.length;
  return { compared, agreed, setAside, differences };
}

/** The rest is what a VPC does whatever its security groups say (section 4). */
const SAID_BY_GROUPS =
  /^(rule|tracked|related|untracked|inferred|no-rule|no-state|not-opened|allowance-exceeded)$/u;

async function judge(
  capture: Uint8Array,
  timeline: Parameters<typeof replay>[0],
  tracking: TrackingOptions,
): Promise<FrameVerdict[]> {
  const verdicts: FrameVerdict[] = [];
  const onVerdicts = (batch: Iterable<FrameVerdict>): void => void verdicts.push(...batch);
  await replay(timeline, [inMemory(capture)], { tracking, workers: 1, onVerdicts });
  return verdicts;
}

function describe(frame: number, ip: DecodedIp, ours: InterfaceVerdict, theirs: string): string {
  const { source, destination, protocol, transport, fragment, quote } = ip;
  const end = (value: bigint, port?: number): string => `${value.toString(16)}.${port ?? '-'}`;
  const packet = [
    `proto ${protocol}`,
    `${end(source.value, transport?.sourcePort)} > ${end(destination.value, transport?.destinationPort)}`,
    transport === undefined ? '' : `flags ${transport.tcpFlags.toString(16)}`,
    fragment === undefined ? '' : `fragment ${fragment.id}+${fragment.offset}`,
    quote === undefined ? '' : 'quoting',
  ];
  return `frame ${frame} ${ours.eni} ${ours.direction} ${packet.join(' ')}: we ${ours.code}, linux ${theirs}`;
}
