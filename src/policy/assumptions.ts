import type { Assumption } from '../model/outcome.js';
import { EARLY_FRAGMENT_FRAMES, type TrackingOptions } from '../model/tracking.js';
import type { Timeline } from './timeline.js';

/** A modelling choice that is the same for all that is judged, in the words of the options. */
export function assumption(name: AssumptionName, tracking: TrackingOptions): Assumption {
  const { rule, text } = CHOICES[name];
  return { rule, text: typeof text === 'string' ? text : text(tracking) };
}

/** The modelling choices that a replay rests on where AWS is silent. */
export function assumptionsOf(
  { phases, rules }: Timeline,
  tracking: TrackingOptions,
): Assumption[] {
  const { policy } = phases[0]!;
  const names: AssumptionName[] = ['own-connections', 'any-peer', 'udp-stream', 'tcp-timers'];
  names.push('midstream');
  if (tracking.midstream === 'history') names.push('history');
  names.push('icmp-queries', 'icmp-errors', 'fragments', 'denied-openings', 'exempt');
  if (rules.some(({ peer }) => peer.kind === 'group')) names.push('group-members');
  if (phases.length > 1) names.push('changes-at-once', 'let-go');
  if (policy.paths.length > 0) names.push('paths');
  if (tracking.maxTracked !== undefined) names.push('allowance');
  const assumptions = names.map((name) => assumption(name, tracking));
  const established = policy.interfaces.filter(
    ({ eni }) => eni.idleSeconds.tcpEstablished === undefined,
  ).length;
  if (established > 0) {
    const text = `${established} of ${policy.interfaces.length} interfaces set no tcp idle limit: ${DEFAULT_LIMIT}`;
    assumptions.push({ rule: 'CT-22', text });
  }
  const bare = policy.interfaces.filter(({ subnetPrefixes }) => subnetPrefixes.length === 0).length;
  if (bare > 0) {
    const text = `${bare} of ${policy.interfaces.length} interfaces have no subnet loaded: their router is not known`;
    assumptions.push({ rule: 'NF-1', text });
  }
  return assumptions;
}

/** What is taken for the idle limit of TCP where no document tells it (CT-22). */
export const DEFAULT_LIMIT = '432000 s (350 s on nitro v6)';

export type AssumptionName =
  | 'own-connections'
  | 'any-peer'
  | 'udp-stream'
  | 'tcp-timers'
  | 'midstream'
  | 'history'
  | 'icmp-queries'
  | 'icmp-errors'
  | 'fragments'
  | 'denied-openings'
  | 'exempt'
  | 'group-members'
  | 'changes-at-once'
  | 'let-go'
  | 'paths'
  | 'allowance';

interface Choice {
  readonly rule: string;
  readonly text: string | ((tracking: TrackingOptions) => string);
}

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

const CHOICES: Readonly<Record<AssumptionName, Choice>> = {
  'own-connections': {
    rule: 'CT-1',
    text: 'each interface tracks its own connections, also within one instance',
  },
  'any-peer': {
    rule: 'CT-4',
    text: 'only rules whose peer is 0.0.0.0/0 or ::/0 itself leave flows untracked',
  },
  'udp-stream': {
    rule: 'CT-12',
    text: 'udp becomes a stream with the second request that is answered',
  },
  'tcp-timers': { rule: 'CT-13', text: 'tcp timers other than established are those of linux' },
  midstream: { rule: 'CT-14', text: ({ midstream }) => MIDSTREAM[midstream] },
  history: {
    rule: 'CT-14',
    text: ({ historySeconds }) => `an ended connection is remembered for ${historySeconds} s`,
  },
  'icmp-queries': { rule: 'CT-15', text: 'an icmp query and its replies are tracked for 30 s' },
  'icmp-errors': { rule: 'CT-16', text: ({ related }) => RELATED[related] },
  fragments: {
    rule: 'CT-18',
    text: `the verdict of a first fragment covers the later ones, those up to ${EARLY_FRAGMENT_FRAMES} frames before it too`,
  },
  'denied-openings': { rule: 'CT-25', text: ({ denied }) => DENIED[denied] },
  exempt: { rule: 'NF-1', text: ({ exempt }) => EXEMPT[exempt] },
  'group-members': {
    rule: 'SG-10',
    text: 'group references cover delegated prefixes and detached interfaces too',
  },
  'changes-at-once': { rule: 'SG-21', text: 'a change holds at all interfaces at once' },
  'let-go': {
    rule: 'CT-10',
    text: 'a flow that needs tracking no more is let go at its next packet',
  },
  paths: {
    rule: 'CT-7',
    text: ({ autoTracked }) =>
      `flows by way of the paths on AWS's ${autoTracked} list are always tracked`,
  },
  allowance: {
    rule: 'CT-19',
    text: ({ maxTracked }) =>
      `an instance tracks ${maxTracked} connections; past that, flows that need another are dropped`,
  },
};
