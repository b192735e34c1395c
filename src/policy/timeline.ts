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
  const numbers = new Map<string, number>();
  const rules: Rule[] = [];
  const numberOf = (rule: Rule): number => {
    const key = JSON.stringify([rule.groupId, rule.id]);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, rules.length);
    return rules.push(rule) - 1;
  };
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
