import { all, always, negated, type Condition, type Load, type Value } from './condition.js';
import type { Arithmetic, Primitive } from './expression.js';
import { isFirstFragment, protocolIs } from './header-test.js';
import { isType, networkBytes, transportBytes, type Layers } from './layers.js';
import { IPV4, IPV6 } from './link.js';
import { PROTOCOL_WORDS, LINK_WORDS } from './protocol-names.js';

type RelationQuestion = Extract<Primitive, { kind: 'relation' }>;
type LoadQuestion = Extract<Arithmetic, { kind: 'load' }>;

/** A comparison, true only of frames that have the layers whose bytes it reads. */
export function relationOf(layers: Layers, { operator, left, right }: RelationQuestion): Condition {
  const needs = [...needsOf(layers, left), ...needsOf(layers, right)];
  const [a, b] = [valueOf(layers, left), valueOf(layers, right)];
  return all(...needs, comparison(operator, a, b));
}

function comparison(operator: RelationQuestion['operator'], left: Value, right: Value): Condition {
  switch (operator) {
    case '=':
      return compared('equal', left, right);
    case '!=':
      return negated(compared('equal', left, right));
    case '>':
      return compared('above', left, right);
    case '>=':
      return compared('from', left, right);
    case '<':
      return negated(compared('from', left, right));
    case '<=':
      return negated(compared('above', left, right));
  }
}

/** Bytes at a fixed place, perhaps masked, are a plain test, which shares its load with others. */
function compared(compare: 'equal' | 'above' | 'from', left: Value, right: Value): Condition {
  if (right.kind === 'number') {
    const { value, mask } = maskOf(left);
    const load = fixedLoad(value);
    if (load !== undefined) return { kind: 'test', load, mask, compare, value: right.value };
  }
  if (left.kind === 'number' && right.kind === 'number')
    return always(holds(compare, left.value, right.value));
  return { kind: 'relation', compare, left, right };
}

function holds(compare: 'equal' | 'above' | 'from', left: number, right: number): boolean {
  return compare === 'equal' ? left === right : compare === 'above' ? left > right : left >= right;
}

function maskOf(value: Value): { value: Value; mask: number } {
  if (value.kind === 'binary' && value.operator === '&' && value.right.kind === 'number')
    return { value: value.left, mask: value.right.value };
  return { value, mask: 0xffff_ffff };
}

/** Negative offsets reach in front of the layer, as in libpcap's optimized code. */
function fixedLoad(value: Value): Load | undefined {
  if (value.kind !== 'load' || value.index.kind !== 'number') return undefined;
  return { ...value.load, at: (value.load.at + value.index.value) >>> 0 };
}

/**
 * The layers that a value needs. Of a calculation, only those of its first operand: libpcap forgets the others, and
 * counts are to agree with tcpdump's.
 */
function needsOf(layers: Layers, value: Arithmetic): Condition[] {
  switch (value.kind) {
    case 'number':
    case 'length':
      return [];
    case 'negate':
      return needsOf(layers, value.operand);
    case 'binary':
      return needsOf(layers, value.left);
    case 'load':
      return layerNeeds(layers, value);
  }
}

function layerNeeds(layers: Layers, { layer, index, span }: LoadQuestion): Condition[] {
  const inner = needsOf(layers, index);
  if (LINK_WORDS.has(layer)) return inner;
  const word = PROTOCOL_WORDS.get(layer)!;
  if (word.kind === 'ether-type') return [...inner, isType(layers, span, word.value)];
  const { number } = word;
  if (word.layer === 'ip6') return [...inner, protocolFirst(layers, span, number)];
  return [
    isType(layers, span, IPV4),
    ...inner,
    protocolIs(layers, span, word.layer, number),
    isFirstFragment(layers, span),
  ];
}

/** The protocol right behind the fixed IPv6 header: there alone its bytes stand where they are read. */
function protocolFirst(layers: Layers, span: LoadQuestion['span'], number: number): Condition {
  const next: Load = networkBytes(layers, span, 6, 1);
  const is: Condition = {
    kind: 'test',
    load: next,
    mask: 0xffff_ffff,
    compare: 'equal',
    value: number,
  };
  return all(isType(layers, span, IPV6), is);
}

function valueOf(layers: Layers, value: Arithmetic): Value {
  switch (value.kind) {
    case 'number':
    case 'length':
      return value;
    case 'negate':
      return { kind: 'negate', operand: valueOf(layers, value.operand) };
    case 'binary': {
      const { operator, left, right } = value;
      return {
        kind: 'binary',
        operator,
        left: valueOf(layers, left),
        right: valueOf(layers, right),
      };
    }
    case 'load':
      return { kind: 'load', load: loadOf(layers, value), index: valueOf(layers, value.index) };
  }
}

function loadOf(layers: Layers, { layer, size, span }: LoadQuestion): Load {
  // Also of link types that are otherwise not looked into.
  if (LINK_WORDS.has(layer)) return { at: layers.link?.header ?? 0, size };
  const word = PROTOCOL_WORDS.get(layer)!;
  if (word.kind === 'ether-type') return networkBytes(layers, span, 0, size);
  return transportBytes(layers, span, word.layer === 'ip6' ? 6 : 4, 0, size);
}
