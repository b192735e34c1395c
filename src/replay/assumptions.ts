import type { Assumption } from '../model/outcome.js';
import { EARLY_FRAGMENT_FRAMES, type TrackingOptions } from '../model/tracking.js';
import type { Timeline } from '../policy/timeline.js';

const MIDSTREAM: Readonly<Record<TrackingOptions['midstream'], string>> = {
  history:
    'tcp that begins mid-stream passes when a rule allows either direction; after its connection ended it is dropped',
  strict: 'tcp that begins mid-stream is dropped',
  pickup:
    'tcp that begins mid-stream, or goes on after its connection ended, passes when a rule allows either direction',
};

const DENIED: Readonly<Record<TrackingOptions['denied'], string>> = {
  remember: 'packets that answer or follow a denied opening are dropped too',
  forget: 'packets that answer or follow a denied opening are judged on their own',
};

const RELATED: Readonly<Record<TrackingOptions['related'], string>> = {
  all: 'every icmp error about a tracked connection passes',
  pmtud: 'of icmp errors about a tracked connection, those of path MTU discovery pass',
  none: 'icmp errors need a rule, also those about a tracked connection',
};

const EXEMPT: Readonly<Record<TrackingOptions['exempt'], string>> = {
  addresses: 'link-local addresses and the first four of a subnet are not filtered',
  services: "of link-local and subnet addresses, only those of AWS's services are not filtered",
};

/** The modelling choices that a replay rests on where AWS is silent. */
export function assumptionsOf(
  { phases, rules }: Timeline,
  tracking: TrackingOptions,
): Assumption[] {
  const { policy } = phases[0]!;
  const assumptions: Assumption[] = [
    { rule: 'CT-1', text: 'each interface tracks its own connections, also within one instance' },
    {
      rule: 'CT-4',
      text: 'only rules whose peer is 0.0.0.0/0 or ::/0 itself leave flows untracked',
    },
    { rule: 'CT-12', text: 'udp becomes a stream with the second request that is answered' },
    { rule: 'CT-13', text: 'tcp timers other than established are those of linux' },
    { rule: 'CT-14', text: MIDSTREAM[tracking.midstream] },
  ];
  if (tracking.midstream === 'history') {
    assumptions.push({
      rule: 'CT-14',
      text: `an ended connection is remembered for ${tracking.historySeconds} s`,
    });
  }
  assumptions.push(
    { rule: 'CT-15', text: 'an icmp query and its replies are tracked for 30 s' },
    { rule: 'CT-16', text: RELATED[tracking.related] },
    {
      rule: 'CT-18',
      text: `the verdict of a first fragment covers the later ones, those up to ${EARLY_FRAGMENT_FRAMES} frames before it too`,
    },
    { rule: 'CT-25', text: DENIED[tracking.denied] },
    { rule: 'NF-1', text: EXEMPT[tracking.exempt] },
  );
  if (rules.some(({ peer }) => peer.kind === 'group')) {
    const text = 'group references cover delegated prefixes and detached interfaces too';
    assumptions.push({ rule: 'SG-10', text });
  }
  if (phases.length > 1) {
    assumptions.push(
      { rule: 'SG-21', text: 'a change holds at all interfaces at once' },
      { rule: 'CT-10', text: 'a flow that needs tracking no more is let go at its next packet' },
    );
  }
  if (policy.paths.length > 0) {
    const text = `flows by way of the paths on AWS's ${tracking.autoTracked} list are always tracked`;
    assumptions.push({ rule: 'CT-7', text });
  }
  if (tracking.maxTracked !== undefined) {
    const text = `an instance tracks ${tracking.maxTracked} connections; past that, flows that need another are dropped`;
    assumptions.push({ rule: 'CT-19', text });
  }
  const established = policy.interfaces.filter(
    ({ eni }) => eni.idleSeconds.tcpEstablished === undefined,
  ).length;
  if (established > 0) {
    const text = `${established} of ${policy.interfaces.length} interfaces set no tcp idle limit: 432000 s (350 s on nitro v6)`;
    assumptions.push({ rule: 'CT-22', text });
  }
  const bare = policy.interfaces.filter(({ subnetPrefixes }) => subnetPrefixes.length === 0).length;
  if (bare > 0) {
    const text = `${bare} of ${policy.interfaces.length} interfaces have no subnet loaded: their router is not known`;
    assumptions.push({ rule: 'NF-1', text });
  }
  return assumptions;
}
