import type { Rule } from '../model/security-group.js';
import type { VpcDescription } from '../model/vpc.js';
import { type ResolvedPolicy, resolvePolicy } from './resolve.js';

/** A VPC description that holds from a moment on, and what brought it about. */
export interface Moment {
  /** Packet time in nanoseconds. */
  readonly fromNs: bigint;
  readonly text: string;
  readonly description: VpcDescription;
}

export interface Phase {
  readonly fromNs: bigint;
  /** The events that began it, one line each; none in the first phase. */
  readonly events: readonly string[];
  readonly description: VpcDescription;
  readonly policy: ResolvedPolicy;
}

/** What holds when. A replay without events has one phase. */
export interface Timeline {
  /** At least one, ascending; each later one begins at a time of its own. */
  readonly phases: readonly Phase[];
  /** Every rule of any phase: `rules[resolved.index]`. */
  readonly rules: readonly Rule[];
}

/** Follows references at every moment. Rules keep one number throughout, interfaces their position. */
export function resolveTimeline(first: VpcDescription, moments: readonly Moment[] = []): Timeline {
  const { rules, numberOf } = numberRules();
  const phases = [{ fromNs: 0n, events: [] as string[], description: first }];
  for (const { fromNs, text, description } of moments) {
    const last = phases.at(-1)!;
    // What happens at one time is one change.
    if (phases.length > 1 && last.fromNs === fromNs) {
      last.events.push(text);
      last.description = description;
    } else {
      phases.push({ fromNs, events: [text], description });
    }
  }
  return {
    phases: phases.map(({ fromNs, events, description }) => ({
      fromNs,
      events,
      description,
      policy: resolvePolicy(description, numberOf),
    })),
    rules,
  };
}

/**
 * The timeline with what `change` makes of each phase's description. Rules keep their numbers and new ones follow them;
 * interfaces that a phase's policy leaves out stay out.
 */
export function changeTimeline(
  timeline: Timeline,
  change: (description: VpcDescription) => VpcDescription,
): Timeline {
  const { rules, numberOf } = numberRules(timeline.rules);
  const phases = timeline.phases.map((phase): Phase => {
    const description = change(phase.description);
    if (description === phase.description) return phase;
    const seen = new Set(phase.policy.interfaces.map(({ eni }) => eni.id));
    const policy = resolvePolicy(description, numberOf);
    const interfaces = policy.interfaces.filter(({ eni }) => seen.has(eni.id));
    return { ...phase, description, policy: { ...policy, interfaces } };
  });
  return { phases, rules };
}

/** Numbers rules by their groups and ids, in the order in which they are seen. */
function numberRules(known: readonly Rule[] = []): {
  readonly rules: readonly Rule[];
  readonly numberOf: (rule: Rule) => number;
} {
  const keyOf = ({ groupId, id }: Rule): string => JSON.stringify([groupId, id]);
  const rules = [...known];
  const numbers = new Map(known.map((rule, number) => [keyOf(rule), number]));
  return {
    rules,
    numberOf: (rule) => {
      const key = keyOf(rule);
      const number = numbers.get(key);
      if (number !== undefined) return number;
      numbers.set(key, rules.length);
      return rules.push(rule) - 1;
    },
  };
}
