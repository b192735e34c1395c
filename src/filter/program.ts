import type { Condition, Join, Relation, Test } from './condition.js';
import { ENTRY, emit, point, type Assembly, type Edge } from './assembly.js';
import { addFact, outcomeOf, sharedFacts } from './facts.js';
import { accumulate, evaluate, operate } from './evaluation.js';
import {
  FILTER_ACCEPT,
  FILTER_IF_ABOVE,
  FILTER_IF_ABOVE_INDEX,
  FILTER_IF_EQUAL,
  FILTER_IF_EQUAL_INDEX,
  FILTER_IF_FROM,
  FILTER_IF_FROM_INDEX,
  FILTER_IF_SET,
  FILTER_REJECT,
} from '../kernel/layout.js';

/** Where control leaves a condition that held, and one that did not. */
interface Exits {
  readonly yes: Edge[];
  readonly no: Edge[];
}

/**
 * Instructions for a condition: see kernel/layout.ts. Written in one pass, as every jump leads ahead: what is written
 * next is reached by the edges that still lead nowhere. Throws what `tooLarge` makes.
 */
export function programOf(condition: Condition, tooLarge: () => Error): Uint32Array<ArrayBuffer> {
  const assembly: Assembly = { words: [], tooLarge };
  const { yes, no } = write(assembly, condition, [ENTRY]);
  // The entry leads to the first instruction, so whichever end it reaches stands there.
  const accepts = yes.includes(ENTRY) || !no.includes(ENTRY);
  for (const accept of [accepts, !accepts]) {
    point(assembly, accept ? yes : no);
    emit(assembly, accept ? FILTER_ACCEPT : FILTER_REJECT, 0);
  }
  return Uint32Array.from(assembly.words);
}

function write(assembly: Assembly, condition: Condition, incoming: Edge[]): Exits {
  if (incoming.length === 0) return { yes: [], no: [] };
  switch (condition.kind) {
    case 'constant':
      return condition.value ? { yes: incoming, no: [] } : { yes: [], no: incoming };
    case 'not': {
      const { yes, no } = write(assembly, condition.operand, incoming);
      return { yes: no, no: yes };
    }
    case 'chain':
      return writeChain(assembly, condition.first, condition.rest, incoming);
    case 'test':
      return writeTest(assembly, condition, incoming);
    case 'relation':
      return writeRelation(assembly, condition, incoming);
  }
}

function writeChain(
  assembly: Assembly,
  first: Condition,
  rest: readonly Join[],
  incoming: Edge[],
): Exits {
  let { yes, no } = write(assembly, first, incoming);
  for (const { join, term } of rest) {
    const exits = write(assembly, term, join === 'and' ? yes : no);
    if (join === 'and') {
      yes = exits.yes;
      no = append(no, exits.no);
    } else {
      no = exits.no;
      yes = append(yes, exits.yes);
    }
  }
  return { yes, no };
}

/** The first array grows, so that a long chain takes time linear in its length. */
function append(edges: Edge[], more: readonly Edge[]): Edge[] {
  for (const edge of more) edges.push(edge);
  return edges;
}

const JUMPS = {
  equal: FILTER_IF_EQUAL,
  above: FILTER_IF_ABOVE,
  from: FILTER_IF_FROM,
  set: FILTER_IF_SET,
} as const;
const INDEX_JUMPS = {
  equal: FILTER_IF_EQUAL_INDEX,
  above: FILTER_IF_ABOVE_INDEX,
  from: FILTER_IF_FROM_INDEX,
} as const;

/** Edges that earlier tests have decided go past; a load that all others have made is not made again. */
function writeTest(assembly: Assembly, test: Test, incoming: Edge[]): Exits {
  const [yes, no, open]: [Edge[], Edge[], Edge[]] = [[], [], []];
  for (const edge of incoming) {
    const outcome = outcomeOf(edge.facts, test);
    (outcome === undefined ? open : outcome ? yes : no).push(edge);
  }
  if (open.length === 0) return { yes, no };
  point(assembly, open);
  const registers = accumulate(assembly, test.load, test.mask, open);
  const at = emit(assembly, JUMPS[test.compare], test.value);
  const facts = sharedFacts(open);
  yes.push({ at, taken: true, facts: addFact(facts, test, true), ...registers });
  no.push({ at, taken: false, facts: addFact(facts, test, false), ...registers });
  return { yes, no };
}

function writeRelation(assembly: Assembly, relation: Relation, incoming: Edge[]): Exits {
  point(assembly, incoming);
  const facts = sharedFacts(incoming);
  const { compare, left, right } = relation;
  let at: number;
  if (right.kind === 'number') {
    evaluate(assembly, left, 0);
    at = emit(assembly, JUMPS[compare], right.value);
  } else {
    operate(assembly, left, right, 0);
    at = emit(assembly, INDEX_JUMPS[compare], 0);
  }
  return { yes: [{ at, taken: true, facts }], no: [{ at, taken: false, facts }] };
}
