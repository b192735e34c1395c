import { applyEdit } from '../edits/apply.js';
import { inputError } from '../model/diagnostic.js';
import { type Edit, type TimedEvent, timeOfInstant } from '../model/edit.js';
import type { VpcDescription } from '../model/vpc.js';
import { type Moment, type Timeline, resolveTimeline } from '../policy/timeline.js';

/** More would need more memory for their rule images than a replay has any use for. */
const EVENTS_MAX = 1000;

/**
 * What holds when, if the events happen to the VPC in order of time, those of one time in the order in which they are
 * written. Throws InputError with AWS's code for an edit that AWS would refuse.
 */
export function planTimeline(
  first: VpcDescription,
  events: readonly TimedEvent[],
  firstTimeNs: bigint,
): Timeline {
  if (events.length > EVENTS_MAX) {
    const fact = `${events.length} events are more than the ${EVENTS_MAX} that one replay takes`;
    throw inputError('events', events[EVENTS_MAX]!.place, fact, 'replay a shorter time');
  }
  let rules = 0;
  const nextRuleId = (): string => `sgr-event-${++rules}`;
  let description = first;
  const moments = events
    .map((event) => ({ event, fromNs: timeOfInstant(event.at, firstTimeNs) }))
    .sort((one, other) => compare(one.fromNs, other.fromNs))
    .map(({ event, fromNs }): Moment => {
      for (const edit of event.edits) {
        const applied = applyEdit(description, edit, nextRuleId);
        if ('refusal' in applied) {
          const { code, message } = applied.refusal;
          throw inputError(
            code,
            event.place,
            message,
            'AWS refuses this change: correct the event',
          );
        }
        description = withPlace(applied.description, edit, event.place);
      }
      return { fromNs, text: event.text, description };
    });
  return resolveTimeline(first, moments);
}

/** Groups and rules that an event makes stand where the event does. */
function withPlace(after: VpcDescription, edit: Edit, place: string): VpcDescription {
  if (edit.kind !== 'authorize' && edit.kind !== 'create-group') return after;
  const groups = after.groups.map((group) => {
    if (group.id !== edit.groupId) return group;
    const rules = group.rules.map((rule) => (rule.place === '' ? { ...rule, place } : rule));
    return { ...group, rules, place: group.place === '' ? place : group.place };
  });
  return { ...after, groups };
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
