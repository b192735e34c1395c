import { nameOf } from './change-behind.js';
import type { ChangeCause, Parting, Place } from './parting.js';
import type { Opener } from './opener.js';
import { type Tracking, trackingOf } from './reference-rules.js';

/** A flow that one side tracks and the other does not: what is remembered of it is another thing (CT-4 to CT-6, CT-16). */
export function trackingChange(parting: Parting, opener: Opener): ChangeCause | undefined {
  const { changes, allows, drops, eni } = parting;
  const [one, other] = [trackingAt(allows, opener), trackingAt(drops, opener)];
  if (one === undefined || other === undefined || one.tracked === other.tracked) return undefined;
  const loose = one.tracked ? drops : allows;
  const untracked = one.tracked ? other : one;
  if (untracked.tracked) return undefined;
  const rules = [untracked.opener.rule, untracked.wayBack.rule];
  const behind =
    changes.ofRule(loose.side, rules[0]!) ??
    changes.ofRule(loose.side, rules[1]!) ??
    changes.ofSetting(eni, ['groups']) ??
    changes.ofKind(['path']);
  if (behind === undefined) return undefined;
  const names = rules.map((rule) => nameOf(loose, rule)).join(' and ');
  const reason =
    loose.side === 'before'
      ? `its flow is tracked now, which ${names} left untracked`
      : `its flow is tracked no more, which ${names} leave untracked`;
  return { behind, way: 'tracking', reason };
}

function trackingAt({ world, evidence, at }: Place, opener: Opener): Tracking | undefined {
  if (at?.set === undefined) return undefined;
  const { policy } = world.timeline.phases[evidence.phase]!;
  const { autoTracked } = world.tracking;
  return trackingOf(policy, at.set, opener.direction, opener.packet, autoTracked);
}
