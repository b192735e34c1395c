import { ruleIdentity } from '../model/rule-identity.js';
import type { Peer, Rule } from '../model/security-group.js';
import { indexBoxes } from './box-index.js';
import { type Box, boxesOf, remainder } from './rule-space.js';

/** Rules on both sides that tell of one change; a side may be empty. */
export interface ChangedRules {
  readonly before: readonly Rule[];
  readonly after: readonly Rule[];
  /** What is admitted no more, and what is admitted now. */
  readonly lost: readonly Box[];
  readonly gained: readonly Box[];
}

/**
 * How two lists of rules of one group and direction differ in what they admit. Order, ids, descriptions, duplicates and the way
 * in which ports and blocks are cut into rules do not matter, but as far as tracking sees them: see rule-space.ts. Rules that
 * overlap or have one id are told of together, and so is a rule that gave way to one with the same traffic or the same peer.
 */
export function changedRules(before: readonly Rule[], after: readonly Rule[]): ChangedRules[] {
  const old = onlyIn(before, after);
  const fresh = onlyIn(after, before);
  if (old.length === 0 && fresh.length === 0) return [];
  const oldSides = sidesOf(old, after);
  const freshSides = sidesOf(fresh, before);
  const parts = connect(oldSides, freshSides).filter(
    ({ lost, gained }) => lost.length > 0 || gained.length > 0,
  );
  return pairAlike(pairAlike(parts, trafficKey), peerKey);
}

/** A rule that stands on one side only, and what of it the other side does not admit. */
interface Side {
  readonly rule: Rule;
  readonly boxes: readonly Box[];
  readonly missing: readonly Box[];
}

/** Each once. */
function onlyIn(rules: readonly Rule[], others: readonly Rule[]): Rule[] {
  const known = new Set(others.map(ruleIdentity));
  return rules.filter((rule) => {
    const identity = ruleIdentity(rule);
    if (known.has(identity)) return false;
    known.add(identity);
    return true;
  });
}

function sidesOf(rules: readonly Rule[], others: readonly Rule[]): Side[] {
  const index = indexBoxes(others.flatMap(boxesOf).map((box) => ({ box, value: box })));
  return rules.map((rule) => {
    const boxes = boxesOf(rule);
    const missing = boxes.flatMap((box) => remainder([box], index.overlapping(box)));
    return { rule, boxes, missing };
  });
}

/** Puts rules together that overlap across the sides, or have one id; a rule of one side alone stays by itself. */
function connect(old: readonly Side[], fresh: readonly Side[]): ChangedRules[] {
  const all = [...old, ...fresh];
  const parent = all.map((_, i) => i);
  const rootOf = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root]!;
    parent[i] = root;
    return root;
  };
  const join = (one: number, other: number): void => {
    const [a, b] = [rootOf(one), rootOf(other)];
    parent[Math.max(a, b)] = Math.min(a, b);
  };
  const places = fresh.map((side, j) => ({ ...side, place: old.length + j }));
  const index = indexBoxes(
    places.flatMap(({ boxes, place }) => boxes.map((box) => ({ box, value: place }))),
  );
  const byId = new Map(
    places.filter(({ rule }) => isAwsId(rule.id)).map(({ rule, place }) => [rule.id, place]),
  );
  for (const [i, { rule, boxes }] of old.entries()) {
    const same = byId.get(rule.id);
    if (same !== undefined) join(i, same);
    for (const box of boxes) for (const place of index.overlapping(box)) join(i, place);
  }
  const members = new Map<number, { before: Side[]; after: Side[] }>();
  for (const [i, side] of all.entries()) {
    const root = rootOf(i);
    const part = members.get(root) ?? { before: [], after: [] };
    members.set(root, part);
    (i < old.length ? part.before : part.after).push(side);
  }
  return [...members.values()].map(({ before, after }) => ({
    before: before.map(({ rule }) => rule),
    after: after.map(({ rule }) => rule),
    lost: before.flatMap(({ missing }) => missing),
    gained: after.flatMap(({ missing }) => missing),
  }));
}

/** Where no document tells the id of a rule, its position stands for it. */
const isAwsId = (id: string): boolean => id.startsWith('sgr-');

/** Puts the first rule that is gone together with the first new one that has the same key. */
function pairAlike(parts: readonly ChangedRules[], keyOf: (rule: Rule) => string): ChangedRules[] {
  const isGone = ({ after }: ChangedRules): boolean => after.length === 0;
  const isNew = ({ before }: ChangedRules): boolean => before.length === 0;
  const fresh = new Map<string, ChangedRules[]>();
  for (const part of parts.filter(isNew)) {
    const key = keyOf(part.after[0]!);
    fresh.set(key, [...(fresh.get(key) ?? []), part]);
  }
  const used = new Set<ChangedRules>();
  const paired = parts.map((part): ChangedRules => {
    if (!isGone(part)) return part;
    const mate = fresh.get(keyOf(part.before[0]!))?.shift();
    if (mate === undefined) return part;
    used.add(mate);
    return { before: part.before, after: mate.after, lost: part.lost, gained: mate.gained };
  });
  return paired.filter((part) => !used.has(part));
}

const trafficKey = ({ traffic, peer }: Rule): string => JSON.stringify([traffic, familyOf(peer)]);

const peerKey = (rule: Rule): string => {
  const { traffic } = rule;
  return JSON.stringify([traffic.kind === 'all' ? 'all' : traffic.protocol, ...peerText(rule)]);
};

const peerText = (rule: Rule): string[] =>
  boxesOf(rule).map(({ peers, low, high }) => [peers, low[2], high[2]].join(' '));

const familyOf = (peer: Peer): number => (peer.kind === 'cidr' ? peer.prefix.family : 0);
