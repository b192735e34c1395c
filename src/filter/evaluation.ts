import {
  FILTER_ADD,
  FILTER_ADD_INDEX,
  FILTER_AND,
  FILTER_AND_INDEX,
  FILTER_DIVIDE,
  FILTER_DIVIDE_INDEX,
  FILTER_HEADER_LENGTH,
  FILTER_LOAD_BYTE,
  FILTER_LOAD_BYTE_AT,
  FILTER_LOAD_HALF,
  FILTER_LOAD_HALF_AT,
  FILTER_LOAD_LENGTH,
  FILTER_LOAD_NUMBER,
  FILTER_LOAD_SCRATCH,
  FILTER_LOAD_WORD,
  FILTER_LOAD_WORD_AT,
  FILTER_MULTIPLY,
  FILTER_MULTIPLY_INDEX,
  FILTER_NEGATE,
  FILTER_OR,
  FILTER_OR_INDEX,
  FILTER_REMAINDER,
  FILTER_REMAINDER_INDEX,
  FILTER_SCRATCH_WORDS,
  FILTER_SHIFT_LEFT,
  FILTER_SHIFT_LEFT_INDEX,
  FILTER_SHIFT_RIGHT,
  FILTER_SHIFT_RIGHT_INDEX,
  FILTER_STORE_SCRATCH,
  FILTER_SUBTRACT,
  FILTER_SUBTRACT_INDEX,
  FILTER_TO_INDEX,
  FILTER_XOR,
  FILTER_XOR_INDEX,
} from '../kernel/layout.js';
import { emit, type Assembly, type Edge } from './assembly.js';
import type { Load, Value } from './condition.js';

const ALL = 0xffff_ffff;
const LOADS = { 1: FILTER_LOAD_BYTE, 2: FILTER_LOAD_HALF, 4: FILTER_LOAD_WORD } as const;
const LOADS_AT = {
  1: FILTER_LOAD_BYTE_AT,
  2: FILTER_LOAD_HALF_AT,
  4: FILTER_LOAD_WORD_AT,
} as const;

/** What the registers hold behind an instruction, as edges tell it. */
type Registers = Pick<Edge, 'a' | 'x'>;

/** Brings masked bytes of a fixed place into A, unless every way here has left them there. */
export function accumulate(
  assembly: Assembly,
  load: Load,
  mask: number,
  incoming: readonly Edge[],
): Registers {
  const bytes = `${load.at}:${load.size}:${load.behindIpv4 ?? ''}`;
  const masked = mask === ALL ? bytes : `${bytes}&${mask}`;
  let x = sharedRegister(incoming, 'x');
  const a = sharedRegister(incoming, 'a');
  if (a === masked) return { a, x };
  if (a !== bytes) {
    if (load.behindIpv4 === undefined) emit(assembly, LOADS[load.size], load.at);
    else {
      if (x !== String(load.behindIpv4)) emit(assembly, FILTER_HEADER_LENGTH, load.behindIpv4);
      x = String(load.behindIpv4);
      emit(assembly, LOADS_AT[load.size], load.at);
    }
  }
  if (mask !== ALL) emit(assembly, FILTER_AND, mask);
  return { a: masked, x };
}

function sharedRegister(edges: readonly Edge[], name: 'a' | 'x'): string | undefined {
  const held = edges[0]?.[name];
  return edges.every((edge) => edge[name] === held) ? held : undefined;
}

/** Calculates a value into A. Scratch words from `free` on are unused. */
export function evaluate(assembly: Assembly, value: Value, free: number): void {
  switch (value.kind) {
    case 'number':
      emit(assembly, FILTER_LOAD_NUMBER, value.value);
      break;
    case 'length':
      emit(assembly, FILTER_LOAD_LENGTH, 0);
      break;
    case 'negate':
      evaluate(assembly, value.operand, free);
      emit(assembly, FILTER_NEGATE, 0);
      break;
    case 'load':
      if (value.index.kind === 'number') {
        loadFixed(assembly, value.load, value.index.value);
        break;
      }
      evaluate(assembly, value.index, free);
      if (value.load.behindIpv4 !== undefined) {
        emit(assembly, FILTER_HEADER_LENGTH, value.load.behindIpv4);
        emit(assembly, FILTER_ADD_INDEX, 0);
      }
      emit(assembly, FILTER_TO_INDEX, 0);
      emit(assembly, LOADS_AT[value.load.size], value.load.at);
      break;
    case 'binary': {
      const { operator, left, right } = value;
      const [byNumber, byIndex] = OPERATIONS[operator];
      if (right.kind === 'number') {
        evaluate(assembly, left, free);
        emit(assembly, byNumber, right.value);
      } else {
        operate(assembly, left, right, free);
        emit(assembly, byIndex, 0);
      }
    }
  }
}

function loadFixed(assembly: Assembly, { at, size, behindIpv4 }: Load, index: number): void {
  if (behindIpv4 !== undefined) emit(assembly, FILTER_HEADER_LENGTH, behindIpv4);
  emit(assembly, (behindIpv4 === undefined ? LOADS : LOADS_AT)[size], at + index);
}

/** Calculates two values into A and X. */
export function operate(assembly: Assembly, left: Value, right: Value, free: number): void {
  if (free >= FILTER_SCRATCH_WORDS) throw assembly.tooLarge();
  evaluate(assembly, left, free);
  emit(assembly, FILTER_STORE_SCRATCH, free);
  evaluate(assembly, right, free + 1);
  emit(assembly, FILTER_TO_INDEX, 0);
  emit(assembly, FILTER_LOAD_SCRATCH, free);
}

/** By a number, and by X. */
const OPERATIONS = {
  '+': [FILTER_ADD, FILTER_ADD_INDEX],
  '-': [FILTER_SUBTRACT, FILTER_SUBTRACT_INDEX],
  '*': [FILTER_MULTIPLY, FILTER_MULTIPLY_INDEX],
  '/': [FILTER_DIVIDE, FILTER_DIVIDE_INDEX],
  '%': [FILTER_REMAINDER, FILTER_REMAINDER_INDEX],
  '&': [FILTER_AND, FILTER_AND_INDEX],
  '|': [FILTER_OR, FILTER_OR_INDEX],
  '^': [FILTER_XOR, FILTER_XOR_INDEX],
  '<<': [FILTER_SHIFT_LEFT, FILTER_SHIFT_LEFT_INDEX],
  '>>': [FILTER_SHIFT_RIGHT, FILTER_SHIFT_RIGHT_INDEX],
} as const;
